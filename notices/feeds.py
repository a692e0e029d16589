"""What a programme has announced, for whoever follows it with a reader."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from cities.models import Programme
from notices.models import Notice


def atom(programme: Programme, rows: Sequence[Notice], request: HttpRequest) -> str:
    feed = Atom1Feed(
        title=f"{programme.city}{programme.name}公文",
        link=request.build_absolute_uri(reverse("programme_notices", args=[programme.slug])),
        description="",
        language="zh-Hans",
        feed_url=request.build_absolute_uri(),
        author_name=programme.authority,
    )
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
        categories=[notice.kind_title],
        author_name="、".join(notice.issuers),
    )
