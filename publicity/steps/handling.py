"""An objection on its way through the office: taken up or not, looked into, concluded, answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cases import confidential, deadlines, engine, grounds
from cases.errors import Problem, Refused
from cases.models import Case
from cases.queries import last_hand
from cities import frozen
from cities.models import Outcome
from publicity import objectors
from publicity.aftermath import LIST_WRONG, source_of
from publicity.models import Objection, ObjectionAct
from publicity.stage import Publicity, has_open_objection, showing
from publicity.steps.common import refuse_stranger, tell
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
NOTED, TOLD, SUSTAINED = "objection.note", "objection.tell", "objection.sustain"


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
        this, *before = row.acts.order_by("-at", "-pk")[:2]
        if [(one.done, one.words, one.by_id) for one in before] == [(this.done, this.words, this.by_id)]:
            raise Refused(f"异议 {row} 的这份核实情况刚才已经登记，没有再记一遍。")
        tell(NOTED, f"登记异议 {row} 的核实情况", case, at=at, by=by)


def conclude(objection: Objection, *, conclusion: str, words: str, by: Any, at: datetime) -> None:
    """`conclusion` is one of CONCLUSIONS. Dismissed: the case goes on when its days are over. Upheld, also in part: back to
    the desk, once none is open any more; what is published already is to be corrected."""
    with _moved(objection, conclusion, Done.CONCLUDED, words, by=by, at=at) as (row, case):
        _close(row, words, by=by, at=at)
        is_back = _let_go(case, row, by=by, at=at)
        if row.asks_for_correction:
            _list_is_wrong(row, case, by=by, at=at)
        elif conclusion == State.DISMISSED:
            tell("objection.dismiss", f"异议 {row} 不成立", case, at=at, by=by)
        elif not is_back:
            tell(SUSTAINED, f"异议 {row} {row.get_state_display()}{_why_it_stays(case)}", case, at=at, by=by)


def tell_objector(
    objection: Objection, *, how: str, on: date, words: str = "", by: Any, at: datetime
) -> None:
    """Keep that whoever lodged it was told how it ended, or before that once that it was taken up: how, and on which day."""
    with _taken(objection, by=by) as (row, case):
        since = _to_be_told_since(row)
        if not since <= on <= timezone.localtime(at).date():
            what = "作出结论" if row.state in ENDED else "受理"
            wrong = f"告知日期在{what}那天到今天之间"
            raise Refused(f"{wrong}。", problems=[Problem("on", wrong)])
        confidential.refuse_telling([case], "words", words)
        _keep_told(row, case, how, on, words, by=by, at=at)


def note_letters_to_objectors(at: datetime) -> None:
    """Keep that objectors were told by the letters that have gone out meanwhile."""
    for objection, sent_at in objectors.told_by_mail():
        with engine.locked(objection.item.case_id) as (case, _):
            row = Objection.objects.get(pk=objection.pk)
            if not row.told_on:
                on = timezone.localtime(sent_at).date()
                _keep_told(row, case, Objection.Told.EMAIL, on, "系统寄到所留的邮箱", by=None, at=at)


def _to_be_told_since(row: Objection) -> date:
    """Since when there is something to tell that was not told yet. Raises Refused."""
    if row.told_on:
        raise Refused(f"异议 {row} 已在 {writing.full_day(row.told_on)} 告知提出人，不用再登记。")
    if row.state in ENDED:
        return timezone.localtime(row.settled_at).date()
    accepted = row.acts.filter(done=Done.ACCEPTED).first()
    if accepted is None:
        raise Refused(f"异议 {row} {row.get_state_display()}，还没有受理，也没有结论，不能登记告知。")
    if row.acts.filter(done=Done.TOLD).exists():
        raise Refused(f"异议 {row} 的受理已告知提出人，还没有结论，不用再登记。")
    return timezone.localtime(accepted.at).date()


def _keep_told(row: Objection, case: Case, how: str, on: date, words: str, *, by: Any, at: datetime) -> None:
    of_what = "结果" if row.state in ENDED else "受理"
    if row.state in ENDED:
        row.told_on, row.told_how = on, Objection.Told(how)
    said = f"{of_what}：{writing.full_day(on)}，{Objection.Told(how).label}。{words.strip()}"
    _keep(row, Done.TOLD, said, by=by, at=at)
    tell(TOLD, f"异议 {row} 的{of_what}已告知提出人", case, at=at, by=by)


def _list_is_wrong(objection: Objection, case: Case, *, by: Any, at: datetime) -> None:
    """In our words only: the conclusion, which may name the objector, stays with the objection."""
    edition = objection.edition
    assert edition is not None
    evidence = (
        f"对 {case}（{case.organisation}）的异议{objection.get_state_display()}，当时名单已发布为{edition}"
    )
    label = f"异议 {objection}"
    assert case.registration is not None
    about: dict[str, Any] = {"edition": edition, "found_in": case}
    source = source_of(objection)
    grounds.find(LIST_WRONG, source, case.registration, label=label, evidence=evidence, by=by, at=at, **about)
    said = f"{label} {objection.get_state_display()}，{edition}名单需要更正"
    data = {"edition": edition.number, "objection": str(objection), "verdict": objection.get_state_display()}
    tell("objection.uphold", said, case, at=at, by=by, data=data)


@contextmanager
def _taken(objection: Objection, *, by: Any) -> Iterator[tuple[Objection, Case]]:
    """The objection, fresh, and its case under lock, for somebody who may handle it."""
    with engine.locked(objection.item.case_id) as (case, _):
        refuse_stranger(case, by)
        related = ("item__period__stage__article", "edition")
        yield Objection.objects.select_related(*related).get(pk=objection.pk), case


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
        confidential.refuse_telling([case], "words", words)
        row.state = to
        _keep(row, done, words.strip(), by=by, at=at)
        yield row, case
        if done in objectors.TOLD_OF:
            objectors.tell(row, done, case, at=at)


def _keep(row: Objection, done: str, words: str, *, by: Any, at: datetime) -> None:
    row.save()
    ObjectionAct.objects.create(objection=row, done=done, words=words, by=by, at=at)


def _close(row: Objection, words: str, *, by: Any, at: datetime) -> None:
    row.settled_at, row.settled_by, row.conclusion = at, by, words.strip()
    row.save()


def _let_go(case: Case, objection: Objection, *, by: Any, at: datetime) -> bool:
    """Once no objection holds the case any more: back to its desk where one was sustained, which is the answer, else it goes
    on. One that is closed, or at a desk, has nowhere to go."""
    if case.status != Case.Status.OPEN:
        return False
    sustained = _sustained(case)
    if sustained and not has_open_objection(case):
        _back_to_desk(case, sustained, by=by, at=at)
        return case.stage != objection.item.period.stage
    if not has_open_objection(case):
        why = f"异议 {objection} {objection.get_state_display()}，没有别的异议"
        article = objection.item.period.stage.article.number
        deadlines.resume_deadline(case, by=by, at=at, reason=why, article=article)
    engine.reschedule(case)
    return False


def _sustained(case: Case) -> list[Objection]:
    """Those that were sustained and have not led back to the desk yet."""
    rows = Objection.objects.filter(item__case=case, item__upheld_at=None, edition=None)
    return list(
        rows.filter(state__in=Objection.SUSTAINED).select_related("item").order_by("settled_at", "receipt")
    )


def _why_it_stays(case: Case) -> str:
    if case.status != Case.Status.OPEN:
        return ""
    return "，别的异议处理完一并退回" if has_open_objection(case) else f"，本件在“{case.stage}”办理"


def _back_to_desk(case: Case, sustained: list[Objection], *, by: Any, at: datetime) -> None:
    """What was objected to must not go on standing; an objection outlives a period that was taken down, so what stands now
    may be another. At a desk already, the case stays there."""
    standing = showing(case)
    for item in {*(objection.item for objection in sustained), *([standing] if standing else [])}:
        item.upheld_at = at
        item.save()
    stage = case.stage
    if stage is None or stage.kind != Publicity.key:
        engine.reschedule(case)
        return
    outcome = frozen.outcome_of(stage, Outcome.Role.UPHELD)
    verdicts = "、".join(f"{one} {one.get_state_display()}" for one in sustained)
    engine.follow(
        case,
        outcome,
        by=by,
        at=at,
        summary=f"异议 {verdicts}，退回{outcome.next_stage}",
        owner=last_hand(case, outcome.next_stage),
        attention="；".join(f"异议{one.get_state_display()}：{one.conclusion}" for one in sustained),
        data={"verdict": _verdict(sustained)},
    )


def _verdict(sustained: list[Objection]) -> str:
    """The heaviest of them."""
    whole = any(one.state == State.UPHELD for one in sustained)
    return str((State.UPHELD if whole else State.UPHELD_IN_PART).label)
