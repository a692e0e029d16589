"""What documents add to the dossier of a case: each that was issued of it, with its file and the scan of its sealed copy."""

from collections.abc import Iterable

from django.db.models import Q

from cases import dossier
from cases.dossier import Asked, Block, Enclosed, Facts, Heading, Part, Place, Text
from cases.dossier.contents.materials import of_file
from cases.models import Case
from notices.models import Notice
from records.words import full_day, second


def register() -> None:
    dossier.register(Place.NOTICES, documents)


def documents(case: Case, asked: Asked) -> Iterable[Part]:
    """Of the case itself, of a publicity that showed it and of the edition that it was published in."""
    about = Q(case=case) | Q(period__items__case=case)
    if case.edition_id:
        about |= Q(edition=case.edition_id)
    rows = Notice.objects.filter(pk__in=Notice.objects.filter(about).values("pk"))
    rows = rows.select_related("file", "sealed", "decided_by").prefetch_related(
        "about__earlier", "followed_by__notice"
    )
    found = list(rows.order_by("decided_at", "code"))
    if found:
        blocks = [block for notice in found for block in _document(notice)]
        yield Part("公文", blocks, "公文", [one for notice in found for one in _files(notice)])


def _document(notice: Notice) -> list[Block]:
    return [
        Heading(f"{notice.kind_title}：{notice.title}"),
        Facts(
            [
                ("发文字号", notice.number),
                ("发文机关", "、".join(notice.issuers)),
                ("主送", notice.addressees),
                ("成文日期", full_day(notice.written_on)),
                ("决定", _decided(notice)),
                ("状态", notice.state_title),
                ("发布时间", second(notice.issued_at) if notice.issued_at else ""),
                ("查验码", notice.code),
                ("撤回", _withdrawn(notice)),
                ("更正或撤回", "；".join(_links(notice))),
            ]
        ),
        Text(notice.body),
    ]


def _decided(notice: Notice) -> str:
    by = f"，{notice.decided_by.display_name}" if notice.decided_by else ""
    return f"{second(notice.decided_at)}{by}"


def _withdrawn(notice: Notice) -> str:
    return f"{second(notice.withdrawn_at)}：{notice.withdrawn_reason}" if notice.withdrawn_at else ""


def _links(notice: Notice) -> Iterable[str]:
    for link in notice.about.all():
        yield f"本文{link.get_does_display()}《{link.earlier}》"
    for link in notice.followed_by.all():
        yield f"本文由《{link.notice}》{link.get_does_display()}"


def _files(notice: Notice) -> Iterable[Enclosed]:
    for stored, what in ((notice.file, "公文"), (notice.sealed, "盖章扫描件")):
        if stored:
            yield of_file(stored, f"{what} {notice}")
