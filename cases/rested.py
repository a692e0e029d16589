"""What a case was taken up over and decided on, also where it is the case's no more: read from the history of the grounds, so that a
closed case goes on showing it with what became of it since."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cases.grounds import with_files
from cases.models import Case, GroundFound
from records.words import full_moment

State = GroundFound.State
_SHOWN = ("ground__article", "partner", "edition", "case__procedure", "handled_by")


@dataclass(frozen=True)
class Rested:
    """A ground as it was found, which nobody edits. `left_at`: since when it is the case's no more; `since` is what became of it
    then and later, as clauses. One that was taken out while the case was open is not what was decided on."""

    found: GroundFound
    left_at: datetime | None
    was_taken_out: bool
    since: list[str]


# What an app above knows of a ground that a case still has: why it stands no more, with its moment; empty where it does.
Fallen = Callable[[GroundFound], str]
_fallen: list[Fallen] = []


def register(why: Fallen) -> None:
    _fallen.append(why)


def of(case: Case) -> list[Rested]:
    """In the order of the rules."""
    left = _left(case)
    rows = GroundFound.objects.filter(pk__in=left).select_related(*_SHOWN)
    found = sorted(
        with_files(rows), key=lambda one: (one.ground.order if one.ground else 0, one.found_at, one.pk)
    )
    return [_rested(case, one, left[one.pk]) for one in found]


def earlier(found: GroundFound) -> list[Case]:
    """The cases that had it and have it no more, the last first."""
    had = found.history.exclude(case=None).exclude(case=found.case_id).values("case")
    rows = Case.objects.filter(pk__in=had).exclude(result=Case.Result.DISCARDED)
    return list(rows.select_related("procedure").order_by("-created_at"))


def _left(case: Case) -> dict[int, datetime | None]:
    """By the key of each ground that the case has or had, when it left."""
    had = GroundFound.history.filter(case_id=case.pk).values("id")
    rows = GroundFound.history.filter(id__in=had).order_by("history_id")
    left: dict[int, datetime | None] = {}
    for key, of_case, moment in rows.values_list("id", "case_id", "history_date"):
        if of_case == case.pk:
            left[key] = None
        elif key in left and left[key] is None:
            left[key] = moment
    return left


def _rested(case: Case, found: GroundFound, left_at: datetime | None) -> Rested:
    if left_at is None:
        return Rested(
            found, None, was_taken_out=False, since=[why for read in _fallen if (why := read(found))]
        )
    was_taken_out = case.closed_at is None or left_at < case.closed_at
    how = "从这件移出" if was_taken_out else f"这件{case.get_result_display()}，不再由它办"
    return Rested(found, left_at, was_taken_out, [f"{full_moment(left_at)} {how}", _now(found)])


def _now(found: GroundFound) -> str:
    if found.state == State.TAKEN:
        return f"现在由 {found.case} 办理"
    if found.state == State.SET_ASIDE and found.handled_at:
        return f"{full_moment(found.handled_at)} 不立案：{found.reason}"
    return "现在待处理"
