"""Loads rulebook files: all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from cities.models import Programme, Rulebook
from cities.rulebooks import checks, content, place, rows
from cities.rulebooks.content import Content, Difference
from cities.rulebooks.draft import Draft, read_draft
from cities.rulebooks.errors import RulebookError, RulebookErrors
from cities.rulebooks.standing import make_way
from records import events

__all__ = ["LoadResult", "RulebookError", "RulebookErrors", "load"]


@dataclass(frozen=True)
class LoadResult:
    """What became of one file. `outcome` is loaded, replaced (a draft) or unchanged."""

    file: str
    rulebook: Rulebook
    outcome: str
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        said = {"loaded": "已载入", "replaced": "草稿已按文件重写", "unchanged": "未变"}[self.outcome]
        return "\n".join([f"{self.file}：{self.rulebook} {said}", *(f"  {note}" for note in self.notes)])


def load(paths: Sequence[Path], *, at: datetime, by: Any = None) -> list[LoadResult]:
    """Load every file, or raise RulebookErrors with all that is wrong in any of them and load nothing.

    A published version is never rewritten: the same content changes nothing, other content is refused with the
    differences. A later version ends the one before on the day before it begins. Rows added to a programme by hand,
    and its contact details, stay as they are.
    """
    drafts, errors = _read(paths)
    if errors:
        raise RulebookErrors(errors)
    with transaction.atomic():
        results = [_load_one(draft, at=at, by=by) for draft in sorted(drafts, key=_in_order)]
        if errors := [error for draft in drafts for error in draft.problems.errors]:
            raise RulebookErrors(errors)
    return [result for result in results if result]


def _read(paths: Sequence[Path]) -> tuple[list[Draft], list[RulebookError]]:
    drafts: list[Draft] = []
    errors: list[RulebookError] = []
    for path in paths:
        draft, problems = read_draft(path)
        if draft is not None:
            checks.check(draft)
            _refuse_same_version(draft, drafts)
            drafts.append(draft)
        errors += problems.errors
    return drafts, errors


def _refuse_same_version(draft: Draft, earlier: list[Draft]) -> None:
    for other in earlier:
        if other.programme.get("slug") == draft.programme.get("slug") and _version(other) == _version(draft):
            line = draft.rulebook.line_of("version")
            draft.problems.add(
                line,
                "rulebook.version",
                f"{other.problems.file} 也是这个项目的第 {_version(draft)} 版（应只有一份）",
            )


def _version(draft: Draft) -> Any:
    return draft.rulebook.get("version")


def _in_order(draft: Draft) -> tuple[str, int]:
    return str(draft.programme.get("slug")), int(_version(draft))


def _load_one(draft: Draft, *, at: datetime, by: Any) -> LoadResult | None:
    """None if the file does not fit what is already there; why is among its problems."""
    programme, notes = place.settle(draft)
    if programme is None:
        return None
    said = content.of_draft(draft)
    standing = draft.rulebook.get("standing") or Rulebook.Standing.DRAFT
    found = Rulebook.objects.filter(programme=programme, version=_version(draft)).first()
    if found is None:
        rulebook = _create(programme, draft)
    elif found.is_frozen:
        return _compare_frozen(found, said, standing, draft, notes)
    else:
        changed = content.differences(content.of_rulebook(found), said)
        if not changed and standing == found.standing:
            return LoadResult(draft.problems.file, found, "unchanged", notes)
        rulebook = _rewrite(found, draft)
        notes += [str(difference) for difference in changed]
    if standing == Rulebook.Standing.PUBLISHED and not make_way(rulebook, draft, at=at, by=by):
        return None
    _settle_standing(rulebook, standing, said, at=at, by=by)
    return LoadResult(draft.problems.file, rulebook, "replaced" if found else "loaded", notes)


def _compare_frozen(
    found: Rulebook, said: Content, standing: str, draft: Draft, notes: list[str]
) -> LoadResult | None:
    if standing != Rulebook.Standing.PUBLISHED:
        line = draft.rulebook.line_of("standing")
        draft.problems.add(
            line,
            "rulebook.standing",
            f"第 {found.version} 版{found.get_standing_display()}，不能退回{standing}（应为 published）",
        )
        return None
    changed = _changes_of_frozen(found, said)
    for difference in changed:
        draft.problems.add(
            _line_of(difference, draft),
            f"{difference.section}.{difference.place}".rstrip("."),
            f"第 {found.version} 版已发布，不能改动：{difference}（应另立新版本）",
        )
    return None if changed else LoadResult(draft.problems.file, found, "unchanged", notes)


def _changes_of_frozen(found: Rulebook, said: Content) -> list[Difference]:
    """The end of a published version is recorded by staff; a file that is silent on it does not contradict them."""
    if found.digest == said.digest:
        return []
    changed = content.differences(content.of_rulebook(found), said)
    return [
        one
        for one in changed
        if (one.section, one.field) != ("rulebook", "effective_to") or one.new is not None
    ]


def _line_of(difference: Difference, draft: Draft) -> int:
    if difference.section == "rulebook":
        return draft.rulebook.line_of(difference.field)
    if difference.section == "articles":
        return next((part.line for part in draft.articles if part.get("number") == difference.place), 1)
    row = next((row for row in draft.of(difference.section) if row.place == difference.place), None)
    return row.line_of(difference.field) if row else 1


def _create(programme: Programme, draft: Draft) -> Rulebook:
    rulebook = Rulebook(programme=programme, version=_version(draft), standing=Rulebook.Standing.DRAFT)
    return _write(rulebook, draft)


def _rewrite(rulebook: Rulebook, draft: Draft) -> Rulebook:
    rows.delete_all(rulebook)
    rulebook.standing = Rulebook.Standing.DRAFT
    return _write(rulebook, draft)


def _write(rulebook: Rulebook, draft: Draft) -> Rulebook:
    rows.write_head(rulebook, draft)
    rulebook.save()
    rows.write_all(rulebook, draft)
    return rulebook


def _settle_standing(rulebook: Rulebook, standing: str, said: Content, *, at: datetime, by: Any) -> None:
    """Last of all: from here on the rows of a published version refuse to be saved."""
    rulebook.standing, rulebook.digest = standing, said.digest
    if standing == Rulebook.Standing.PUBLISHED:
        rulebook.published_at, rulebook.published_by = at, by
    rulebook.save()
    verb = "publish_rulebook" if standing == Rulebook.Standing.PUBLISHED else "load_rulebook"
    begins: date = rulebook.effective_from
    events.record(
        verb,
        f"载入{rulebook}，{rulebook.get_standing_display()}，{begins:%Y-%m-%d} 起施行",
        at=at,
        by=by,
        article=rulebook.validity_article,
        data={"version": rulebook.version, "digest": said.digest},
        programme=rulebook.programme,
        city=rulebook.programme.city,
    )
