"""By which letter a unit is told of a sanction or a removal; the office's own thoughts are told by none."""

from cases.inbox import of_case
from cases.models import Case
from cases.queries import is_desk
from cities.keys import ASKED
from cities.models import Outcome
from clearance import queries

SERVED, REVOKED, LEFT = "clearance/served", "clearance/revoked", "clearance/left"
CLEARED = "clearance/cleared"
# Of an order that the unit carries out by a change of its list.
TO_PART, LATE_TO_PART = "clearance/to_part", "clearance/late_to_part"
# By the kind of stage that the case enters.
ON_ENTRY = {
    "statement": "clearance/heard",
    "rectification": "clearance/ordered",
    "service": SERVED,
    "recheck": "clearance/reported",
}
# Those that serve what they tell, as `Letter.kind` has them.
SERVING = [kind.replace("/", "_") for kind in (*ON_ENTRY.values(), CLEARED, LEFT, TO_PART, REVOKED)]
# In words of their own; then as everywhere, the first two only to who has heard of the case before.
OWN = ("revoked", "reminder")
IF_TOLD = ("stopped", "deadline_changed")
AS_ALWAYS = ("publicity_opened", "publicity_taken_down")


def kind_of(case: Case, kind: str, outcome: Outcome | None) -> str:
    if outcome is None:
        return _of_act(case, kind)
    if outcome.effect == Outcome.Effect.REGISTRY:
        return CLEARED
    if outcome.next_stage is None:
        return _of_end(case, outcome)
    if outcome.role == Outcome.Role.LAPSED:
        return "clearance/lapsed"
    entered = outcome.next_stage.kind
    if case.procedure.kind == queries.PARTNER_REMOVAL:
        if entered == "recheck" and not is_desk(outcome.stage):
            return "clearance/parted"
        if entered == "rectification":
            return _to_part(case, outcome)
    return "" if is_desk(outcome.stage) and entered == "recheck" else ON_ENTRY.get(entered, "")


def _of_act(case: Case, kind: str) -> str:
    """Of what was done to it outside the outcomes of its stages."""
    if kind in OWN:
        return f"clearance/{kind}"
    return kind if kind in AS_ALWAYS or (kind in IF_TOLD and of_case(case).exists()) else ""


def _to_part(case: Case, outcome: Outcome) -> str:
    """Nothing where the partner has gone before the order was served: the case goes on to be looked at again at once."""
    assert case.registration is not None
    assert case.measure.partner is not None
    is_gone = outcome.stage.kind == "service" and not queries.stands(case.registration, case.measure.partner)
    return "" if is_gone else TO_PART


def late(case: Case) -> str:
    """Of an order whose day is over, and which the unit is still asked to carry out."""
    return LATE_TO_PART if case.procedure.kind == queries.PARTNER_REMOVAL else "clearance/late"


def is_asked(outcome: Outcome) -> bool:
    """Whether the unit is asked for something, or was: so too where it applies for its own removal."""
    stages = (outcome.stage, outcome.next_stage)
    return any(stage is not None and stage.kind in ASKED for stage in stages)


def _of_end(case: Case, outcome: Outcome) -> str:
    """Whoever never heard of it need not hear that nothing came of it."""
    return "clearance/ended" if of_case(case).exists() else ""
