"""Which version of a programme's rules the public is shown, and how it stands."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from cities.models import Programme, Rulebook
from records.words import full_day


@dataclass(frozen=True)
class Standing:
    """How a version stands on a day; `tag` is the class of its mark."""

    word: str
    tag: str
    sentence: str


def public_versions(programme: Programme) -> "QuerySet[Rulebook]":
    """Every version but drafts, the newest first."""
    return every_public_version().filter(programme=programme)


def every_public_version() -> "QuerySet[Rulebook]":
    """Every version of any programme but drafts, with all that its standing asks for."""
    rulebooks = Rulebook.objects.exclude(standing=Rulebook.Standing.DRAFT)
    return rulebooks.select_related("programme__city", "based_on").prefetch_related("following")


def shown_first(versions: list[Rulebook], at: datetime) -> Rulebook | None:
    """Of versions from the newest on: the one in force, else the next to begin, else the newest."""
    in_force = next((version for version in versions if version.is_in_force(at)), None)
    to_come = [one for one in versions if _is_to_come(one, at)]
    return in_force or min(to_come, key=lambda one: one.begins, default=None) or next(iter(versions), None)


def _is_to_come(rulebook: Rulebook, at: datetime) -> bool:
    is_published = rulebook.standing == Rulebook.Standing.PUBLISHED
    return is_published and timezone.localtime(at).date() < rulebook.begins


def last_moment(rulebook: Rulebook, now: datetime) -> datetime:
    """The moment whose office decisions belong to a version: now, or the end of its last day."""
    if rulebook.effective_to is None:
        return now
    return min(now, end_of(rulebook.effective_to))


def end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))


def standing(rulebook: Rulebook, at: datetime) -> Standing:
    if rulebook.standing == Rulebook.Standing.CONSULTATION:
        return Standing("征求意见稿", "is-wait", f"征求意见稿，没有效力{_consulted(rulebook)}")
    if rulebook.standing != Rulebook.Standing.PUBLISHED:
        return Standing(rulebook.get_standing_display(), "is-off", "没有效力")
    told = f"{full_day(began(rulebook))} 起施行，{_until(rulebook)}{_changed(rulebook)}"
    if rulebook.is_in_force(at):
        return Standing("现行", "is-good", told)
    if timezone.localtime(at).date() < rulebook.begins:
        return Standing("尚未施行", "is-wait", f"{full_day(rulebook.begins)} 起施行{_changed(rulebook)}")
    successor = replaced_by(rulebook)
    return Standing(f"已{successor.get_change_display()}" if successor else "已失效", "is-off", told)


def began(rulebook: Rulebook) -> date:
    """When the regulation took effect as this version has it. A correction of our rows is no new law: it has the day of the
    version that it corrects."""
    while rulebook.change == Rulebook.Change.CORRECTION and rulebook.based_on is not None:
        rulebook = rulebook.based_on
    return rulebook.begins


def replaced_by(rulebook: Rulebook) -> Rulebook | None:
    """The correction or amendment that took its place, and so ended it though the law goes on."""
    if not rulebook.effective_to:
        return None
    published = [one for one in rulebook.following.all() if one.standing == Rulebook.Standing.PUBLISHED]
    next_day = rulebook.effective_to + timedelta(days=1)
    return next((one for one in published if one.begins == next_day), None)


def _changed(rulebook: Rulebook) -> str:
    """Where a version comes from and why, if it is not the first."""
    if rulebook.change == Rulebook.Change.FIRST or not rulebook.change_reason:
        return ""
    since = f"自 {full_day(rulebook.begins)} 起" if rulebook.effective_from else ""
    return f"；第 {rulebook.version} 版（{rulebook.get_change_display()}）{since}：{rulebook.change_reason}"


def _consulted(rulebook: Rulebook) -> str:
    begins, ends = rulebook.consulted_from, rulebook.consulted_to
    days = [f"自 {full_day(begins)}" if begins else "", f"至 {full_day(ends)}（含当日）" if ends else ""]
    return f"；征求意见{' '.join(filter(None, days))}" if any(days) else ""


def _until(rulebook: Rulebook) -> str:
    if (successor := replaced_by(rulebook)) is not None:
        return f"{full_day(successor.begins)} 起由第 {successor.version} 版{successor.get_change_display()}"
    if rulebook.effective_to:
        return f"有效期至 {full_day(rulebook.effective_to)}（含当日）"
    return f"有效期至{rulebook.ends_on_event}" if rulebook.ends_on_event else "有效期未规定"
