"""The kinds of stage of a sanction or a removal: a unit is heard, served, given time to put something right, and looked at again."""

from datetime import datetime

from cases import deadlines, engine, stages
from cases.models import Case, Deadline
from cities import frozen
from cities.models import Outcome
from clearance import serving
from records.words import full_day


class Answered(stages.StageKind):
    """The unit is asked for something by a day. The clerk is waited for until it is on record that this has reached it."""

    actors = frozenset({"provider"})

    def waiting_for(self, case: Case) -> str:
        return self.stands(case)[0]

    def wake_at(self, case: Case) -> datetime | None:
        return self.stands(case)[1]

    def stands(self, case: Case) -> tuple[str, datetime | None]:
        if serving.awaits(case):
            return "clerk", None
        deadline = _running_out(case)
        return "provider", deadline.closes_at if deadline else None

    def due(self, case: Case, *, at: datetime) -> bool:
        """Its days are over, and nothing has come."""
        outcome, deadline = _lapse(case), run_out(case, at)
        if outcome is None or deadline is None:
            return False
        said = f"{case.stage}：{outcome.label}（最后一天 {full_day(deadline.closes_on)}）"
        engine.follow(case, outcome, by=None, at=at, summary=said)
        return True


def run_out(case: Case, at: datetime) -> Deadline | None:
    """The days that are over, where the rows lead on once they are; none are before what is asked was served."""
    deadline = None if serving.awaits(case) else _running_out(case)
    return deadline if deadline and at >= deadline.closes_at else None


def _running_out(case: Case) -> Deadline | None:
    deadline = deadlines.open_of(case) if _lapse(case) else None
    return deadline if deadline and deadline.state == Deadline.State.RUNNING else None


def _lapse(case: Case) -> Outcome | None:
    """Where the rows lead once the days are over; where they do not say, the unit stays asked."""
    assert case.stage is not None
    rows = frozen.outcomes_of(case.stage)
    return next((one for one in rows if one.role == Outcome.Role.LAPSED), None)


class Statement(Answered):
    key = "statement"
    tells_opinion = True


class Rectification(Answered):
    key = "rectification"


class Serving(stages.StageKind):
    """What was decided is sent to whom it concerns; a day that was named counts for what comes after."""

    key = "service"
    actors = frozenset({"clerk"})
    counts_from_entry = False


class Recheck(stages.StageKind):
    """A desk."""

    key = "recheck"
    actors = frozenset({"clerk", "decider"})
