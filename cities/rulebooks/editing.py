"""What is done to a draft while it is one: rows changed by hand, a file put in its place, the whole given up."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction

from cities.models import CitedRow, Rulebook
from cities.rulebooks import content, rows, standing
from cities.rulebooks.draft import Draft, read_draft_bytes
from cities.rulebooks.errors import RulebookRefused
from cities.rulebooks.load import LoadResult, load_read
from records import events


def locked_draft(rulebook: Rulebook) -> Rulebook:
    """A fresh copy to change something of; refused once it has been published or given up."""
    draft = standing.locked(rulebook)
    if draft.is_frozen:
        raise RulebookRefused(f"{draft}已经发布，不能再改：复制为草稿，另立新版本。")
    return draft


def note_edit(
    rulebook: Rulebook, did: str, row: Any, names: Iterable[str] = (), *, by: Any, at: datetime
) -> None:
    """The event of one change by hand: what was done to which row, and which of its values."""
    place, told = _place(row), "、".join(names)
    events.record(
        "edit_rulebook",
        f"{rulebook}{rulebook.get_standing_display()}：{did}{_called(row)}{f'（{told}）' if told else ''}",
        at=at,
        by=by,
        article=row.article.number if isinstance(row, CitedRow) else rulebook.validity_article,
        data={"version": rulebook.version, "row": f"{row._meta.model_name}:{place}", "fields": list(names)},
        programme=rulebook.programme,
        city=rulebook.programme.city,
    )


def _called(row: models.Model) -> str:
    return "文本" if isinstance(row, Rulebook) else f"{row._meta.verbose_name} {_place(row)}"


def _place(row: Any) -> str:
    if isinstance(row, Rulebook):
        return ""
    return content.place_of(row) if isinstance(row, CitedRow) else str(row)


def replace(rulebook: Rulebook, data: bytes, name: str, *, by: Any, at: datetime) -> LoadResult:
    """Put a file in the place of a draft. Raises RulebookErrors with all that is wrong with it, by its lines."""
    draft, problems = read_draft_bytes(data, name)
    with transaction.atomic():
        target = locked_draft(rulebook)
        if draft is not None:
            _is_meant(draft, target)
        return load_read([(draft, problems)], by=by, at=at)[0]


def _is_meant(draft: Draft, target: Rulebook) -> None:
    """That a file is one of this very draft, and leaves it one."""
    wanted = {
        "city.slug": (draft.city, target.programme.city.slug),
        "programme.slug": (draft.programme, target.programme.slug),
        "rulebook.version": (draft.rulebook, target.version),
    }
    for key, (part, value) in wanted.items():
        name = key.partition(".")[2]
        if part.get(name) not in (None, value):
            draft.problems.add(part.line_of(name), key, f"写的是“{part.get(name)}”（这份草稿应为 {value}）")
    if draft.standing != target.standing:
        line = draft.rulebook.line_of("standing")
        draft.problems.add(
            line, "rulebook.standing", f"写的是“{draft.standing}”（应为 {target.standing}；发布在后台办理）"
        )


def discard(rulebook: Rulebook, *, reason: str, by: Any, at: datetime) -> None:
    """Give a draft up. Its number is free again; what its rows were stays in their history."""
    with transaction.atomic():
        draft = locked_draft(rulebook)
        if draft.standing != Rulebook.Standing.DRAFT:
            raise RulebookRefused(f"{draft}是{draft.get_standing_display()}，只有草稿才能放弃。")
        if not reason.strip():
            raise RulebookRefused("写明为什么放弃，不能留空。")
        events.record(
            "discard_rulebook",
            f"放弃草稿{draft}：{reason.strip()}",
            at=at,
            by=by,
            data={"version": draft.version, "reason": reason.strip()},
            programme=draft.programme,
            city=draft.programme.city,
        )
        rows.delete_all(draft)
        draft.delete()
