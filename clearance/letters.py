"""By which letter a unit is told of a sanction or a removal; the office's own thoughts are told by none."""

from cases.inbox import of_case
from cases.models import Case
from cases.queries import is_desk
from cities.models import Outcome
from clearance import queries

SERVED, LEFT = "clearance/served", "clearance/left"
# By the kind of stage that the case enters.
ON_ENTRY = {
    "statement": "clearance/heard",
    "rectification": "clearance/ordered",
    "service": SERVED,
    "recheck": "clearance/reported",
}
# As everywhere; the first two only to who has heard of the case before.
IF_TOLD = ("stopped", "deadline_changed")
AS_ALWAYS = ("publicity_opened", "publicity_taken_down")


def kind_of(case: Case, kind: str, outcome: Outcome | None) -> str:
    if outcome is None:
        return kind if kind in AS_ALWAYS or (kind in IF_TOLD and of_case(case).exists()) else ""
    if outcome.effect == Outcome.Effect.REGISTRY:
        return "clearance/cleared"
    if outcome.next_stage is None:
        return _of_end(case, outcome)
    if outcome.role == Outcome.Role.LAPSED:
        return "clearance/lapsed"
    entered = outcome.next_stage.kind
    if entered == "recheck" and case.procedure.kind == queries.PARTNER_REMOVAL and not is_desk(outcome.stage):
        return "clearance/parted"
    return "" if is_desk(outcome.stage) and entered == "recheck" else ON_ENTRY.get(entered, "")


def _of_end(case: Case, outcome: Outcome) -> str:
    """Whoever never heard of it need not hear that nothing came of it."""
    return "clearance/ended" if of_case(case).exists() else ""
