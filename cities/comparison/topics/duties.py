"""What must be reported, by whom and when: every duty stands in exactly one row."""

from collections.abc import Callable

from cities.comparison.cells import SILENT, Line, cited
from cities.comparison.decided import decided
from cities.comparison.facts import Facts
from cities.comparison.topics.topic import Group, Topic
from cities.comparison.words import counted, length
from cities.models import ReportingDuty
from cities.rulebooks.describe import in_own_terms

Timing, Handling = ReportingDuty.Timing, ReportingDuty.Handling


def duty_line(row: ReportingDuty, about: str = "") -> Line:
    notes = [_left_open(row), _counting(row), _reporter(row), _handling(row)]
    aside = "".join(f"，{note}" for note in notes if note)
    return cited(row, _when(row), aside, about or f"{row.label}（{row.occasions}）")


def _when(row: ReportingDuty) -> str:
    span = "" if row.span_set_by_office else length(row)
    after = "内" if span and row.timing == Timing.AFTER else ""
    return f"{row.get_timing_display()}{f' {span}' if span else ''}{after}"


def _left_open(row: ReportingDuty) -> str:
    if not row.span_set_by_office:
        return decided(row) if length(row) else f"多久{SILENT}"
    said = decided(row, "span")
    return f"多久{SILENT}" + (f"；{said}" if said else f"，由{row.rulebook.programme.office_term}确定")


def _counting(row: ReportingDuty) -> str:
    has_span = row.counting_rule is not None and length(row) and not row.span_set_by_office
    return counted(row.counting_rule) if has_span and row.counting_rule else ""


def _reporter(row: ReportingDuty) -> str:
    """The competent department of a district is not the office of the programme: its name is never put in its place."""
    if row.reporter != ReportingDuty.Reporter.REGISTRANT:
        return f"由{row.get_reporter_display()}报"
    partners = "，合作伙伴的也由其报" if row.for_partners else ""
    return in_own_terms(f"由{row.get_reporter_display()}报{partners}", row)


def _handling(row: ReportingDuty) -> str:
    return "" if row.handling == Handling.REPORT else row.get_handling_display()


def _timed(timing: str) -> Callable[[Facts], list[Line]]:
    def answer(facts: Facts) -> list[Line]:
        return [duty_line(one) for one in facts.of(ReportingDuty) if one.timing == timing]

    return answer


GROUP = Group("报告义务", tuple(Topic(f"{one.label}报什么", _timed(one.value)) for one in Timing))
