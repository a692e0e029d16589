"""What people do to a case. Every step takes the actor and the moment, and raises Refused with a whole sentence."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases import checks, confidential, engine, filings, kinds, people, published, ways
from cases.checks import Check
from cases.errors import Problem, Refused
from cases.meetings import Meeting, meeting_problems, needs_meeting
from cases.models import Case, CaseCounter, CheckRun, Decision, Material, Waiver
from cases.queries import (
    is_begun_by_office,
    material_label,
    materials_problems,
    required_materials,
    unverified_seals,
)
from cities import built, decisions, frozen
from cities.models import Outcome, Procedure, Programme, Stage
from cities.queries import procedure_in_force
from providers import registry
from providers.models import Registration
from providers.queries import edition_at
from records import events
from records.words import full_day


def draft(
    procedure: Procedure,
    registration: Registration,
    *,
    by: Any,
    at: datetime,
    channel: str = Case.Channel.ONLINE,
    received_on: date | None = None,
) -> Case:
    """Begin an application, or go on with the draft there is. It has neither number nor pinned rulebook yet."""
    if built.awaits(procedure):
        raise Refused(f"“{procedure.title}”还没有在平台开通，现在不能在线办理。")
    if registration.valid_to is not None:
        raise Refused(f"{registration.organisation}已不在名单，不能申请“{procedure.title}”。")
    if (channel == Case.Channel.OFFICE) != is_begun_by_office(procedure):
        who = "由工作人员发起" if is_begun_by_office(procedure) else "由单位申请"
        raise Refused(f"“{procedure.title}”{who}（{procedure.article.number}）。")
    with transaction.atomic():
        registry.lock(registration.programme)  # whoever presses twice, or with a colleague, gets one draft
        begun = Case.objects.filter(
            registration=registration, procedure__key=procedure.key, status=Case.Status.DRAFT
        ).first()
        return begun or _begin(procedure, registration, by, at, channel=channel, received_on=received_on)


def _begin(procedure: Procedure, registration: Registration, by: Any, at: datetime, **how: Any) -> Case:
    case = Case.objects.create(
        programme=registration.programme,
        procedure=procedure,
        organisation=registration.organisation,
        registration=registration,
        base_edition=edition_at(registration.programme, at),
        created_at=at,
        created_by=by,
        **how,
    )
    kinds.of(case).begin(case, at=at)
    return case


def bring_up_to_date(case: Case, *, at: datetime) -> bool:
    """Let a draft follow the rulebook in force, so that what is shown before filing is what is asked at filing."""
    now = procedure_in_force(case.programme, case.procedure.key, at)
    if case.status != Case.Status.DRAFT or now is None or now.pk == case.procedure_id:
        return False
    with engine.locked(case.pk) as (case, _):
        case.procedure = now
        case.save()
        events.record(
            "draft.follow",
            f"规则有了新版本，草稿改按{now.rulebook}查验",
            at=at,
            by=None,
            article=now.article.number,
            case=case,
            programme=case.programme,
            organisation=case.organisation,
        )
    return True


def discard(case: Case, *, by: Any, at: datetime) -> None:
    with engine.locked(case.pk) as (case, _):
        if case.status != Case.Status.DRAFT:
            raise Refused("这件已经提交，不能删除。要停止办理，可以撤回。")
        engine.end(case, Case.Result.DISCARDED, by=by, at=at, verb="discard", summary="删除草稿")


def submit(case: Case, *, by: Any, at: datetime) -> Case:
    """File a draft, or file again what was sent back. Numbers, pins and freezes; 不得 refuses, 原则上 goes on."""
    with engine.locked(case.pk) as (case, _):
        if not case.is_editable:
            raise Refused(f"{case} 已经提交，现在在“{case.stage}”，不能再次提交。")
        is_first = case.status == Case.Status.DRAFT
        if is_first:
            _pin(case, at)
        found = _ask(case, CheckRun.Moment.SUBMISSION, with_filing=is_first, at=at)
        _refuse_unfit(case, found, at)
        if is_first:
            case.number = take_number(case.programme, "case", at)
            case.submitted_at, case.submitted_by = at, by
            engine.begin(case, _first_stage(case), at=at)
        before, case.submission = case.submission, kinds.of(case).submission(case, at=at)
        published.refuse_personal(case, case.submission, "还不能提交")
        keep_checks(case, found, CheckRun.Moment.SUBMISSION, at)
        assert case.stage is not None
        outcome = frozen.outcome_of(case.stage, Outcome.Role.FORWARD)
        paper = f"（纸质材料，{full_day(case.received_on)} 收到，工作人员录入）" if case.received_on else ""
        differs = [] if is_first else filings.differences(case, before, case.submission)
        engine.follow(
            case,
            outcome,
            by=by,
            at=at,
            summary=f"{'提交' if is_first else _again(differs)}{paper}",
            data={filings.DIFFERS: differs} if differs else None,
        )
        return case


def _again(differs: list[list[str]]) -> str:
    what = "、".join(label for label, _ in differs)
    return f"补正后再次提交，改了{what}" if differs else "补正后再次提交，内容和材料没有改动"


def decide(case: Case, outcome_key: str, *, by: Any, at: datetime, **given: Any) -> Case:
    """Give an outcome at a desk; what is given with it is told by `decide_locked`."""
    with engine.locked(case.pk) as (case, _):
        return decide_locked(case, outcome_key, by=by, at=at, **given)


def decide_locked(
    case: Case,
    outcome_key: str,
    *,
    by: Any,
    at: datetime,
    opinion: str = "",
    waivers: Mapping[str, str] | None = None,
    correct_by: date | None = None,
    met_on: date | None = None,
    minutes: str = "",
) -> Case:
    """The same for a case that is locked and fresh. `waivers` maps a check's key to the reason for exceeding its in-principle
    limit; `met_on` and `minutes` are those of the meeting, where a council decides."""
    stage = _desk(case, by)
    outcome = next((one for one in frozen.outcomes_of(stage) if one.key == outcome_key), None)
    if outcome is None or outcome.role in (Outcome.Role.UPHELD, Outcome.Role.FAILED):
        raise Refused(f"“{stage}”没有这个办理结果，刷新页面再选。")
    _refuse_short_cut(case, outcome, at)
    held = Meeting(met_on, minutes.strip()) if needs_meeting(outcome) else Meeting()
    _refuse_incomplete_decision(case, outcome, opinion, correct_by, held, at)
    confidential.refuse_telling([case], "opinion", opinion, held.minutes, *(waivers or {}).values())
    if outcome.role == Outcome.Role.FORWARD:
        _clear_the_way(case, outcome, waivers or {}, by, at)
    given = {"outcome": outcome, "by": by, "at": at, "opinion": opinion}
    Decision.objects.create(case=case, stage=stage, **given, met_on=held.on, minutes=held.minutes)
    engine.follow(
        case,
        outcome,
        by=by,
        at=at,
        summary=f"{stage.label}：{outcome.label}",
        attention=opinion if outcome.role == Outcome.Role.RETURN else "",
        correct_by=correct_by if outcome.role == Outcome.Role.RETURN else None,
        data={"opinion": opinion, **held.to_json()},
    )
    return case


def withdraw(case: Case, *, by: Any, at: datetime, reason: str) -> None:
    with engine.locked(case.pk) as (case, _):
        if why := why_not_withdrawable(case):
            raise Refused(why)
        engine.end(case, Case.Result.WITHDRAWN, by=by, at=at, verb="withdraw", summary=f"撤回申请：{reason}")


def why_not_withdrawable(case: Case) -> str:
    """Empty while the row still allows it."""
    if case.status != Case.Status.OPEN or case.stage is None:
        return "这件不在办理中，不能撤回。"
    last = case.procedure.stages.filter(key=case.procedure.withdrawable_until).first()
    if last is None or case.stage.order > last.order:
        return f"已到“{case.stage}”环节，不能再撤回" + (f"（“{last}”之前可以）。" if last else "。")
    return ""


def add_material(case: Case, key: str, stored: Any, *, by: Any, at: datetime, subject: str = "") -> Material:
    """File a document against a required material, of a subject where there is one of each; the one before stays on record."""
    with engine.locked(case.pk) as (case, _):
        if not case.is_editable:
            raise Refused(f"{case} 已经提交，材料不能更换。要更换，联系工作人员退回补正。")
        if (key, subject) not in {(one.row.key, one.subject) for one in required_materials(case)}:
            raise Refused(
                "这份材料现在不用交，没有收下：它所属的企业或这项要求已不在这件里。刷新页面看要交什么。"
            )
        case.materials.filter(key=key, subject=subject, replaced_at=None).update(replaced_at=at)
        return Material.objects.create(
            case=case, key=key, subject=subject, file=stored, added_at=at, added_by=by
        )


def verify_seal(material: Material, *, by: Any, at: datetime) -> None:
    """A person at the desk has looked at the document and found its seal in order."""
    with engine.locked(material.case_id) as (case, _):
        _desk(case, by)
        if material.seal_checked_at is not None:
            return
        material.seal_checked_at, material.seal_checked_by = at, by
        material.save()
        events.record(
            "material.seal",
            f"核对“{material_label(case, material)}”的盖章",
            at=at,
            by=by,
            data={"material": material.pk},
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


def take_number(programme: Programme, series: str, at: datetime) -> str:
    """The next number of a series in the local year of that moment, e.g. prefix-2026-0142. Call inside a transaction."""
    year = timezone.localtime(at).year
    counter, _ = CaseCounter.objects.select_for_update().get_or_create(
        programme=programme, series=series, year=year
    )
    counter.last += 1
    counter.save()
    middle = "" if series == "case" else f"{series}-"
    return f"{programme.number_prefix}-{middle}{year}-{counter.last:04d}"


def _pin(case: Case, at: datetime) -> None:
    procedure = procedure_in_force(case.programme, case.procedure.key, at)
    if procedure is None:
        raise Refused(f"{case.programme}现在没有施行中的规则，不受理“{case.procedure.title}”。")
    case.procedure, case.rulebook = procedure, procedure.rulebook


def _first_stage(case: Case) -> Stage:
    return case.procedure.stages.order_by("order").filter(kind="submission")[0]


def _ask(case: Case, moment: str, *, with_filing: bool, at: datetime) -> dict[str, list[Check]]:
    kind = kinds.of(case)
    filing = kind.filing_checks(case, at=at) if with_filing else []
    return {CheckRun.Purpose.FILING: filing, CheckRun.Purpose.STATE: kind.state_checks(case, at=at)}


def _refuse_unfit(case: Case, found: dict[str, list[Check]], at: datetime) -> None:
    everything = [check for group in found.values() for check in group]
    forbidden = checks.forbidding(everything)
    problems = [*kinds.of(case).problems(case, at=at), *materials_problems(case, at=at)]
    problems += [
        Problem(check.anchor, f"{check.message}。{check.advice}", check.article) for check in forbidden
    ]
    if problems:
        raise Refused(f"还不能提交，有 {len(problems)} 处要改", problems=problems, checks=forbidden)


def keep_checks(case: Case, found: Mapping[str, list[Check]], moment: str, at: datetime) -> None:
    for purpose, group in found.items():
        if group:
            CheckRun.objects.create(
                case=case, purpose=purpose, moment=moment, at=at, checks=[check.to_json() for check in group]
            )


def keep_checks_of(found: Mapping[Case, list[Check]], moment: str, at: datetime) -> None:
    """Of the state of several cases."""
    CheckRun.objects.bulk_create(
        CheckRun(
            case=case,
            purpose=CheckRun.Purpose.STATE,
            moment=moment,
            at=at,
            checks=[check.to_json() for check in checks_of_it],
        )
        for case, checks_of_it in found.items()
        if checks_of_it
    )


def _desk(case: Case, by: Any) -> Stage:
    """The desk a case is at, if this person may work there."""
    stage = case.stage
    if case.status != Case.Status.OPEN or stage is None or stage.kind != "review":
        raise Refused(
            f"{case} 现在不在审核环节（{case.stage or case.get_status_display()}），刷新页面看现在的状态。"
        )
    if why := people.why_not(by, case):
        raise Refused(why)
    return stage


def _refuse_incomplete_decision(
    case: Case, outcome: Outcome, opinion: str, correct_by: date | None, held: Meeting, at: datetime
) -> None:
    problems = meeting_problems(case, outcome, held, at)
    if outcome.needs_reason and not opinion.strip():
        problems.append(Problem("opinion", f"“{outcome.label}”要写明理由", outcome.article.number))
    if outcome.role == Outcome.Role.RETURN and correct_by is None:
        problems.append(Problem("correct_by", "写明补正到哪一天", outcome.article.number))
    if correct_by and correct_by < timezone.localtime(at).date():
        problems.append(Problem("correct_by", "补正的最后一天不能早于今天", outcome.article.number))
    if outcome.role == Outcome.Role.FORWARD:
        problems += [
            Problem("seals", f"“{label}”还没有核对盖章", article) for label, article in unverified_seals(case)
        ]
    if problems:
        raise Refused(f"还不能办理，有 {len(problems)} 处要改", problems=problems)


def _refuse_short_cut(case: Case, outcome: Outcome, at: datetime) -> None:
    if required := ways.passes_by(outcome, ways.required(case.procedure, at)):
        raise Refused(
            f"“{outcome.label}”不经过“{required}”，现在不能选（{required.article.number}）："
            f"{decisions.words(required)}。选转到“{required}”的结果。"
        )


def _clear_the_way(case: Case, outcome: Outcome, waivers: Mapping[str, str], by: Any, at: datetime) -> None:
    """Before a decider lets a case out of the desks: the state asked again, in-principle limits waived or not."""
    if outcome.next_stage is not None and outcome.next_stage.kind == "review":
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
    return "退回补正或者不予变更。"


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


def filing_checks(case: Case) -> list[Check]:
    """What the filing checks said when the case was filed; never asked again."""
    run = case.check_runs.filter(purpose=CheckRun.Purpose.FILING).first()
    return [Check.from_json(data) for data in run.checks] if run else []
