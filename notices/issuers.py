"""Who signs documents, as the office keeps it; and the numbers it has given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max

from cases.errors import Problem, Refused
from notices.models import Issuer, Notice, NumberSeries
from notices.numbering import DocumentNumber
from records import events

SAYS = ("key", "name", "number_word")


@transaction.atomic
def keep(issuer: Issuer, *, by: Any, at: datetime) -> None:
    """A new one, or another name. The word of its numbers stays from the first number on: two words in one series would read as two
    series with gaps."""
    before = Issuer.objects.select_for_update().filter(pk=issuer.pk).first()
    if before and before.number_word != issuer.number_word and before.series.exists():
        told = f"已经用“{before.number_word}”发过号，不能再改；换了机关代字的，另设一个发文机关"
        raise Refused("发文机关还不能保存", problems=[Problem("number_word", told)])
    if before and before.key != issuer.key:
        raise Refused("发文机关还不能保存", problems=[Problem("key", "代码是文书样式用的，定了就不改")])
    try:
        issuer.full_clean()
    except ValidationError as wrong:
        problems = [Problem(field, one) for field, told in wrong.message_dict.items() for one in told]
        raise Refused("发文机关还不能保存", problems=problems) from wrong
    issuer.save()
    events.record(
        "notice.issuer",
        f"{'改' if before else '设'}发文机关：{issuer.name}（{issuer.number_word}）",
        at=at,
        by=by,
        data={"key": issuer.key, "before": before.name if before else ""},
        city=issuer.city,
    )


@dataclass(frozen=True)
class Series:
    """The numbers of a year: given one after another, none taken back. `lacking` is empty unless somebody took rows away."""

    year: int
    last: str
    next: str
    given: int
    issued: int
    waiting: int
    withdrawn: int
    lacking: Sequence[int]


def series_of(issuer: Issuer) -> list[Series]:
    return [_series(one) for one in issuer.series.order_by("-year")]


def _series(one: NumberSeries) -> Series:
    rows = Notice.objects.filter(series=one)
    states = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    return Series(
        year=one.year,
        last=str(DocumentNumber(one, one.last)) if one.last else "",
        next=str(DocumentNumber(one, one.last + 1)),
        given=one.last,
        issued=states.get(Notice.State.ISSUED, 0),
        waiting=states.get(Notice.State.ISSUING, 0),
        withdrawn=states.get(Notice.State.WITHDRAWN, 0),
        lacking=_lacking(one),
    )


def _lacking(one: NumberSeries) -> list[int]:
    found = Notice.objects.filter(series=one).aggregate(Count("pk"), Max("ordinal"))
    if found["pk__count"] == one.last and (found["ordinal__max"] or 0) == one.last:
        return []
    there = set(Notice.objects.filter(series=one).values_list("ordinal", flat=True))
    return [number for number in range(1, one.last + 1) if number not in there]
