"""An outcome given at a desk, by who may give it there and with all that it takes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cases import announcing, checks, confidential, effect, engine, kinds, people, ways
from cases.checks import Check
from cases.errors import Problem, Refused
from cases.meetings import Meeting, meeting_problems, needs_meeting
from cases.models import Case, CheckRun, Decision, Waiver
from cases.queries import is_desk, names_last_day, unverified_seals
from cases.steps.keeping import filing_checks, keep_checks
from cities import decisions, frozen
from cities.models import Outcome, Stage
from records import events

# An objection, the effect itself or the clock brings these about; nobody gives them.
BY_ITSELF = (Outcome.Role.UPHELD, Outcome.Role.FAILED, Outcome.Role.LAPSED)


@dataclass(frozen=True)
class Given:
    """What comes with an outcome. `waivers` maps a check's key to the reason for exceeding its in-principle limit; `met_on` and
    `minutes` are those of the meeting, where a council decides; `demands` is what the unit is ordered once more to do, None where the
    outcome orders nothing more (`CaseKind.demanded_before`); `announced` is whether the public is told, and why, where that is
    chosen with it."""

    opinion: str = ""
    waivers: Mapping[str, str] | None = None
    named_day: date | None = None
    met_on: date | None = None
    minutes: str = ""
    demands: str | None = ""
    announced: tuple[bool, str] | None = None

    @property
    def held(self) -> Meeting:
        return Meeting(self.met_on, self.minutes)

    def to_json(self) -> dict[str, str]:
        """As it stands in the data of the decision's event."""
        demands = {"demands": self.demands} if self.demands else {}
        return {"opinion": self.opinion, **self.held.to_json(), **demands}


def decide(case: Case, outcome_key: str, *, by: Any, at: datetime, **given: Any) -> Case:
    """Give an outcome at a desk; what may be given with it is told by `Given`."""
    with engine.locked(case.pk) as (case, _):
        return decide_locked(case, outcome_key, by=by, at=at, **given)


def decide_locked(case: Case, outcome_key: str, *, by: Any, at: datetime, **given: Any) -> Case:
    """The same for a case that is locked and fresh."""
    stage = desk_of(case, by)
    outcome = next((one for one in frozen.outcomes_of(stage) if one.key == outcome_key), None)
    if outcome is None or outcome.role in BY_ITSELF:
        raise Refused(f"“{stage}”没有这个办理结果，刷新页面再选。")
    _refuse_short_cut(case, outcome, at)
    with_it = _asked_for(case, outcome, Given(**given))
    _refuse_incomplete_decision(case, outcome, with_it, at)
    _put_on_record(case, with_it, by, at)
    if outcome.role == Outcome.Role.FORWARD:
        _clear_the_way(case, outcome, with_it.waivers or {}, by, at)
    held = {"met_on": with_it.met_on, "minutes": with_it.minutes}
    Decision.objects.create(
        case=case, stage=stage, outcome=outcome, by=by, at=at, opinion=with_it.opinion, **held
    )
    return _carry_out(case, stage, outcome, with_it, by, at)


def _asked_for(case: Case, outcome: Outcome, given: Given) -> Given:
    """Without what this outcome does not ask for."""
    kind = kinds.of(case)
    met = (given.met_on, given.minutes.strip()) if needs_meeting(outcome) else (None, "")
    again = kind.demanded_before(case, outcome) is not None
    return replace(
        given,
        met_on=met[0],
        minutes=met[1],
        demands=(given.demands or "").strip() if again else None,
        announced=given.announced if kind.announcing(case, outcome) else None,
    )


def _put_on_record(case: Case, given: Given, by: Any, at: datetime) -> None:
    """What is kept with the case before the outcome takes effect."""
    reasons = (given.waivers or {}).values()
    confidential.refuse_telling([case], "opinion", given.opinion, given.minutes, *reasons)
    if given.demands is not None:
        confidential.refuse_telling([case], "demands", given.demands)
        kinds.of(case).demand(case, given.demands, at=at)
    if given.announced:
        kinds.of(case).announce(case, *given.announced, by=by, at=at)


def _carry_out(case: Case, stage: Stage, outcome: Outcome, given: Given, by: Any, at: datetime) -> Case:
    published = effect.take_effect_at_desk(case, outcome, by=by, at=at) if _changes_list(outcome) else None
    engine.follow(
        case,
        outcome,
        by=by,
        at=at,
        summary=f"{stage.label}：{outcome.label}",
        attention=given.opinion if outcome.role == Outcome.Role.RETURN else "",
        named_day=given.named_day if names_last_day(outcome) else None,
        data=given.to_json(),
    )
    if published:
        announcing.announce("published", published, [case], by=by, at=at)
    return case


def _changes_list(outcome: Outcome) -> bool:
    return outcome.effect == Outcome.Effect.REGISTRY


def desk_of(case: Case, by: Any) -> Stage:
    """The desk a case is at, if this person may work there."""
    stage = case.stage
    if case.status != Case.Status.OPEN or stage is None or not is_desk(stage):
        raise Refused(
            f"{case} 现在不在审核环节（{case.stage or case.get_status_display()}），刷新页面看现在的状态。"
        )
    if why := people.why_not(by, case):
        raise Refused(why)
    return stage


def _refuse_incomplete_decision(case: Case, outcome: Outcome, given: Given, at: datetime) -> None:
    article = outcome.article.number
    problems = meeting_problems(case, outcome, given.held, at)
    if outcome.needs_reason and not given.opinion.strip():
        problems.append(Problem("opinion", f"“{outcome.label}”要写明理由", article))
    if given.demands == "":
        problems.append(Problem("demands", f"“{outcome.label}”要写明这次要求单位做什么", article))
    problems += _day_problems(outcome, given.named_day, at)
    if outcome.role == Outcome.Role.FORWARD:
        seals = unverified_seals(case)
        problems += [Problem("seals", f"“{label}”还没有核对盖章", by_row) for label, by_row in seals]
    named = given.named_day if names_last_day(outcome) else None
    problems += kinds.of(case).outcome_problems(case, outcome, named_day=named, at=at)
    if problems:
        raise Refused(f"还不能办理，有 {len(problems)} 处要改", problems=problems)


def _day_problems(outcome: Outcome, named_day: date | None, at: datetime) -> list[Problem]:
    if names_last_day(outcome) and named_day is None:
        what = "补正" if outcome.role == Outcome.Role.RETURN else ""
        return [Problem("named_day", f"写明{what}到哪一天", outcome.article.number)]
    if named_day and named_day < timezone.localtime(at).date():
        return [Problem("named_day", "最后一天不能早于今天", outcome.article.number)]
    return []


def _refuse_short_cut(case: Case, outcome: Outcome, at: datetime) -> None:
    if required := ways.passes_by(outcome, ways.required(case.procedure, at)):
        raise Refused(
            f"“{outcome.label}”不经过“{required}”，现在不能选（{required.article.number}）："
            f"{decisions.words(required)}。选转到“{required}”的结果。"
        )


def _clear_the_way(case: Case, outcome: Outcome, waivers: Mapping[str, str], by: Any, at: datetime) -> None:
    """Before a decider lets a case out of the desks: the state asked again, in-principle limits waived or not."""
    if is_desk(outcome.next_stage):
        return
    state = kinds.of(case).state_checks(case, at=at)
    for check in checks.asking([*filing_checks(case), *state]):
        if waivers.get(check.key, "").strip():
            _waive(case, check, waivers[check.key].strip(), by, at)
    left = checks.unresolved(case, [*filing_checks(case), *state])
    if left:
        raise Refused(
            f"还不能作出“{outcome.label}”，有 {len(left)} 项不符",
            problems=[
                Problem(check.key, f"{check.message}。{_way_out(check)}", check.article) for check in left
            ],
            checks=left,
        )
    keep_checks(case, {CheckRun.Purpose.STATE: state}, CheckRun.Moment.DECISION, at)


def _way_out(check: Check) -> str:
    if check.state == "ask":
        return "同意突破的，勾选并写明理由；不同意的，退回或不予变更。"
    return "退回，或者选不同意的结果。"


def _waive(case: Case, check: Check, reason: str, by: Any, at: datetime) -> None:
    assert check.value is not None
    assert check.limit_id is not None
    Waiver.objects.create(
        case=case,
        limit_id=check.limit_id,
        check_key=check.key,
        value=check.value,
        value_text=check.value_text,
        reason=reason[:500],
        by=by,
        at=at,
    )
    events.record(
        "waive",
        f"同意突破“{check.title}”（{check.value_text}）：{reason}",
        at=at,
        by=by,
        article=check.article,
        case=case,
        programme=case.programme,
        organisation=case.organisation,
    )


def assign(case: Case, owner: Any, *, by: Any, at: datetime) -> None:
    """Name who works on the case at its present desk."""
    with engine.locked(case.pk) as (case, _):
        case.owner = owner
        engine.reschedule(case)
        events.record(
            "assign",
            f"分派给 {owner.pk} 号账号",
            at=at,
            by=by,
            data={"owner": owner.pk},
            case=case,
            programme=case.programme,
        )
