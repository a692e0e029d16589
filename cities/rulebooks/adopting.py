"""What a text must not keep of the text for comment that it was adopted from, and what is to be read again before it binds."""

from typing import Any

from cities.models import Rulebook

MARK = str(Rulebook.Standing.CONSULTATION.label)


def still_for_comment(draft: Rulebook) -> list[str]:
    """Why an adoption cannot bind yet under the names it has."""
    if draft.change != Rulebook.Change.ADOPTION:
        return []
    names = {"名称": draft.title, "简称": draft.short_title}
    return [
        f"{label}还写着“{MARK}”：改成正式文本的{label}。" for label, name in names.items() if MARK in name
    ]


def to_read_again(draft: Rulebook) -> list[str]:
    """The readings of the whole text that stand as they did in the text for comment."""
    if draft.change != Rulebook.Change.ADOPTION or draft.based_on is None:
        return []
    before = draft.based_on.interpretations
    return [f"{one['question']}{one['reading']}" for one in draft.interpretations if one in before]


def without_readings_of_comment(readings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without those about the text for comment as such: of the text in force they would be false."""
    stage = MARK.removesuffix("稿")
    return [one for one in readings if stage not in f"{one['question']}{one['reading']}"]


def without_mark(name: str) -> str:
    return name.replace(f"（{MARK}）", "").replace(MARK, "")
