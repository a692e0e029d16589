"""What is held about somebody, for a page and as a file that he takes along (PIPL article 45)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import JsonResponse

from records import events
from records.personal.subjects import Held, Subjects, words_of

EXPORTED = "personal.export"
SHOWN = 50  # of each place

Somebody = tuple[Subjects, Any]  # one kind of person, and who of it


@dataclass(frozen=True)
class Group:
    """What stands in one place: on the page no more than fits, in the file all."""

    where: str
    rows: list[Held]

    @property
    def shown(self) -> list[Held]:
        return self.rows[:SHOWN]

    @property
    def more(self) -> int:
        return len(self.rows) - len(self.shown)


def groups(held: list[Held]) -> list[Group]:
    found: dict[str, list[Held]] = {}
    for one in held:
        found.setdefault(one.where, []).append(one)
    return [Group(where, rows) for where, rows in found.items()]


def held_of(somebody: Sequence[Somebody], reader: Any) -> list[Held]:
    return [one for kind, subject in somebody for one in kind.held(subject, reader)]


def duties_of(somebody: Sequence[Somebody], at: datetime) -> list[str]:
    """Why it is still kept, in words."""
    return [words_of(duty) for kind, subject in somebody for duty in kind.duties(subject, at)]


def as_file(somebody: Sequence[Somebody], *, by: Any, at: datetime) -> JsonResponse:
    """All of it as an attachment; that it was taken out is an event, which says nothing of what was in it."""
    for kind, subject in somebody:
        data = {"kind": kind.key, "key": str(subject.pk)}
        events.record(EXPORTED, f"导出个人信息：{kind.title}", at=at, by=by, data=data)
    rows = [{"在哪里": one.where, "是什么": one.what, "内容": one.value} for one in held_of(somebody, by)]
    content = {
        "导出时间": at.isoformat(),
        "是谁的": "、".join(kind.title for kind, _ in somebody),
        "个人信息": rows,
        "为什么还保存": duties_of(somebody, at),
    }
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="personal-data.json"'
    response["Cache-Control"] = "private, no-store"
    return response
