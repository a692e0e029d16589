"""Chinese days and the components of portal.css that are more than a class. `now` in the context is the moment of the page."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import wraps
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.http import QueryDict
from django.urls import reverse

from records import clock, faces, words

register = template.Library()
MOST_PIPS = 12


def page_now(context: template.Context) -> datetime:
    return context.get("now") or clock.now()


def _filter(name: str) -> Callable[[Callable[..., str]], Callable[..., str]]:
    """Nothing in, nothing out: a missing date leaves a gap that the page names itself (未规定, 未设置)."""

    def register_blank_safe(function: Callable[..., str]) -> Callable[..., str]:
        @wraps(function)
        def blank_safe(value: Any, *args: Any) -> str:
            return "" if value in (None, "") else function(value, *args)

        register.filter(name, blank_safe)
        return blank_safe

    return register_blank_safe


_filter("fullday")(words.full_day)
_filter("fullmoment")(words.full_moment)
_filter("second")(words.second)
_filter("weekday")(words.weekday)
_filter("fullcloses")(words.full_closes)
_filter("filesize")(words.file_size)
_filter("money")(words.money)
register.filter("tally", faces.tally)


@_filter("day")
def day(value: date) -> str:
    return words.day(value, clock.today())


@_filter("moment")
def moment(value: datetime) -> str:
    return words.moment(value, clock.today())


@_filter("closes")
def closes(value: datetime) -> str:
    return words.closes(value, clock.today())


@_filter("days_left")
def days_left(value: datetime) -> str:
    return words.days_left(value, clock.now())


@register.simple_tag
def portal_name() -> str:
    """Not a variable, because Django's login and reset pages call the host `site_name`."""
    return str(settings.PORTAL_SITE_NAME)


@register.filter
def own_words(text: Any) -> str:
    """An exception's message where it is ours: Django's own are English and meant for developers."""
    return str(text) if any("一" <= letter <= "鿿" for letter in str(text)) else ""


@register.inclusion_tag("includes/due.html", takes_context=True)
def due(context: template.Context, deadline: Any) -> dict[str, Any]:
    now = page_now(context)
    return {"deadline": deadline, "face": faces.due(deadline, now), "today": words.local_day(now)}


@register.inclusion_tag("includes/day_strip.html")
def day_strip(
    days: Iterable[Any], today: date | None = None, unit: str = "calendar", closes_at: datetime | None = None
) -> dict[str, Any]:
    return {"days": faces.day_strip(days, today, unit, closes_at)}


@register.inclusion_tag("includes/day_strip.html", takes_context=True)
def deadline_days(context: template.Context, deadline: Any) -> dict[str, Any]:
    """Why a deadline ends when it ends, day by day."""
    today = words.local_day(page_now(context))
    return {"days": faces.day_strip(deadline.counted, today, deadline.unit, deadline.closes_at)}


@register.inclusion_tag("includes/checks.html")
def checks(findings: Iterable[Any]) -> dict[str, Any]:
    rows = [
        (finding, faces.VERDICTS[faces.attribute(finding, "state")])
        for finding in faces.worst_first(findings)
    ]
    return {"rows": rows}


@register.inclusion_tag("includes/cite.html")
def cite(article: Any, url: str = "") -> dict[str, Any]:
    return {"article": article, "url": url}


@register.inclusion_tag("includes/pips.html")
def pips(used: int, total: int) -> dict[str, Any]:
    """Decoration beside the words that say the same; too many to count at a glance are not drawn."""
    return {"pips": [place < used for place in range(total)] if total <= MOST_PIPS else []}


@register.inclusion_tag("includes/pages.html", takes_context=True)
def pages(context: template.Context, page_obj: Page[Any], querystring: str | None = None) -> dict[str, Any]:
    """Links keep every other parameter; without `querystring` those of the request."""
    request = context.get("request")
    query = QueryDict(
        querystring if querystring is not None else request.META["QUERY_STRING"] if request else "",
        mutable=True,
    )

    def link(number: int) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    elided = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=2, on_ends=1)
    numbers = [(number, link(number) if isinstance(number, int) else "") for number in elided]
    return {
        "page": page_obj,
        "numbers": numbers,
        "previous": link(page_obj.number - 1) if page_obj.has_previous() else "",
        "next": link(page_obj.number + 1) if page_obj.has_next() else "",
    }


@register.inclusion_tag("includes/stages.html")
def stages(rows: Iterable[Any]) -> dict[str, Any]:
    return {"rows": [(row, faces.STAGE_WORDS.get(faces.attribute(row, "state"), "")) for row in rows]}


@register.inclusion_tag("includes/timeline.html")
def timeline(events: Iterable[Any]) -> dict[str, Any]:
    """Objects or dicts with at, actor_name, summary, and where known article, article_url, note, note_url."""
    return {"events": events}


@register.inclusion_tag("includes/nav_link.html", takes_context=True)
def nav_link(
    context: template.Context, name: str, label: str, count: int = 0, *, alone: bool = False
) -> dict[str, Any]:
    """A place in the navigation; `page` on it, `true` anywhere under it, unless it is on `alone`, because others of the same
    navigation lie under it. `count` says how much there is new."""
    url, request = reverse(name), context.get("request")
    path = request.path if request else ""
    is_under = not alone and url != reverse("home") and path.startswith(url)
    current = "page" if path == url else "true" if is_under else ""
    return {"url": url, "label": label, "current": current, "count": count}
