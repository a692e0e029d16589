"""What a decision sets, and how it is said."""

from datetime import time
from typing import Any

from cities.decisions.matters import Matter, alternative_words
from cities.models import CountingRule, OfficeDecision
from cities.models.rules import sets_of

Decided = tuple[dict[str, Any], str]
UNIT_WORDS = {
    "calendar": "天（自然日）",
    "working": "个工作日",
    "month": "个月",
    "thirty": "个月（每月三十天）",
}


def span_value(
    number: int, unit: str, first_day: str, roll: str, closing_hour: time | None = None
) -> Decided:
    """A number of days and how they are counted, as the row's columns, and in words."""
    hour = closing_hour.isoformat("minutes") if closing_hour else None
    counting = {"unit": unit, "first_day": first_day, "roll": roll, "closing_hour": hour}
    rule = CountingRule(unit=unit, first_day=first_day, roll=roll)
    ends = f"，最后一天 {hour} 截止" if hour else ""
    wording = f" {number} {UNIT_WORDS[unit]}，{rule.get_first_day_display()}，{rule.get_roll_display()}{ends}"
    return {"span_number": number, "counting_rule": counting}, wording


def mark_value(number: int) -> Decided:
    return {"pass_mark": number}, f" {number} 分"


def text_value(text: str) -> Decided:
    """What no column holds: put on record and shown."""
    return {}, f"“{text}”"


def chosen(matter: Matter, reading: str) -> Decided:
    """One of a matter's readings. Empty columns where the row stays as it is, or only a later version can carry it out."""
    for alternative in matter.alternatives:
        if alternative_words(alternative) == reading:
            return sets_of(alternative), quoted(reading)
    return {}, quoted(reading or matter.reading)


def is_carried_out(matter: Matter, reading: str) -> bool:
    """Whether choosing this reading changes what the portal does at once, or it is what the portal does already."""
    return reading == matter.reading or bool(chosen(matter, reading)[0])


def why_not(matter: Matter, reading: str) -> str:
    """Why choosing this reading sets nothing, where its rule says so."""
    others = [one for one in matter.alternatives if isinstance(one, dict)]
    return next((str(one.get("why_not", "")) for one in others if one["reading"] == reading), "")


def waits_for_version(decision: OfficeDecision, reading: str) -> bool:
    """Whether a decision beside this reading of ours is on record only: no column carries it out yet."""
    return not decision.value and not confirms(decision, reading)


def confirms(decision: OfficeDecision, reading: str) -> bool:
    """Whether it is our own reading that was decided."""
    return bool(reading) and decision.wording == quoted(reading)


def quoted(reading: str) -> str:
    return f"“{reading}”"
