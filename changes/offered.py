"""What a procedure lets a unit change, and the programme's own words for it."""

from collections.abc import Iterable

from cases.operations.words import action_name, subject_name, subject_of
from changes.models import Operation
from cities.models import Outcome, Procedure

# Of what a list holds, what a unit may ask to have changed, in the order in which pages have it.
SUBJECTS = ("partners", "catalogue")


def actions(procedure: Procedure) -> list[str]:
    """The operations a procedure takes; a row that names none takes all."""
    return [one for one in Operation.Action.values if not procedure.operations or one in procedure.operations]


def subjects(procedure: Procedure) -> list[str]:
    """Partners, catalogue, or both."""
    taken = {subject_of(action) for action in actions(procedure)}
    return [subject for subject in SUBJECTS if subject in taken]


def why_not(procedure: Procedure, wanted: Iterable[str]) -> str:
    """Empty where a procedure takes all these operations."""
    taken, programme = actions(procedure), procedure.rulebook.programme
    wrong = dict.fromkeys(action_name(action, programme) for action in wanted if action not in taken)
    if not wrong:
        return ""
    only = "、".join(action_name(action, programme) for action in taken)
    return f"“{procedure}”只办{only}（{procedure.article}），不办{'、'.join(wrong)}"


def reason_asked_by(procedure: Procedure) -> str:
    """The article that asks why a change is wanted; empty where the text does not ask."""
    filing = Outcome.objects.filter(stage__procedure=procedure, stage__kind="submission", needs_reason=True)
    return str(filing.values_list("article__number", flat=True).first() or "")


def refusal(procedure: Procedure, action: str) -> str:
    """What to say to whoever asks for an operation that is not taken; empty for one that is."""
    why = why_not(procedure, [action])
    return f"{why}。要办的，联系工作人员。" if why else ""


def counted_apart(subject: str, procedure: Procedure) -> str:
    """Of which subject an allowance is, in brackets; nothing where all are counted together, or there is only one."""
    is_all = subject == "" or subjects(procedure) == [subject]
    return "" if is_all else f"（{subject_name(subject, procedure.rulebook.programme)}）"
