"""A published version and a file that speaks of it: the same, other content that is refused, or a correction of our rows."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from cities.models import Rulebook
from cities.rulebooks import content, copying, publishing, rows
from cities.rulebooks.content import Content, Difference
from cities.rulebooks.draft import Draft
from cities.rulebooks.result import LoadResult
from records.words import full_day

BEGINS = ("rulebook", "effective_from")
ENDS = ("rulebook", "effective_to")


def hold_against(
    found: Rulebook, said: Content, draft: Draft, correction: str, notes: list[str], *, at: datetime, by: Any
) -> LoadResult | None:
    """A file of a version that is frozen."""
    if draft.standing != Rulebook.Standing.PUBLISHED:
        reason = (
            f"第 {found.version} 版{found.get_standing_display()}，不能退回{draft.standing}（应为 published）"
        )
        draft.problems.add(draft.rulebook.line_of("standing"), "rulebook.standing", reason)
        return None
    changed, current = changes(found, said), latest(found)
    if changed and current != found:
        changed = substance(changes(current, said))
    if not changed:
        return LoadResult(draft.problems.file, current, "unchanged", notes)
    if correction and substance(changed):
        notes += [str(difference) for difference in substance(changed)]
        return _correct(current, said, draft, correction, notes, at=at, by=by)
    _refuse_changes(current, changed, draft)
    return None


def _correct(
    current: Rulebook,
    said: Content,
    draft: Draft,
    correction: str,
    notes: list[str],
    *,
    at: datetime,
    by: Any,
) -> LoadResult | None:
    if reasons := why_not_correct(current, said, at):
        for reason in reasons:
            draft.problems.add(draft.rulebook.line_of("version"), "rulebook.version", f"不能更正：{reason}")
        return None
    rulebook = correct(current, draft, said, correction, by=by, at=at)
    return LoadResult(draft.problems.file, rulebook, "corrected", notes)


def _refuse_changes(current: Rulebook, changed: list[Difference], draft: Draft) -> None:
    for difference in changed:
        draft.problems.add(
            _line_of(difference, draft),
            f"{difference.section}.{difference.place}".rstrip("."),
            f"第 {current.version} 版已发布，不能改动：{difference}（应另立新版本）",
        )


def _line_of(difference: Difference, draft: Draft) -> int:
    if difference.section == "rulebook":
        return draft.rulebook.line_of(difference.field)
    if difference.section == "articles":
        return next((part.line for part in draft.articles if part.get("number") == difference.place), 1)
    row = next((row for row in draft.of(difference.section) if row.place == difference.place), None)
    return row.line_of(difference.field) if row else 1


def latest(found: Rulebook) -> Rulebook:
    """The version that a file of `found` is held against: the correction that stands in its place, if there is one."""
    corrections = Rulebook.objects.filter(
        change=Rulebook.Change.CORRECTION, standing=Rulebook.Standing.PUBLISHED
    )
    while following := corrections.filter(based_on=found).order_by("version").last():
        found = following
    return found


def changes(found: Rulebook, said: Content) -> list[Difference]:
    """The end of a published version is recorded by staff; a file that is silent on it does not contradict them."""
    if found.digest == said.digest:
        return []
    changed = content.differences(content.of_rulebook(found), said)
    return [one for one in changed if (one.section, one.field) != ENDS or one.new is not None]


def substance(changed: list[Difference]) -> list[Difference]:
    """A correction has a first day of its own, which its file does not know."""
    return [one for one in changed if (one.section, one.field) != BEGINS]


def why_not_correct(found: Rulebook, said: Content, at: datetime) -> list[str]:
    reasons = copying.why_not_copy(found)
    begins, ends = _begins(found, at), _ends(found, said)
    if ends and ends < begins:
        reasons.append(f"第 {found.version} 版到 {full_day(ends)} 为止，更正从 {full_day(begins)} 起才施行。")
    return reasons


def correct(found: Rulebook, draft: Draft, said: Content, reason: str, *, by: Any, at: datetime) -> Rulebook:
    """The next version, with the file's content, in force at once; the one before ends on the day before."""
    rulebook = copying.following(found, Rulebook.Change.CORRECTION, reason, by=by, at=at)
    rows.write_head(rulebook, draft)
    rulebook.effective_from, rulebook.effective_to = _begins(found, at), _ends(found, said)
    rulebook.save()
    rows.write_all(rulebook, draft)
    copying.copy_texts(found, rulebook)
    publishing.put_in_force(rulebook, content.of_rulebook(rulebook), f"载入{rulebook}", by=by, at=at)
    return rulebook


def _begins(found: Rulebook, at: datetime) -> date:
    """Today; or the day after the wrong version's first, which it has to itself."""
    return max(timezone.localtime(at).date(), found.begins + timedelta(days=1))


def _ends(found: Rulebook, said: Content) -> date | None:
    """As the file says, else as staff recorded it."""
    written = said.rulebook.get("effective_to")
    return date.fromisoformat(written) if written else found.effective_to
