"""What a programme has announced, or all of them, for whoever follows it with a reader."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from cities.models import Programme
from notices.models import Notice


def of_programme(programme: Programme, request: HttpRequest) -> Atom1Feed:
    page = reverse("programme_notices", args=[programme.slug])
    return _feed(f"{programme.city}{programme.name}公文", page, programme.authority, request)


def of_all(request: HttpRequest) -> Atom1Feed:
    name = settings.PORTAL_SITE_NAME
    return _feed(f"{name}公文", reverse("notices"), name, request)


def _feed(title: str, page: str, author: str, request: HttpRequest) -> Atom1Feed:
    return Atom1Feed(
        title=title,
        link=request.build_absolute_uri(page),
        description="",
        language="zh-Hans",
        feed_url=request.build_absolute_uri(),
        author_name=author,
    )


def filled(feed: Atom1Feed, rows: Iterable[Notice], request: HttpRequest) -> str:
    for notice in rows:
        _add(feed, notice, request)
    return feed.writeString("utf-8")


def _add(feed: Atom1Feed, notice: Notice, request: HttpRequest) -> None:
    """Under an id that stays when the site gets another address. What was withdrawn says so and no more."""
    is_withdrawn = notice.state == Notice.State.WITHDRAWN
    revoked_at = notice.revoked_at  # type: ignore[attr-defined]  # asked for with it (queries.out)
    ended = "已撤回：" if is_withdrawn else "已撤销：" if revoked_at else ""
    feed.add_item(
        title=f"{ended}{notice.title}",
        link=request.build_absolute_uri(reverse("notice", args=[notice.code])),
        description=f"已撤回：{notice.withdrawn_reason}" if is_withdrawn else notice.body,
        unique_id=f"urn:uuid:{notice.pk}",
        pubdate=notice.issued_at,
        updateddate=notice.withdrawn_at or revoked_at or notice.issued_at,
        categories=[notice.kind_title, str(notice.programme)],
        author_name="、".join(notice.issuers),
    )
