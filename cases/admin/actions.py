"""The desk's own actions: give an opinion, assign, confirm a publication, let the system try again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases import desk, effect, engine, kinds, people, stages, steps, ways
from cases.admin.facts import unread_seals
from cases.admin.forms import AssignForm, DecisionForm, open_questions
from cases.desk import ANYWHERE, DeskAction, DeskForm, Done
from cases.kinds import Announcing
from cases.materials import works_at_a_desk
from cases.meetings import needs_meeting
from cases.models import Case, Deadline
from cases.people import COUNCIL, DESK_PERMISSION
from cases.queries import is_begun_by_office, is_desk, required_materials
from cities import keys
from cities.models import Outcome, Stage
from cities.permissions import HANDLE_CASES
from providers import registry
from records import words


class Decide(DeskAction):
    key = "decide"
    label = "提交意见"
    template = "admin/cases/desk/decide.html"

    def fits(self, case: Case) -> bool:
        return case.stage is not None and case.stage.actor in DESK_PERMISSION and not case.set_aside_at

    def available(self, case: Case, user: Any) -> bool:
        return self.fits(case) and not people.why_not(user, case)

    def form(self, case: Case, user: Any, at: datetime, data: Any = None, initial: Any = None) -> DeskForm:
        demanded = demanded_before(case, at)
        form = DecisionForm(
            data,
            initial=initial,
            auto_id=f"{self.key}-%s",
            outcomes=[(outcome, hint(outcome, outcome.key in demanded)) for outcome in outcomes(case, at)],
            asking=self._asking(case, at),
            demanded=demanded,
            announcing=announcing(case, at),
        )
        if (day := form.fields.get("named_day")) and (known := kinds.of(case).about_day(case, at=at)):
            day.help_text = f"{day.help_text}。{known}"
        return form

    def _asking(self, case: Case, at: datetime) -> list[Any]:
        """Waivers are given where a case leaves the desks, so only there they are asked for."""
        if not any(leaves_the_desks(outcome) for outcome in outcomes(case, at)):
            return []
        return open_questions(case, [*steps.filing_checks(case), *kinds.of(case).state_checks(case, at=at)])

    def context(self, case: Case, at: datetime) -> dict[str, Any]:
        return {
            "phrases": list(dict.fromkeys(phrase(case, outcome) for outcome in outcomes(case, at))),
            "unread": unread_seals(required_materials(case)),
            "foreseen": kinds.of(case).foreseen(case, at),
        }

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        key, stage, rows = cleaned["outcome"], case.stage, outcomes(case, at)
        waivers = {
            name.removeprefix("waive-"): cleaned[name.replace("waive-", "reason-", 1)]
            for name, is_given in cleaned.items()
            if name.startswith("waive-") and is_given
        }
        after = steps.decide(
            case,
            key,
            by=by,
            at=at,
            opinion=cleaned["opinion"],
            waivers=waivers,
            named_day=cleaned.get("named_day"),
            met_on=cleaned.get("met_on"),
            minutes=cleaned.get("minutes", ""),
            demands=cleaned.get("demands", ""),
            announced=announced(cleaned),
        )
        where = f"现在在“{after.stage}”" if after.status == Case.Status.OPEN else "已办结"
        label = next(row.label for row in rows if row.key == key)
        return Done(f"{stage}：{label}。{after} {where}。")


class Assign(DeskAction):
    key = "assign"
    label = "分派"
    is_folded = True

    def fits(self, case: Case) -> bool:
        return case.waiting_for in DESK_PERMISSION

    def available(self, case: Case, user: Any) -> bool:
        return self.fits(case) and works_at_a_desk(user, case)

    def form(self, case: Case, user: Any, at: datetime, data: Any = None, initial: Any = None) -> DeskForm:
        start = {"owner": case.owner_id, **(initial or {})}
        return AssignForm(data, initial=start, auto_id=f"{self.key}-%s", people=people.workers(case))

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        steps.assign(case, cleaned["owner"], by=by, at=at)
        return Done(f"{case} 已分派给 {cleaned['owner'].display_name}。")


class Publish(DeskAction):
    key = "publish"
    label = "确认发布"
    permission = HANDLE_CASES
    template = "admin/cases/desk/publish.html"

    def fits(self, case: Case) -> bool:
        return case.waiting_for == "clerk" and not case.set_aside_at

    def context(self, case: Case, at: datetime) -> dict[str, Any]:
        return {"others": list(effect.waiting_with(case, at))}

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        register = registry.lock(case.programme)
        if effect.take_effect(case, register, by=by, at=at):
            assert case.edition is not None
            return Done(f"{case} 已发布，名单为{case.edition}：{case.edition.summary}。")
        return Done(f"{case} 没有发布，名单没有变动，已退回“{case.stage}”：{case.attention}", is_good=False)


class Retry(DeskAction):
    key = "retry"
    label = "重新办理"
    permission = HANDLE_CASES
    template = "admin/cases/desk/retry.html"

    def fits(self, case: Case) -> bool:
        return case.set_aside_at is not None

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        engine.take_up_again(case, by=by, at=at)
        return Done(f"{case} 已重新交给系统，一分钟内再办一次。")


def outcomes(case: Case, at: datetime) -> list[Outcome]:
    """What can be chosen at the desk a case is at; not what leads past a stage that the office requires."""
    assert case.stage is not None
    rows = case.stage.outcomes.exclude(role__in=steps.BY_ITSELF)
    found = list(rows.select_related("next_stage__counting_rule", "article", "stage"))
    required = ways.required(case.procedure, at)
    return [one for one in found if not ways.passes_by(one, required)]


def demanded_before(case: Case, at: datetime) -> dict[str, str]:
    """The outcomes that give a further order, by key, each with what the last one demanded."""
    kind = kinds.of(case)
    found = {outcome.key: kind.demanded_before(case, outcome) for outcome in outcomes(case, at)}
    return {key: text for key, text in found.items() if text is not None}


def announced(cleaned: Mapping[str, Any]) -> tuple[bool, str] | None:
    """What was chosen on the form; None where it asked for no choice."""
    return None if cleaned.get("announced") is None else (cleaned["announced"], cleaned["announced_why"])


def announcing(case: Case, at: datetime) -> dict[str, Announcing]:
    """The outcomes with which it is chosen whether the public is told, by key, each with what is on record of that."""
    kind = kinds.of(case)
    found = {outcome.key: kind.announcing(case, outcome) for outcome in outcomes(case, at)}
    return {key: known for key, known in found.items() if known is not None}


def leaves_the_desks(outcome: Outcome) -> bool:
    is_forward = outcome.role == Outcome.Role.FORWARD
    return is_forward and not is_desk(outcome.next_stage)


def hint(outcome: Outcome, orders_again: bool = False) -> str:
    parts = [_leads_to(outcome.next_stage) if outcome.next_stage else "办结"]
    if outcome.role == Outcome.Role.RETURN:
        parts.append("写明补什么、到哪一天")
    elif outcome.names_day:
        parts.append("写明理由和到哪一天" if outcome.needs_reason else "写明到哪一天")
    elif outcome.needs_reason:
        parts.append("写明理由")
    if orders_again:
        parts.append("写明这次要求单位做什么")
    if outcome.next_stage and stages.kind_of(outcome.next_stage).tells_opinion:
        parts.append("要单位说明什么写在下面，会写进给它的通知")
    if needs_meeting(outcome):
        parts.append("写明会议日期和纪要编号")
    return "。".join(parts)


def _leads_to(stage: Stage) -> str:
    who = "" if stage.actor == "system" else f"，{_actor(stage)}{_does(stage)}"
    if not stage.span_number or stage.counting_rule is None:
        return f"转到“{stage}”{who}"
    return f"转到“{stage}”{who}，{words.count(stage.span_number, stage.counting_rule.unit)}"


def _actor(stage: Stage) -> str:
    """Who is asked for something has not applied for it."""
    return "单位" if stage.kind in keys.ASKED and stage.actor == "provider" else stage.get_actor_display()


def _does(stage: Stage) -> str:
    return "审议" if stage.actor == COUNCIL else "办"


def phrase(case: Case, outcome: Outcome) -> str:
    """A usual wording to start from."""
    article = case.procedure.article.number
    if is_begun_by_office(case.procedure):
        return f"经核实，依据{article}，{outcome.label}。理由：（写明事实）。"
    if outcome.role == Outcome.Role.FORWARD:
        return f"经审核，材料齐全，符合{article}，{outcome.label}。"
    if outcome.role in (Outcome.Role.RETURN, Outcome.Role.BACK):
        return "下列材料或内容须补正：（写明哪一份、补什么）。"
    return f"不符合{article}：（写明事实）。{outcome.label}。"


def publication_standing(case: Case, deadline: Deadline | None) -> str:
    return "待确认发布" if case.waiting_for == "clerk" else "待系统发布"


def register() -> None:
    desk.register_standing("publication", publication_standing)
    desk.register(ANYWHERE, Retry())
    for kind in keys.DESKS:
        desk.register(kind, Decide())
    desk.register("publication", Publish())
    desk.register(ANYWHERE, Assign())
