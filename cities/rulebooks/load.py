"""Loads rulebook files: all of them or none."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from cities.models import Programme, Rulebook
from cities.rulebooks import checks, content, copying, correcting, place, publishing, rows, standing
from cities.rulebooks.draft import Draft, read_draft
from cities.rulebooks.errors import Problems, RulebookError, RulebookErrors
from cities.rulebooks.result import LoadResult
from records import events

__all__ = ["LoadResult", "RulebookError", "RulebookErrors", "load"]


def load(paths: Sequence[Path], *, at: datetime, by: Any = None, correction: str = "") -> list[LoadResult]:
    """Load every file, or raise RulebookErrors with all that is wrong in any of them and load nothing.

    A published version is never rewritten: the same content changes nothing, other content is refused with the
    differences, unless it is said to be a `correction`, and why; then it becomes the next version. A later version ends
    the one before on the day before it begins. Rows added to a programme by hand, and its contact details, stay as they are.
    """
    return load_read([read_draft(path) for path in paths], at=at, by=by, correction=correction)


def load_read(
    read: Sequence[tuple[Draft | None, Problems]], *, at: datetime, by: Any, correction: str = ""
) -> list[LoadResult]:
    drafts = _checked(read)
    sound = [draft for draft in drafts if not draft.problems.errors]
    with transaction.atomic():
        results = [_load_one(draft, correction, at=at, by=by) for draft in sorted(sound, key=_in_order)]
        if errors := [error for _, problems in read for error in problems.errors]:
            raise RulebookErrors(errors)
    return [result for result in results if result]


def _checked(read: Sequence[tuple[Draft | None, Problems]]) -> list[Draft]:
    drafts: list[Draft] = []
    for draft, _ in read:
        if draft is not None:
            checks.check(draft)
            _refuse_same_version(draft, drafts)
            drafts.append(draft)
    return drafts


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


def _load_one(draft: Draft, correction: str, *, at: datetime, by: Any) -> LoadResult | None:
    """None if the file does not fit what is already there; why is among its problems."""
    programme, notes = place.settle(draft)
    if programme is None:
        return None
    standing.lock(programme)
    said = content.of_draft(draft)
    found = Rulebook.objects.filter(programme=programme, version=_version(draft)).first()
    if found is not None and found.is_frozen:
        return correcting.hold_against(found, said, draft, correction, notes, at=at, by=by)
    if found is not None:
        changed = content.differences(content.of_rulebook(found), said)
        if not changed and draft.standing == found.standing:
            return LoadResult(draft.problems.file, found, "unchanged", notes)
        notes += [str(difference) for difference in changed]
    elif _is_second_draft(programme, draft):
        return None
    rulebook = _rewrite(found, draft) if found else _create(programme, draft)
    if not _settle_standing(rulebook, draft, at=at, by=by):
        return None
    return LoadResult(draft.problems.file, rulebook, "replaced" if found else "loaded", notes)


def _is_second_draft(programme: Programme, draft: Draft) -> bool:
    """A programme has one draft at a time, whoever began it."""
    other = copying.open_draft(programme) if draft.standing == Rulebook.Standing.DRAFT else None
    if other is not None:
        reason = f"第 {other.version} 版草稿还没有发布（应先发布或放弃它）"
        draft.problems.add(draft.rulebook.line_of("version"), "rulebook.version", reason)
    return other is not None


def _create(programme: Programme, draft: Draft) -> Rulebook:
    rulebook = Rulebook(programme=programme, version=_version(draft), standing=Rulebook.Standing.DRAFT)
    published = programme.rulebooks.filter(standing=Rulebook.Standing.PUBLISHED, version__lt=rulebook.version)
    if before := published.order_by("version").last():
        rulebook.change, rulebook.based_on = Rulebook.Change.AMENDMENT, before
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


def _settle_standing(rulebook: Rulebook, draft: Draft, *, at: datetime, by: Any) -> bool:
    """Last of all, for the rows of a published version refuse to be saved. False, with a problem, if it cannot bind."""
    if draft.standing != Rulebook.Standing.PUBLISHED:
        _keep_unpublished(rulebook, draft.standing, at=at, by=by)
        return True
    line, said = draft.rulebook.line_of("effective_from"), content.of_rulebook(rulebook)
    for why in standing.in_the_way(rulebook):
        draft.problems.add(line, "rulebook.effective_from", why)
    for why in publishing.personal_data(rulebook, said):
        draft.problems.add(draft.rulebook.line_of("title"), "rulebook", why)
    if draft.problems.errors:
        return False
    publishing.put_in_force(rulebook, said, f"载入{rulebook}，已发布", by=by, at=at)
    return True


def _keep_unpublished(rulebook: Rulebook, stands: str, *, at: datetime, by: Any) -> None:
    rulebook.standing, rulebook.digest = stands, content.of_rulebook(rulebook).digest
    rulebook.save()
    begins = f"，{rulebook.begins:%Y-%m-%d} 起施行" if rulebook.effective_from else ""
    events.record(
        "load_rulebook",
        f"载入{rulebook}，{rulebook.get_standing_display()}{begins}",
        at=at,
        by=by,
        article=rulebook.validity_article,
        data={"version": rulebook.version, "digest": rulebook.digest},
        programme=rulebook.programme,
        city=rulebook.programme.city,
    )
