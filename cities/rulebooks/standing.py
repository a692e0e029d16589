"""When a version begins and ceases to bind. The end is the only thing of a published rulebook that may change."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from cities.models import Programme, Rulebook
from records import events
from records.words import full_day


class WrongEnd(ValueError):
    """Why a version cannot end on that day, in a user's words."""


def record_end(rulebook: Rulebook, *, ends_on: date | None, event: str, by: Any, at: datetime) -> Rulebook:
    """Staff record the last day a version binds and what happened. Raises WrongEnd if it cannot end then."""
    if not event.strip():
        raise WrongEnd("写明发生了什么、依据哪份文件，不能留空。")
    with transaction.atomic():
        current = locked(rulebook)
        if why := why_not_end(current, ends_on):
            raise WrongEnd(why)
        _end(current, ends_on, event, by=by, at=at)
    return current


def lock(programme: Programme) -> None:
    """One step of the life of a programme's rules at a time. Whoever only refers to the programme does not wait."""
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)


def locked(rulebook: Rulebook) -> Rulebook:
    """A fresh copy that nobody else takes a step with until the transaction ends."""
    lock(rulebook.programme)
    return Rulebook.objects.select_related("programme__city").get(pk=rulebook.pk)


def why_not_end(rulebook: Rulebook, ends_on: date | None) -> str:
    """Empty if the version may end on that day, None meaning that its end is open again."""
    if rulebook.standing != Rulebook.Standing.PUBLISHED:
        return f"{rulebook}是{rulebook.get_standing_display()}，只有已发布的规则才登记失效。"
    if ends_on and ends_on < rulebook.begins:
        return f"{full_day(ends_on)} 早于施行日期 {full_day(rulebook.begins)}。写施行当日或之后的一天。"
    following = (
        _published(rulebook).filter(effective_from__gt=rulebook.begins).order_by("effective_from").first()
    )
    if following and (ends_on is None or ends_on >= following.begins):
        return f"第 {following.version} 版 {full_day(following.begins)} 起施行，这一版最晚到前一天为止。"
    return ""


def in_the_way(rulebook: Rulebook) -> list[str]:
    """Why it cannot bind from its day on beside the published versions; none where the one before it can end for it."""
    return [_why_overlap(rulebook, other) for other in _beside(rulebook) if not _gives_way(other, rulebook)]


def make_way(rulebook: Rulebook, *, at: datetime, by: Any) -> None:
    """End the version before, if there is one, on the day before this one begins. Nothing else may be in the way."""
    last_day = rulebook.begins - timedelta(days=1)
    for other in _beside(rulebook):
        _end(other, last_day, f"第 {rulebook.version} 版次日起施行", by=by, at=at)


def _beside(rulebook: Rulebook) -> list[Rulebook]:
    """The published versions that would bind on some of the same days."""
    return [other for other in _published(rulebook) if _overlap(rulebook, other)]


def _gives_way(other: Rulebook, rulebook: Rulebook) -> bool:
    return rulebook.version > other.version and rulebook.begins > other.begins


def _published(rulebook: Rulebook) -> Any:
    others = Rulebook.objects.filter(programme=rulebook.programme_id, standing=Rulebook.Standing.PUBLISHED)
    return others.exclude(pk=rulebook.pk).select_related("programme__city").order_by("version")


def _overlap(one: Rulebook, other: Rulebook) -> bool:
    last = date.max
    return one.begins <= (other.effective_to or last) and other.begins <= (one.effective_to or last)


def _why_overlap(rulebook: Rulebook, other: Rulebook) -> str:
    until = full_day(other.effective_to) if other.effective_to else "至今没有失效"
    expected = (
        f"应晚于 {other.begins}"
        if rulebook.version > other.version
        else f"应写 effective_to，早于 {other.begins}"
    )
    return f"与第 {other.version} 版（{full_day(other.begins)} 起，{until}）同时有效（{expected}）"


def _end(rulebook: Rulebook, ends_on: date | None, event: str, *, by: Any, at: datetime) -> None:
    before = rulebook.effective_to
    rulebook.effective_to = ends_on
    rulebook.save(update_fields=["effective_to"])
    until = f"有效期至 {full_day(ends_on)}" if ends_on else "重新有效，失效日期待定"
    events.record(
        "end_rulebook",
        f"{rulebook}{until}：{event}",
        at=at,
        by=by,
        article=rulebook.validity_article,
        data={
            "version": rulebook.version,
            "before": str(before or ""),
            "after": str(ends_on or ""),
            "event": event,
        },
        programme=rulebook.programme,
        city=rulebook.programme.city,
    )
