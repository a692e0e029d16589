"""What is open now, as it would be if a version of the rules were in force from a given day."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from cases import engine
from cases.models import Case
from cases.versions.comparing import Comparison
from cases.versions.differences import Difference
from cases.versions.taking_over import reach, versions_of
from cities.calendar import start_of
from cities.models import Programme, Rulebook
from records.words import local_day

# As many as are counted again, with all their checks, in the time a page may take.
MOST = 200


@dataclass(frozen=True)
class CaseDifference:
    """A case that would go by the version, and what comes out differently for it; empty for nothing."""

    case: Case
    rows: tuple[Difference, ...]


@dataclass(frozen=True)
class Preview:
    found: tuple[CaseDifference, ...]
    open: int
    drafts: int
    # What the version would bind, before and after those that were counted again.
    before: int = 0
    after: int = 0

    @property
    def different(self) -> list[CaseDifference]:
        return [one for one in self.found if one.rows]

    @property
    def left_alone(self) -> int:
        """Those that were filed before and stay with the version they were filed under."""
        return self.open + self.drafts - len(self.found) - self.before - self.after

    @property
    def title(self) -> str:
        if not self.open and not self.drafts:
            return "现在没有在办的事项"
        drafts = f"、{self.drafts} 份草稿" if self.drafts else ""
        number = len(self.different)
        last = self.before + len(self.found)
        among = f"先看第 {self.before + 1} 至 {last} 件，其中" if self.before or self.after else ""
        return f"{self.open} 件在办{drafts}，{among}{f'{number} 件会不同' if number else '都不会不同'}"


def preview(rulebook: Rulebook, from_day: date, *, at: datetime, page: int = 1) -> Preview:
    """A page is as many as MOST of what the version would bind; past the last one it finds none."""
    cases = unfinished(rulebook.programme)
    drafts = sum(case.status == Case.Status.DRAFT for case in cases)
    bound = _bound(rulebook, from_day, cases)
    first, last = (page - 1) * MOST, page * MOST
    found = _held_against(rulebook, from_day, bound[first:last], at)
    return Preview(
        tuple(found), len(cases) - drafts, drafts, before=len(bound[:first]), after=len(bound[last:])
    )


def differences(rulebook: Rulebook, from_day: date, *, at: datetime) -> list[CaseDifference]:
    """Every draft and open case that the version would bind: drafts, what was filed from that day on, and, where it takes
    over the open cases of earlier versions, theirs. What would begin, and what would be filed, is taken to be so on that
    day, or now if it has passed."""
    bound = _bound(rulebook, from_day, unfinished(rulebook.programme))
    return _held_against(rulebook, from_day, bound, at)


def _held_against(
    rulebook: Rulebook, from_day: date, cases: list[Case], at: datetime
) -> list[CaseDifference]:
    moment = max(at, start_of(from_day))
    comparison = Comparison(rulebook, moment, leaves_what_is_over=moment > at)
    return [CaseDifference(case, tuple(comparison.of(case))) for case in cases]


def _bound(rulebook: Rulebook, from_day: date, cases: list[Case]) -> list[Case]:
    moving = reach(rulebook, versions_of(rulebook.programme))
    return [case for case in cases if _is_bound(case, moving, from_day)]


def _is_bound(case: Case, moving: set[int], from_day: date) -> bool:
    if case.submitted_at is None or case.rulebook_id in moving:
        return True
    return local_day(case.submitted_at) >= from_day


def unfinished(programme: Programme) -> list[Case]:
    """Open cases in the order of their filing, then the drafts."""
    rows = engine.loaded().filter(programme=programme, status__in=[Case.Status.OPEN, Case.Status.DRAFT])
    in_order = rows.order_by(F("submitted_at").asc(nulls_last=True), "created_at", "pk")
    return list(in_order.prefetch_related("deadlines__changes"))
