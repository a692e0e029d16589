"""Reads of what was issued. What is not issued yet is not there."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from cases.models import Case
from cities.models import Programme
from notices import codes
from notices.models import Notice, NoticeLink
from publicity.models import PublicityItem


def out() -> QuerySet[Notice]:
    """Latest first. A document that was withdrawn before it was issued has never been out."""
    rows = marked(Notice.objects.filter(state__in=Notice.OUT, issued_at__isnull=False))
    return rows.select_related("programme__city").order_by("-issued_at", "-code")


def marked(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    """Each with when it was revoked and corrected, by what is out (`ended_tag.html`)."""
    return rows.annotate(
        revoked_at=Subquery(_since(NoticeLink.Does.REVOKES)),
        corrected_at=Subquery(_since(NoticeLink.Does.CORRECTS)),
    )


def _since(does: str) -> QuerySet[Any]:
    links = NoticeLink.objects.filter(earlier=OuterRef("pk"), does=does, notice__state=Notice.State.ISSUED)
    return links.order_by("notice__issued_at").values("notice__issued_at")[:1]


def public() -> QuerySet[Notice]:
    return out().filter(is_public=True)


def listed(programme: Programme | None = None, sought: str = "") -> QuerySet[Notice]:
    """What a list shows of each, without its tables."""
    rows = public().defer("attachments", "fonts", "facts")
    if programme:
        rows = rows.filter(programme=programme)
    for word in sought.split():
        rows = rows.filter(_holds(word))
    return rows


def _holds(word: str) -> Q:
    """Also in the table of a document that names no more than the first units in its words."""
    named = Notice.concerns.through.objects.filter(notice=OuterRef("pk"))
    found = Q(organisation__name__icontains=word) | Q(organisation__credit_code__iexact=word)
    return (
        Q(title__icontains=word)
        | Q(number__icontains=word)
        | Q(body__icontains=word, state=Notice.State.ISSUED)
        | Q(Exists(named.filter(found)), state=Notice.State.ISSUED)
    )


def whole() -> QuerySet[Notice]:
    return _whole(public())


def _whole(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    return rows.select_related("template", "file", "sealed", "edition", "period")


def by_code(typed: str) -> Notice | None:
    """Also one that is not public: who has its code has it on paper."""
    return _whole(out()).filter(code=codes.read(typed)).first()


def followers(notice: Notice) -> list[NoticeLink]:
    """What is about it, and what follows that, as far as it is out and for the same eyes."""
    return _along(notice, "earlier", "notice")


def earlier(notice: Notice) -> list[NoticeLink]:
    """What it is about, and from where that goes on."""
    return _along(notice, "notice", "earlier")


def _along(notice: Notice, since: str, to: str) -> list[NoticeLink]:
    """One query for each step of the ladder, which goes on where a document follows another. What ends or corrects a document is told
    of that one alone: further along it is a mark on it (`ended_tag.html`)."""
    seen = NoticeLink.objects.filter(**{f"{to}__in": _seen_with(notice)})
    found: list[NoticeLink] = []
    wave, known = {notice.pk}, {notice.pk}
    while wave:
        rows = seen.filter(**{f"{since}__in": wave}).order_by(f"{to}__issued_at")
        fresh = list(rows if not found else rows.filter(does=NoticeLink.Does.FOLLOWS))
        found += fresh
        wave = {getattr(row, f"{to}_id") for row in fresh if row.does == NoticeLink.Does.FOLLOWS} - known
        known |= wave
    ends = out().in_bulk([getattr(row, f"{to}_id") for row in found])
    for row in found:
        setattr(row, to, ends[getattr(row, f"{to}_id")])
    return found


def _seen_with(notice: Notice) -> QuerySet[Any]:
    return (public() if notice.is_public else out()).values("pk")


def brief() -> QuerySet[Notice]:
    """What a line says of each."""
    return public().defer("attachments", "fonts", "body", "facts")


def of_case(case: Case) -> QuerySet[Notice]:
    """What was decided in a case, the first first: its own documents, and those of its publicity and edition."""
    own = Q(case=case) | Q(period__in=PublicityItem.objects.filter(case=case).values("period"))
    if case.edition_id:
        own |= Q(edition=case.edition_id)
    rows = marked(Notice.objects.filter(own)).select_related("programme", "file")
    return rows.order_by("decided_at", "ordinal")


def cases_of(notice: Notice) -> list[Case]:
    """Whom it was decided on: one case, or all of its batch, its publicity or its edition."""
    found = Q(pk=notice.case_id)
    if notice.batch_id:
        found |= Q(batch=notice.batch_id)
    if notice.period_id:
        found |= Q(pk__in=PublicityItem.objects.filter(period=notice.period_id).values("case"))
    if notice.edition_id:
        found |= Q(edition=notice.edition_id)
    return list(Case.objects.filter(found))


def handed_out(case: Case) -> QuerySet[Notice]:
    """Those whose file whoever may see the case may have."""
    rows = of_case(case).filter(state=Notice.State.ISSUED)
    return rows.filter(Q(is_public=True) | Q(case=case))


def in_the_making(case: Case, since: datetime) -> QuerySet[Notice]:
    """What was decided of a case then, or is issued again since, and has no file yet."""
    return Notice.objects.filter(case=case, decided_at__gte=since, state=Notice.State.ISSUING)


@dataclass(frozen=True)
class Progress:
    """Of what was decided since the first that still waits: how many are out, of how many."""

    done: int
    of: int
    failed: int


def progress(rows: QuerySet[Notice]) -> Progress | None:
    """None where nothing waits."""
    waiting = rows.filter(state=Notice.State.ISSUING)
    first = waiting.order_by("decided_at").values_list("decided_at", flat=True).first()
    if first is None:
        return None
    counted = rows.filter(decided_at__gte=first).aggregate(
        of=Count("pk"),
        waiting=Count("pk", filter=Q(state=Notice.State.ISSUING)),
        failed=Count("pk", filter=Q(state=Notice.State.ISSUING) & ~Q(last_error="")),
    )
    return Progress(counted["of"] - counted["waiting"], counted["of"], counted["failed"])


@dataclass(frozen=True)
class Found:
    """Whose file an upload is: the one that was made here, or the scan of its sealed copy."""

    notice: Notice
    is_scan: bool


def by_file(chunks: Iterable[bytes]) -> Found | None:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    mark = digest.hexdigest()
    notice = _whole(out()).filter(Q(file__sha256=mark) | Q(sealed__sha256=mark)).first()
    if notice is None:
        return None
    return Found(notice, is_scan=notice.file is None or notice.file.sha256 != mark)
