"""What can be done with an objection now, as forms, and doing it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.models import Case
from publicity import objectors, steps
from publicity.forms import AcceptForm, ConcludeForm, HandlingForm, NotAcceptForm, NoteForm, TellForm
from publicity.models import Objection
from records import words

State = Objection.State


@dataclass(frozen=True)
class Act:
    form: type[HandlingForm]
    fits: tuple[str, ...]

    def unbound(self, objection: Objection, now: datetime) -> HandlingForm:
        return self.form(**self._more(objection, now))

    def bound(self, data: Any, objection: Objection, now: datetime) -> HandlingForm:
        return self.form(data, **self._more(objection, now))

    def _more(self, objection: Objection, now: datetime) -> dict[str, Any]:
        today = {"today": words.local_day(now)} if self.form is TellForm else {}
        return {"objection": objection, **today}


ACTS = {
    act.form.act: act
    for act in (
        Act(AcceptForm, (State.RECEIVED,)),
        Act(NotAcceptForm, (State.RECEIVED,)),
        Act(ConcludeForm, (State.INVESTIGATED,)),
        Act(NoteForm, (State.ACCEPTED, State.INVESTIGATED)),
        Act(TellForm, tuple(state for state in State if state != State.RECEIVED)),
    )
}


def forms_for(objection: Objection, now: datetime) -> list[HandlingForm]:
    fitting = [act for act in ACTS.values() if objection.state in act.fits and not objection.told_on]
    if objection.is_open and not objectors.untold(objection):
        fitting = [act for act in fitting if act.form is not TellForm]
    return [act.unbound(objection, now) for act in fitting]


def perform(objection: Objection, form: HandlingForm, *, by: Any, at: datetime) -> str:
    """Do what the form says, and say what came of it. Raises Refused."""
    said, told = form.cleaned_data, objectors.how_told(objection)
    match form.act:
        case "accept":
            steps.accept(objection, by=by, at=at)
            return f"异议 {objection} 已受理。{told}核实后登记情况，再作结论。"
        case "not_accept":
            steps.not_accept(objection, refusal=said["refusal"], words=said["words"], by=by, at=at)
            return f"异议 {objection} 不予受理。{told}"
        case "note":
            steps.note(objection, words=said["words"], by=by, at=at)
            return f"已登记异议 {objection} 的核实情况。"
        case "conclude":
            steps.conclude(objection, conclusion=said["conclusion"], words=said["words"], by=by, at=at)
            return f"{_concluded(objection)}{told}"
        case _:
            steps.tell_objector(objection, how=said["how"], on=said["on"], words=said["words"], by=by, at=at)
            return f"已登记：异议 {objection} 已告知提出人。"


def _concluded(objection: Objection) -> str:
    row = Objection.objects.select_related("edition").get(pk=objection.pk)
    case = Case.objects.select_related("stage").get(pk=row.item.case_id)
    verdict = f"异议 {row} {row.get_state_display()}"
    if row.asks_for_correction:
        return f"{verdict}，已登记：{row.edition}名单需要更正。更正以前名单不变。"
    if case.status != Case.Status.OPEN:
        return f"{verdict}。{case} 已办结，不再变动。"
    if row.state in Objection.SUSTAINED:
        return f"{verdict}，{case} 已退回“{case.stage}”。"
    return f"{verdict}，{case} 公示期满后继续办理。"
