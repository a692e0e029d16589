"""What a unit answers when it is heard or has put something right: online, or on paper by the hand of a clerk."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from cases import confidential, engine
from cases.errors import Problem, Refused
from cases.models import Case
from cities import frozen
from cities.calendar.dates import local_day
from cities.models import Outcome
from clearance import queries, serving, stages
from clearance.models import Answer, AnswerFile
from records.models import StoredFile
from records.words import full_closes, full_day


def answer(
    case: Case,
    text: str,
    stored: Iterable[StoredFile],
    *,
    received_on: date | None = None,
    by: Any,
    at: datetime,
) -> Answer:
    """Put it on record and let the case go on; the case is locked and fresh. `received_on` is the day it came on paper."""
    _refuse(case, text, received_on, at)
    stage = case.stage
    assert stage is not None
    serving.answered(case, received_on or local_day(at), by=by, at=at)
    given = _keep(case, stored, text=text.strip(), received_on=received_on, at=at, by=by)
    outcome = frozen.outcome_of(stage, Outcome.Role.FORWARD)
    paper = f"（纸质材料，{full_day(received_on)} 收到，工作人员录入）" if received_on else ""
    engine.follow(case, outcome, by=by, at=at, summary=f"{stage}：{outcome.label}{paper}")
    return given


def _keep(case: Case, stored: Iterable[StoredFile], **said: Any) -> Answer:
    assert case.stage is not None
    assert case.stage_since is not None
    given = Answer.objects.create(case=case, stage=case.stage, since=case.stage_since, **said)
    AnswerFile.objects.bulk_create(AnswerFile(answer=given, file=file) for file in stored)
    return given


def why_not(case: Case) -> str:
    """Why nothing can be answered now; empty where it can."""
    if case.status != Case.Status.OPEN or case.stage is None or case.stage.kind not in serving.ASKS:
        return f"{case} 现在不等单位答复（{case.stage or case.get_status_display()}）。"
    if case.procedure.kind == queries.PARTNER_REMOVAL:
        return (
            f"{case} 要变更名单才算办完，不用另行答复：在这件的页面提交责令的变更（{case.stage.article}）。"
        )
    if case.set_aside_at:
        return f"{case} 暂时搁置，联系工作人员。"
    return ""


def _refuse(case: Case, text: str, received_on: date | None, at: datetime) -> None:
    if why := why_not(case):
        raise Refused(why)
    if not text.strip():
        raise Refused(
            "写明内容。", problems=[Problem("text", "写明内容，不能留空", queries.article_of(case))]
        )
    confidential.refuse_numbers("text", text)
    if received_on and (wrong := _wrong_day(case, received_on, at)):
        raise Refused(f"{wrong}。", problems=[Problem("received_on", wrong, queries.article_of(case))])
    _refuse_late(case, received_on, at)


def _wrong_day(case: Case, received_on: date, at: datetime) -> str:
    """Nobody answers what he has not been asked; where nobody has recorded the service, the answer does (`serving.answered`)."""
    said, reached = f"收到日期 {full_day(received_on)}", serving.first_day(case)
    if received_on > local_day(at):
        return f"{said} 还没有到"
    if reached and received_on < reached:
        what = "送达" if serving.of(case) else "作出"
        return f"{said} 早于“{case.stage}”{what}的 {full_day(reached)}"
    return ""


def _refuse_late(case: Case, received_on: date | None, at: datetime) -> None:
    """Once its days are over the clock has the case, also before the sweep has come; what came on paper within them counts."""
    over = stages.run_out(case, at)
    if over and not (received_on and received_on <= over.closes_on):
        raise Refused(
            f"{case} 的期限 {full_closes(over.closes_at)} 已经届满（{over.article}），现在不能再报，由工作人员接着办。有话要说的，联系工作人员。"
        )
