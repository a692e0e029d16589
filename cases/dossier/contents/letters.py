"""What its unit was written."""

from collections.abc import Iterable

from cases.dossier.parts import Asked, Block, Facts, Heading, Part, Table, Text
from cases.models import Case
from records.models import Letter, LetterDelivery
from records.words import full_moment, second


def part(case: Case, asked: Asked) -> Iterable[Part]:
    """Those to units. What an objector was written would tell who it was."""
    rows = case.letters.filter(audience=Letter.Audience.UNIT).select_related("organisation")
    rows = rows.prefetch_related("deliveries__person").order_by("written_at", "pk")
    blocks = [block for letter in rows for block in _letter(letter)]
    if blocks:
        yield Part("信件", blocks)


def _letter(letter: Letter) -> list[Block]:
    return [
        Heading(letter.subject),
        Facts(
            [
                ("写信时间", second(letter.written_at)),
                ("写给", str(letter.organisation)),
                ("依据", letter.article),
            ]
        ),
        Text(letter.body),
        Table(["收信人", "邮件", "在平台打开"], [_delivery(one) for one in letter.deliveries.all()]),
    ]


def _delivery(one: LetterDelivery) -> list[str]:
    sent = f"，{full_moment(one.sent_at)}" if one.sent_at else ""
    read = full_moment(one.read_at) if one.read_at else "没有打开"
    return [one.person.display_name if one.person else "", f"{one.get_state_display()}{sent}", read]
