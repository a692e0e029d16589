"""Publicity and evaluation: how long, how often, by whom, and what comes of it."""

from collections.abc import Callable, Iterable

from cities.comparison.cells import SILENT, Line, cited, cites, left_to_office
from cities.comparison.facts import Facts
from cities.comparison.topics.changes import KINDS as CHANGES
from cities.comparison.topics.publicity import shown_for
from cities.comparison.topics.topic import Group, Topic
from cities.models import Dimension, EvaluationScheme, GradeBand
from cities.rulebooks.describe import in_own_terms

Answer = Callable[[Facts], list[Line]]


def _by_scheme(lines_of: Callable[[Facts, EvaluationScheme], Iterable[Line]]) -> Answer:
    def answer(facts: Facts) -> list[Line]:
        return [line for scheme in facts.of(EvaluationScheme) for line in lines_of(facts, scheme)]

    return answer


def _rhythm(_: Facts, scheme: EvaluationScheme) -> list[Line]:
    is_open = scheme.rhythm == EvaluationScheme.Rhythm.UNSTATED
    return [cited(scheme, SILENT if is_open else scheme.get_rhythm_display())]


def _evaluator(_: Facts, scheme: EvaluationScheme) -> list[Line]:
    return [cited(scheme, in_own_terms(scheme.get_evaluator_display(), scheme))]


def _dimensions(facts: Facts, scheme: EvaluationScheme) -> list[Line]:
    rows = [one for one in facts.of(Dimension) if one.scheme_id == scheme.pk]
    if not rows:
        return []
    named = "；".join(f"{one.label}{f' {one.weight}%' if one.weight else ''}" for one in rows)
    lines = [Line(f"{len(rows)} 个方面", f"：{named}", cites=cites(*rows))]
    if scheme.weights_set_by_office:
        return [*lines, left_to_office(scheme, "weights", "权重")]
    return lines if any(one.weight for one in rows) else [*lines, cited(scheme, SILENT, about="权重")]


def _bands(facts: Facts, scheme: EvaluationScheme) -> list[Line]:
    rows = [one for one in facts.of(GradeBand) if one.scheme_id == scheme.pk]
    if not rows:
        return []
    aside = "" if any(one.number is not None for one in rows) else f"，分数线{SILENT}"
    return [Line("，".join(map(_band, rows)), aside, cites=cites(*rows))]


def _band(row: GradeBand) -> str:
    return row.label if row.number is None else f"{row.label} {row.get_comparator_display()} {row.number} 分"


def _pass_mark(_: Facts, scheme: EvaluationScheme) -> list[Line]:
    if scheme.pass_mark_set_by_office:
        return [left_to_office(scheme, "pass_mark")]
    full = f"，满分 {scheme.full_mark} 分" if scheme.full_mark else ""
    return [
        cited(scheme, f"{scheme.pass_mark} 分", full) if scheme.pass_mark else cited(scheme, SILENT, full)
    ]


def _results(_: Facts, scheme: EvaluationScheme) -> list[Line]:
    is_open = scheme.results == EvaluationScheme.Results.UNSTATED
    return [cited(scheme, SILENT if is_open else scheme.get_results_display())]


GROUP = Group(
    "公示与评价",
    (
        Topic("变更公示多久", shown_for(*CHANGES)),
        Topic("入库公示多久", shown_for("entry")),
        Topic("评价多久一次", _by_scheme(_rhythm)),
        Topic("由谁评价", _by_scheme(_evaluator)),
        Topic("评价看哪些方面", _by_scheme(_dimensions)),
        Topic("等级怎样划", _by_scheme(_bands)),
        Topic("达标线", _by_scheme(_pass_mark)),
        Topic("结果公开吗", _by_scheme(_results)),
        Topic("评价结果公示多久", shown_for("evaluation")),
    ),
)
