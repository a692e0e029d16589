"""An application begun, kept up to date, filed, withdrawn or thrown away."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from cases import checks, engine, filings, kinds, published
from cases.checks import Check
from cases.errors import Problem, Refused
from cases.models import Case, CheckRun
from cases.queries import (
    is_begun_by_office,
    materials_problems,
)
from cases.steps.keeping import keep_checks, take_number
from cities import built, frozen
from cities.models import Outcome, Procedure, Stage
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
    if registration.valid_to and (why := kinds.of_procedure(procedure).why_gone(registration)):
        raise Refused(f"{why}，不能办“{procedure.title}”。")
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
        refuse_ended(case)
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


def why_ended(case: Case) -> str:
    """Why nothing more is written or filed of a unit that has left the list; empty where it is. What it has begun stays to be read."""
    if not case.registration or not case.registration.valid_to:
        return ""
    why = kinds.of(case).why_gone(case.registration)
    return f"{why}，不能再改，也不能再提交；已填的内容保留，可以查看。" if why else ""


def refuse_ended(case: Case) -> None:
    if why := why_ended(case):
        raise Refused(why)


def _again(differs: list[list[str]]) -> str:
    what = "、".join(label for label, _ in differs)
    return f"补正后再次提交，改了{what}" if differs else "补正后再次提交，内容和材料没有改动"


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
