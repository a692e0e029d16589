"""Open cases and drafts held against another version of their rules. Nothing here is saved."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from cases import stages
from cases.models import Case, Deadline
from cases.versions.differences import Difference, Side, said_of
from cases.versions.findings import changed_checks
from cases.versions.rows import Days, Line, Row, deadline_side, procedure_of
from cities.models import Procedure, RequiredMaterial, Rulebook, Stage
from cities.queries import procedure_in_force
from records.words import full_day

NOT_THERE = "这一版没有"
CANNOT = "不能按它办"
NOT_ASKED = "不用交"


class Comparison:
    """Of one version at one moment. What cases share is read once, so that each costs a fixed number of queries.

    Held against a day to come, a deadline that is over by then is not told: with `leaves_what_is_over`."""

    def __init__(self, rulebook: Rulebook, at: datetime, *, leaves_what_is_over: bool = False) -> None:
        self.rulebook, self.at = rulebook, at
        self.over_by = at if leaves_what_is_over else None
        self._days = Days()
        self._pairs: dict[int, Pair] = {}
        self._in_force: dict[str, Procedure | None] = {}

    def of(self, case: Case) -> list[Difference]:
        """Everything that comes out differently; nothing for a case that goes by this version already."""
        now = self._now(case)
        if now.rulebook_id == self.rulebook.pk:
            return []
        case = under(case, now)
        return list(self._pair(now).differences(case))

    def recount(self, case: Case) -> "Recount | None":
        """The days that a case has at its present stage, under both; none where no rule counts any."""
        return self._pair(case.procedure).recount(case)

    def _now(self, case: Case) -> Procedure:
        """A draft goes by what is in force, whatever it was begun under."""
        if case.status != Case.Status.DRAFT:
            return case.procedure
        key = case.procedure.key
        if key not in self._in_force:
            self._in_force[key] = procedure_in_force(case.programme, key, self.at)
        return self._in_force[key] or case.procedure

    def _pair(self, procedure: Procedure) -> "Pair":
        if procedure.pk not in self._pairs:
            other = procedure_of(self.rulebook, procedure)
            self._pairs[procedure.pk] = Pair(procedure, other, self._days, self.at, self.over_by)
        return self._pairs[procedure.pk]


@dataclass(frozen=True)
class Recount:
    """The days at a present stage: how they differ, the row that would give them, and since when."""

    difference: Difference
    row: Row
    since: datetime


class Pair:
    """A procedure in the version that cases go by and in another, which need not have it."""

    def __init__(
        self, old: Procedure, new: Procedure | None, days: Days, at: datetime, over_by: datetime | None = None
    ) -> None:
        self.days, self.at, self.over_by = days, at, over_by
        self.old, self._new = Line(old, at), Line(new, at) if new else None

    @property
    def new(self) -> Line:
        assert self._new is not None
        return self._new

    def differences(self, case: Case) -> Iterator[Difference]:
        if self._new is None:
            told = Side(f"{NOT_THERE}，{CANNOT}")
            gone = self.old.procedure
            yield Difference(f"程序：{gone}", said_of(gone, "有"), told)
            return
        yield from self.stages_gone(case.stage)
        if not case.stage or self.new_stage(case.stage):
            yield from self.stages_added(case.stage)
            yield from (one for one in self.dates(case) if one.is_there)
        other = under(case, self.new.procedure)
        yield from changed_checks(case, self.old, other, self.new, self.at)
        yield from self.changed_materials

    def new_stage(self, stage: Stage) -> Stage | None:
        """The same stage in the other version; none where it has become one of another kind."""
        found = self.new.stages.get(stage.key)
        return found if found and found.kind == stage.kind else None

    def stages_gone(self, here: Stage | None) -> Iterator[Difference]:
        """Those from the present one on that the other version has not; without the present one a case cannot go on."""
        for stage in self.old.stages.values():
            if self.new_stage(stage) is None and is_ahead(stage, here, with_here=True):
                told = f"{NOT_THERE}，{CANNOT}" if here and stage.key == here.key else NOT_THERE
                yield Difference(f"环节：{stage}", said_of(stage, "有"), Side(told))

    def stages_added(self, here: Stage | None) -> Iterator[Difference]:
        reached = self.new_stage(here) if here else None
        for stage in self.new.stages.values():
            if stage.key not in self.old.stages and is_ahead(stage, reached):
                yield Difference(f"环节：{stage}", Side("没有"), said_of(stage, "要经过"))

    def dates(self, case: Case) -> Iterator[Difference]:
        running = self.recount(case)
        if running and not self._is_over(case):
            yield running.difference
        for old in self.old.stages.values():
            new = self.new_stage(old)
            if new and is_ahead(old, case.stage, with_here=not (running or begins_with_entry(old))):
                what = f"期限：{old}（{full_day(self.at)} 开始的话）"
                yield Difference(what, self.days.of(old, self.at), self.days.of(new, self.at))

    def _is_over(self, case: Case) -> bool:
        deadline = running_deadline(case)
        return bool(self.over_by and deadline and deadline.closes_at <= self.over_by)

    def recount(self, case: Case) -> "Recount | None":
        here, deadline = case.stage, running_deadline(case)
        new = self.new_stage(here) if here and self._new else None
        if here is None or new is None or not is_counted(case, deadline):
            return None
        since = began(case, deadline)
        led_here = self.old.led_to(case, since)
        row = self.new.clock_of(new, led_here)
        own = self.old.clock_of(self.old.stages[here.key], led_here)
        before = deadline_side(deadline) if deadline else self.days.of(own, since)
        told = is_told(here, deadline)
        difference = Difference(f"期限：{here}", before, self.days.of(row, since, deadline), stays=told)
        return Recount(difference, row, since)

    @cached_property
    def changed_materials(self) -> list[Difference]:
        """Documents that are asked for in one version only, or less or more strictly."""
        old, new = self.old.materials, self.new.materials
        rows = [(old.get(key), new.get(key)) for key in dict.fromkeys([*old, *new])]
        found = [
            Difference(f"材料：{after or before}", material_side(before), material_side(after))
            for before, after in rows
        ]
        return [one for one in found if one.is_there]


def under(case: Case, procedure: Procedure) -> Case:
    """The case as it would be under another version, in memory: never save it."""
    other = copy(case)
    other.procedure = procedure
    return other


def running_deadline(case: Case) -> Deadline | None:
    """The one that runs or is held, as it is or was prefetched."""
    return next((one for one in case.deadlines.all() if one.state in Deadline.OPEN), None)


def is_counted(case: Case, deadline: Deadline | None) -> bool:
    """Whether a rule counts days now: they have begun, and no person named the last of them."""
    if deadline:
        return deadline.number is not None
    return case.stage is not None and begins_with_entry(case.stage)


def began(case: Case, deadline: Deadline | None) -> datetime:
    since = deadline.started_at if deadline else case.stage_since
    assert since is not None
    return since


def begins_with_entry(stage: Stage) -> bool:
    return stages.kind_of(stage).counts_from_entry


def is_told(stage: Stage, deadline: Deadline | None) -> bool:
    """Days that began with an act of their own were announced to the public, who relies on them."""
    return deadline is not None and not begins_with_entry(stage)


def is_ahead(stage: Stage, here: Stage | None, *, with_here: bool = False) -> bool:
    if here is None:
        return True
    return with_here if stage.key == here.key else stage.order > here.order


def material_side(row: RequiredMaterial | None) -> Side:
    return said_of(row, row.asked) if row else Side(NOT_ASKED)
