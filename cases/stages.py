"""Kinds of stage register here: who a case waits for in it, when it wakes, and what happens then."""

from datetime import datetime

from cases.models import Case
from cities import built, keys
from cities.models import Stage


class StageKind:
    """A stage where people act; nothing happens by itself."""

    key: str
    actors: frozenset[str]  # whom a row may name (cities.keys.ACTORS)
    counts_from_entry = True  # whether the stage's span begins when the case enters it
    tells_opinion = False  # whether its unit is written what the desk has put to it in the opinion

    def waiting_for(self, case: Case) -> str:
        """The actor (cities.keys.ACTORS) whose turn it is."""
        assert case.stage is not None
        return case.stage.actor

    def is_told(self, case: Case) -> bool:
        """Whether the public has been told that the case goes on with those of its batch: it stays with them."""
        return False

    def wake_at(self, case: Case) -> datetime | None:
        """The moment the sweep is to look at the case; it recomputes the truth then."""
        return None

    def stands(self, case: Case) -> tuple[str, datetime | None]:
        """Both of these; a kind that reads the same for either asks it once."""
        return self.waiting_for(case), self.wake_at(case)

    def due(self, case: Case, *, at: datetime) -> bool:
        """Do what is due, and end with `engine.reschedule`; False where by the truth as it is now nothing is. The case is
        locked; called only when its `wake_at` has passed."""
        return False


_kinds: dict[str, StageKind] = {}


def register(kind: StageKind) -> None:
    if kind.key not in keys.STAGE_KINDS:
        raise ValueError(f"{kind.key} is not in cities.keys.STAGE_KINDS")
    _kinds[kind.key] = kind
    built.declare_stage(kind.key, kind.actors)


def of(case: Case) -> StageKind:
    assert case.stage is not None
    return kind_of(case.stage)


def kind_of(stage: Stage) -> StageKind:
    return _kinds[stage.kind]


class Submission(StageKind):
    key = "submission"
    actors = frozenset({"provider", "clerk"})


class Review(StageKind):
    """A desk. So is every kind of stage in `keys.DESKS`."""

    key = "review"
    actors = frozenset({"clerk", "decider", "council", "district_reviewer"})
