"""Moving an open case to another version of its rules: a recorded act of a person, one case at a time."""

from datetime import datetime
from typing import Any

from accounts import access
from cases import deadlines, districts, engine, kinds, steps
from cases.checks import Check
from cases.errors import Problem, Refused
from cases.models import Case, CheckRun
from cases.versions.comparing import Comparison, Recount
from cases.versions.differences import Difference, Side
from cases.versions.rows import procedure_of
from cases.versions.taking_over import has_begun, reach, versions_of
from cities.models import Rulebook, Stage
from cities.permissions import DECIDE_CASES
from records import events

VERB = "repin"
NO_REASON = "写明为什么改按新版本，不能留空"


def repin(case: Case, rulebook: Rulebook, *, reason: str, by: Any, at: datetime) -> Case:
    """Go on with an open case by a later version that takes it over. Its stage and since when it is there stay; its running
    span is counted again from its own beginning, unless the public has been told of it; its checks are asked again."""
    with engine.locked(case.pk) as (case, _):
        _refuse(case, rulebook, reason, by, at)
        before, recount = case.rulebook, Comparison(rulebook, at).recount(case)
        engine.carry_over(case, _stage_in(case, rulebook))
        if recount and not recount.difference.stays:
            deadlines.count_again(case, recount.row, since=recount.since, at=at)
        _ask_again(case, at)
        engine.reschedule(case)
        _tell(case, before, recount, reason.strip(), by=by, at=at)
    return case


def why_not(case: Case, rulebook: Rulebook, at: datetime) -> str:
    """Why a case cannot go on by this version; empty where it can."""
    if case.status != Case.Status.OPEN or case.rulebook is None or case.stage is None:
        return f"{case} 不在办理中，不能改按{rulebook}。草稿在提交时按当时施行的版本。"
    if case.programme_id != rulebook.programme_id or not has_begun(rulebook, at):
        return f"{rulebook}不是{case.programme}已经施行的版本，{case} 不能改按它。"
    if case.rulebook_id not in reach(rulebook, versions_of(case.programme)):
        return (
            f"{rulebook}不是更正第 {case.rulebook.version} 版的，也没有写明在办事项改按它："
            f"{case} 仍按{case.rulebook}办完。"
        )
    return _why_no_way(case, rulebook)


def _why_no_way(case: Case, rulebook: Rulebook) -> str:
    assert case.stage is not None
    if procedure_of(rulebook, case.procedure) is None:
        return f"{rulebook}没有“{case.procedure}”这个程序，{case} 不能改按它，仍按{case.rulebook}办完。"
    stage = _find(case, rulebook)
    if stage is None:
        return f"{rulebook}没有“{case.stage}”这个环节，{case} 现在在那里：离开这个环节以后再改。"
    return districts.unreachable(case, stage)


def _refuse(case: Case, rulebook: Rulebook, reason: str, by: Any, at: datetime) -> None:
    if not access.may(by, DECIDE_CASES, case.programme):
        raise Refused("改按新版本由审定人办理，您没有这个角色。")
    if why := why_not(case, rulebook, at):
        raise Refused(why)
    if not reason.strip():
        raise Refused("写明为什么改按新版本。", problems=[Problem("reason", NO_REASON)])


def _find(case: Case, rulebook: Rulebook) -> Stage | None:
    assert case.stage is not None
    rows = Stage.objects.filter(rulebook=rulebook, procedure__key=case.procedure.key)
    found = rows.filter(key=case.stage.key, kind=case.stage.kind)
    return found.select_related("procedure__rulebook", "procedure__article", "rulebook", "article").first()


def _stage_in(case: Case, rulebook: Rulebook) -> Stage:
    stage = _find(case, rulebook)
    assert stage is not None
    return stage


def _ask_again(case: Case, at: datetime) -> None:
    """What the version asks of the filing it asks of the day it was filed; what it asks of the list, of today's."""
    kind, filed = kinds.of(case), case.submitted_at
    assert filed is not None
    found: dict[str, list[Check]] = {
        CheckRun.Purpose.FILING: kind.filing_checks(case, at=filed),
        CheckRun.Purpose.STATE: kind.state_checks(case, at=at),
    }
    steps.keep_checks(case, found, CheckRun.Moment.REPIN, at)


def _tell(
    case: Case, before: Rulebook | None, recount: Recount | None, reason: str, *, by: Any, at: datetime
) -> None:
    """The event names every date with its article, also one that stays."""
    assert before is not None
    assert case.rulebook is not None
    assert case.stage is not None
    span = recount.difference if recount else None
    events.record(
        VERB,
        f"由第 {before.version} 版改按第 {case.rulebook.version} 版办理：{reason}。{dates_told(case.stage, span)}",
        at=at,
        by=by,
        article=case.stage.article.number,
        data={
            "from": before.version,
            "to": case.rulebook.version,
            "reason": reason,
            "dates": [span.to_json()] if span else [],
        },
        case=case,
        programme=case.programme,
        organisation=case.organisation,
    )


def dates_told(stage: Stage, span: Difference | None) -> str:
    """What becomes of the days at the present stage, in a sentence."""
    if span is None:
        return "现在没有按规则计算的期限。"
    before, after = _cited(span.before), _cited(span.after)
    if not span.is_there:
        return f"“{stage}”仍为 {before if span.stays else after}。"
    if span.stays:
        return f"“{stage}”已经公告，仍为 {before}，不改为 {after}。"
    return f"“{stage}”由 {before}改为 {after}。"


def _cited(side: Side) -> str:
    return f"{side.text}（{side.article}）"
