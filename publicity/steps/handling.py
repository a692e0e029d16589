"""An objection on its way through the office: taken up or not, looked into, concluded, answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cases import deadlines, engine
from cases.errors import Problem, Refused
from cases.models import Case
from cases.queries import last_hand
from cities import frozen
from cities.models import Outcome, Stage
from publicity.models import Objection, ObjectionAct
from publicity.stage import has_open_objection, showing
from publicity.steps.common import publicity_stage, refuse_stranger, tell
from records import words as writing

State, Done = Objection.State, ObjectionAct.Done
CONCLUSIONS = (State.DISMISSED, State.UPHELD_IN_PART, State.UPHELD)
# Where an objection may go from each state; where nothing stands it has ended.
TRANSITIONS: dict[str, tuple[str, ...]] = {
    State.RECEIVED: (State.ACCEPTED, State.NOT_ACCEPTED),
    State.ACCEPTED: (State.INVESTIGATED,),
    State.INVESTIGATED: (State.INVESTIGATED, *CONCLUSIONS),
}
ENDED = (State.NOT_ACCEPTED, *CONCLUSIONS)
# Internal, as OPENED is.
NOTED, TOLD = "objection.note", "objection.tell"


def accept(objection: Objection, *, by: Any, at: datetime) -> None:
    """Take it up. Its case goes on waiting."""
    with _moved(objection, State.ACCEPTED, Done.ACCEPTED, "", by=by, at=at) as (row, case):
        tell("objection.accept", f"受理异议 {row}", case, at=at, by=by)


def not_accept(objection: Objection, *, refusal: str, words: str, by: Any, at: datetime) -> None:
    """Do not take it up, for one of the known reasons and in words that the objector reads. Its case is free."""
    with _moved(objection, State.NOT_ACCEPTED, Done.NOT_ACCEPTED, words, by=by, at=at) as (row, case):
        row.refusal = Objection.Refusal(refusal)
        _close(row, words, by=by, at=at)
        _let_go(case, row, by=by, at=at)
        tell("objection.not_accept", f"异议 {row} 不予受理：{row.get_refusal_display()}", case, at=at, by=by)


def note(objection: Objection, *, words: str, by: Any, at: datetime) -> None:
    """Keep what was found; as often as something is."""
    with _moved(objection, State.INVESTIGATED, Done.NOTED, words, by=by, at=at) as (row, case):
        tell(NOTED, f"登记异议 {row} 的核实情况", case, at=at, by=by)


def conclude(objection: Objection, *, conclusion: str, words: str, by: Any, at: datetime) -> None:
    """`conclusion` is one of CONCLUSIONS. Dismissed: the case goes on when its days are over. Upheld, also in part: back to
    the desk; what is published already is to be corrected."""
    with _moved(objection, conclusion, Done.CONCLUDED, words, by=by, at=at) as (row, case):
        # A case that was withdrawn meanwhile goes nowhere any more; its objection is still answered.
        stage = publicity_stage(case, by) if case.status == Case.Status.OPEN else None
        _close(row, words, by=by, at=at)
        if conclusion != State.DISMISSED and stage:
            _back_to_desk(case, stage, row, by=by, at=at)
            return
        _let_go(case, row, by=by, at=at)
        verb = "objection.dismiss" if conclusion == State.DISMISSED else "objection.uphold"
        todo = f"，{row.edition}名单需要更正" if row.asks_for_correction else ""
        data = {"edition": row.edition.number, "objection": str(row)} if todo and row.edition else None
        tell(verb, f"异议 {row} {row.get_state_display()}{todo}", case, at=at, by=by, data=data)


def tell_objector(
    objection: Objection, *, how: str, on: date, words: str = "", by: Any, at: datetime
) -> None:
    """Keep that whoever lodged it was told how it ended: how, and on which day."""
    with _taken(objection, by=by) as (row, case):
        if row.state not in ENDED:
            raise Refused(f"异议 {row} {row.get_state_display()}，还没有结论，不能登记告知。")
        if row.told_on:
            raise Refused(f"异议 {row} 已在 {writing.full_day(row.told_on)} 告知提出人，不用再登记。")
        if not timezone.localtime(row.settled_at or at).date() <= on <= timezone.localtime(at).date():
            wrong = "告知日期在作出结论那天到今天之间"
            raise Refused(f"{wrong}。", problems=[Problem("on", wrong)])
        row.told_on, row.told_how = on, Objection.Told(how)
        said = f"{writing.full_day(on)}，{row.get_told_how_display()}。{words.strip()}"
        _keep(row, Done.TOLD, said, by=by, at=at)
        tell(TOLD, f"异议 {row} 的结果已告知提出人", case, at=at, by=by)


@contextmanager
def _taken(objection: Objection, *, by: Any) -> Iterator[tuple[Objection, Case]]:
    """The objection, fresh, and its case under lock, for somebody who may handle it."""
    with engine.locked(objection.item.case_id) as (case, _):
        refuse_stranger(case, by)
        yield Objection.objects.select_related("item__period", "edition").get(pk=objection.pk), case


@contextmanager
def _moved(
    objection: Objection, to: str, done: str, words: str, *, by: Any, at: datetime
) -> Iterator[tuple[Objection, Case]]:
    """The one way from state to state: refused where TRANSITIONS does not lead, and kept with its words."""
    with _taken(objection, by=by) as (row, case):
        onward = TRANSITIONS.get(row.state, ())
        if not onward:
            raise Refused(f"异议 {row} 已经处理过：{row.get_state_display()}。")
        if to not in onward:
            steps = "、".join(State(one).label for one in onward)
            raise Refused(
                f"异议 {row} 现在是“{row.get_state_display()}”，不能直接到“{State(to).label}”。下一步：{steps}。"
            )
        if done != Done.ACCEPTED and not words.strip():
            raise Refused("写明情况和理由。", problems=[Problem("words", "写明情况和理由，不能留空")])
        row.state = to
        _keep(row, done, words.strip(), by=by, at=at)
        yield row, case


def _keep(row: Objection, done: str, words: str, *, by: Any, at: datetime) -> None:
    row.save()
    ObjectionAct.objects.create(objection=row, done=done, words=words, by=by, at=at)


def _close(row: Objection, words: str, *, by: Any, at: datetime) -> None:
    row.settled_at, row.settled_by, row.conclusion = at, by, words.strip()
    row.save()


def _let_go(case: Case, objection: Objection, *, by: Any, at: datetime) -> None:
    """The case goes on, unless another objection holds it; one that is closed has nowhere to go."""
    if case.status != Case.Status.OPEN:
        return
    if not has_open_objection(case):
        why = f"异议 {objection} {objection.get_state_display()}，没有别的异议"
        deadlines.resume_deadline(case, by=by, at=at, reason=why)
    engine.reschedule(case)


def _back_to_desk(case: Case, stage: Stage, objection: Objection, *, by: Any, at: datetime) -> None:
    # An objection outlives a period that was taken down: what stands in publicity now must not go on standing.
    item = showing(case) or objection.item
    if has_open_objection(case):
        raise Refused("本件还有别的异议没有处理完，都处理完再认定成立。")
    item.upheld_at = at
    item.save()
    outcome = frozen.outcome_of(stage, Outcome.Role.UPHELD)
    verdict = objection.get_state_display()
    engine.follow(
        case,
        outcome,
        by=by,
        at=at,
        summary=f"异议 {objection} {verdict}，退回{outcome.next_stage}",
        owner=last_hand(case, outcome.next_stage),
        attention=f"异议{verdict}：{objection.conclusion}",
    )
