"""Reads of what was issued. What is not issued yet is not there."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from cities.models import Programme
from notices import codes
from notices.models import Notice, NoticeLink


def public() -> QuerySet[Notice]:
    """Latest first. A document that was withdrawn before it was issued has never been public."""
    rows = Notice.objects.filter(state__in=Notice.PUBLIC, issued_at__isnull=False)
    return rows.select_related("programme__city").order_by("-issued_at", "-code")


def listed(programme: Programme | None = None, sought: str = "") -> QuerySet[Notice]:
    """What a list shows of each, without its tables."""
    rows = public().defer("attachments", "fonts")
    if programme:
        rows = rows.filter(programme=programme)
    for word in sought.split():
        rows = rows.filter(_holds(word))
    return rows


def _holds(word: str) -> Q:
    return (
        Q(title__icontains=word)
        | Q(number__icontains=word)
        | Q(body__icontains=word, state=Notice.State.ISSUED)
    )


def whole() -> QuerySet[Notice]:
    return public().select_related("template", "file", "sealed", "edition", "period")


def by_code(typed: str) -> Notice | None:
    return whole().filter(code=codes.read(typed)).first()


def followers(notice: Notice) -> list[NoticeLink]:
    """What corrects or withdraws it, as far as that is out."""
    rows = notice.followed_by.filter(notice__in=public().values("pk")).select_related("notice")
    return list(rows.order_by("notice__issued_at"))


def earlier(notice: Notice) -> list[NoticeLink]:
    rows = notice.about.filter(earlier__in=public().values("pk")).select_related("earlier")
    return list(rows.order_by("earlier__issued_at"))


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
    notice = whole().filter(Q(file__sha256=mark) | Q(sealed__sha256=mark)).first()
    if notice is None:
        return None
    return Found(notice, is_scan=notice.file is None or notice.file.sha256 != mark)
