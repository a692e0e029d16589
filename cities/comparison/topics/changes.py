"""Changes of a registration: how often, how far, and what must be reported."""

from cities import keys
from cities.comparison.cells import SILENT, Line, cited
from cities.comparison.decided import decided
from cities.comparison.facts import Facts
from cities.comparison.topics.duties import duty_line
from cities.comparison.topics.topic import Group, Topic
from cities.comparison.words import limit_line
from cities.models import Procedure, ReportingDuty, Stage
from cities.rulebooks.describe import in_own_terms

KINDS = ("partner_change", "unit_change", "service_change", "task_book_change")
PARTNERS, UNIT, REPORT = "partner_change", "unit_change", "major_change_report"
CORRECTION = "correction"


def _times(facts: Facts) -> list[Line]:
    return [limit_line(facts, one) for one in facts.limits("changes_per_window", PARTNERS)]


def _interval(facts: Facts) -> list[Line]:
    return [limit_line(facts, one) for one in facts.limits("change_interval", PARTNERS)]


def _partners(facts: Facts) -> list[Line]:
    return _of_partners(facts, "partners_per_registration")


def _registrations(facts: Facts) -> list[Line]:
    return _of_partners(facts, "registrations_per_partner")


def _registrant_as_partner(facts: Facts) -> list[Line]:
    return _of_partners(facts, "registrant_as_partner")


def _of_partners(facts: Facts, measure: str) -> list[Line]:
    lines = [limit_line(facts, one) for one in facts.limits(measure, PARTNERS)]
    if lines or facts.rulebook.programme.partner_term:
        return lines
    return [Line(SILENT, "，不设合作伙伴")]


def _unit_changes(facts: Facts) -> list[Line]:
    times = [limit_line(facts, one) for one in facts.limits("changes_per_window", UNIT)]
    after = [
        limit_line(facts, one, "换过之后不能再申请")
        for one in facts.limits("applications_after_change", UNIT)
    ]
    return [*times, *after] if facts.procedures(UNIT) else []


def _operations(facts: Facts) -> list[Line]:
    return [cited(one, one.title, _only(one)) for one in facts.procedures(*KINDS)]


def _only(procedure: Procedure) -> str:
    words = "、".join(keys.OPERATIONS[one] for one in procedure.operations)
    return in_own_terms(f"，只办{words}", procedure) if words else ""


def _corrections(facts: Facts) -> list[Line]:
    return [_correction(one, facts.stages(one, "publicity")) for one in facts.procedures(CORRECTION)]


def _correction(procedure: Procedure, shown: list[Stage]) -> Line:
    """What is left open is whether it is shown first, so the line is that stage's where there is one."""
    how = "经办人立案，审定后另发勘误"
    if not shown:
        return cited(procedure, how, "，不公示")
    is_always = shown[0].requires == Stage.Requires.ALWAYS
    first, said = "，先公示" if is_always else "，由审定人决定是否先公示", decided(shown[0])
    return cited(shown[0], how, f"{first}；{said}" if said else first)


def _reports(facts: Facts) -> list[Line]:
    return [duty_line(one, one.label) for one in facts.belong(ReportingDuty, REPORT)]


GROUP = Group(
    "变更",
    (
        Topic("可办哪些变更", _operations),
        Topic("每年可申请几次", _times),
        Topic("两次变更间隔", _interval),
        Topic("合作伙伴数量", _partners),
        Topic("一家企业支持几家入库单位", _registrations),
        Topic("入库单位能否作合作伙伴", _registrant_as_partner),
        Topic("换入库单位可申请几次", _unit_changes),
        Topic("重大调整怎样报告", _reports),
        Topic("名单有误怎样更正", _corrections),
    ),
)
