"""How the list would stand after the change."""

from cases.checks import Check
from cases.models import Case
from cases.operations import words
from changes import queries
from changes.checks.question import Question, limit_check, way_out
from cities import limits
from cities.models import Limit
from cities.rulebooks.describe import citation
from providers.operations import ListOperation
from providers.snapshots import Snapshot


def single(question: Question) -> Check:
    """One change of partners, and one of the catalogue, at a time for a unit, so that each is decided on the list it will
    change."""
    other = _another(question)
    article, url = citation(question.case.procedure)
    return Check(
        key="single",
        title="没有在办的同类申请",
        passed=other is None,
        message=f"{other.number} 正在办理（{other.stage}）" if other else "",
        article=article,
        article_url=url,
        advice="等这件办结，或先撤回它，再提交" if other else "",
        anchor="operations",
    )


def _another(question: Question) -> Case | None:
    """What is on its way already and touches the same."""
    case, touched = question.case, set(words.subjects(question.operations))
    others = queries.going(question.registration, case.procedure).exclude(pk=case.pk).select_related("stage")
    others = others.only("number", "submission", "stage__label")
    return next((one for one in others if touched & set(one.submission.get("subjects", []))), None)


def fits(question: Question) -> Check:
    """Whether the list still is what the change takes it to be."""
    article, url = citation(question.case.procedure)
    wrong = question.misfit
    base = question.case.base_edition
    return Check(
        key="fits",
        title="与现行名单衔接",
        passed=not wrong,
        message=wrong or "变更的内容与现行名单衔接",
        article=article,
        article_url=url,
        evidence=[f"底稿：{base}" if base else "底稿：尚无名单版本"],
        advice="按现行名单重新填写这一项" if wrong else "",
        anchor="operations",
    )


def size(question: Question, limit: Limit) -> list[Check]:
    """How many parties stand behind the unit; a change that does not fit is `fits`'s to tell."""
    value = _parties(question.list_then)
    check = limit_check(
        limit,
        "partners_per_registration",
        title=f"{question.case.programme.partner_term}数量",
        passed=limits.holds(limit.comparator, value, limit.number),
        message=f"变更后 {value} 家，{limits.wording(limit)}",
        value=value,
        value_text=f"{value} 家",
        evidence=[f"现在 {_parties(question.list_now)} 家；同一家在几个行业只计 1 家"],
        advice=way_out(limit, "减少新增"),
        anchor="explanation" if limit.strictness == Limit.Strictness.IN_PRINCIPLE else "operations",
    )
    return [check]


def _parties(state: Snapshot) -> int:
    return len({partner["code"] for partner in state["partners"]})


def spread(question: Question, limit: Limit) -> list[Check]:
    return [_spread(question, limit, operation) for operation in question.joining]


def _spread(question: Question, limit: Limit, operation: ListOperation) -> Check:
    within = limit.per == Limit.Per.PARTNER_INDUSTRY
    term, partner = question.case.programme.registrant_term, question.case.programme.partner_term
    where = f"在{question.industry_name(operation.industry)}行业" if within else "在各行业合计"
    others = _others_behind(question, operation, within=within)
    value = len(others) + 1
    passed = limits.holds(limit.comparator, value, limit.number)
    name, wording = operation.partner_name, limits.wording(limit)
    return limit_check(
        limit,
        f"registrations_per_partner:{operation.industry}:{operation.partner_code}",
        title=f"{name}：支持几家{term}",
        passed=passed,
        message=f"{name}{where}变更后是 {value} 家{term}的{partner}，{wording}"
        if passed
        else f"不能新增{name}：{where}已是 {len(others)} 家{term}的{partner}，{wording}",
        value=value,
        value_text=f"{value} 家",
        evidence=[f"现在：{'、'.join(others)}" if others else f"{where}，现在没有支持别的{term}"],
        advice=way_out(limit, "换一家或换一个行业" if within else "换一家"),
        anchor=_anchor(operation),
    )


def _others_behind(question: Question, operation: ListOperation, *, within: bool) -> list[str]:
    """The other units this organisation stands behind, in the industry or anywhere."""
    places = question.standings[operation.partner_code].behind
    elsewhere = [place for place in places if place.registration_id != question.registration.pk]
    units = {
        place.registration_id: place.unit
        for place in elsewhere
        if place.industry == operation.industry or not within
    }
    return sorted(units.values())


def not_a_registrant(question: Question, limit: Limit) -> list[Check]:
    return [_not_a_registrant(question, limit, operation) for operation in question.joining]


def _not_a_registrant(question: Question, limit: Limit, operation: ListOperation) -> Check:
    within, code = limit.per == Limit.Per.PARTNER_INDUSTRY, operation.partner_code
    standing = question.standings[code]
    value = int(operation.industry in standing.listed_in if within else standing.is_registrant)
    programme = question.case.programme
    name, term, partner = operation.partner_name, programme.registrant_term, programme.partner_term
    passed = limits.holds(limit.comparator, value, limit.number)
    strict = "" if limit.strictness == Limit.Strictness.HARD else limit.get_strictness_display()
    where = f"“{question.industry_name(operation.industry)}”行业的" if within else ""
    listed = f"{name}本身在{where}{term}名单内" if value else f"{name}不在{where}{term}名单内"
    return limit_check(
        limit,
        f"registrant_as_partner:{operation.partner_code}",
        title=f"{name}：是不是{term}",
        passed=passed,
        message=listed if passed else f"{listed}，{term}{strict}不得作为其他{term}的{partner}",
        value=value,
        value_text="在名单内" if value else "不在名单内",
        advice=way_out(limit, "换一家"),
        anchor=_anchor(operation),
    )


def _anchor(operation: ListOperation) -> str:
    return f"operation-{operation.industry}-{operation.partner_code}"
