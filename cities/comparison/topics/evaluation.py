"""Publicity and evaluation: how long, how often, by whom, and what comes of it."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from cities.comparison import items
from cities.comparison.cells import SILENT, Line, cited, cites, is_read, left_to_office
from cities.comparison.facts import Facts
from cities.comparison.topics.changes import KINDS as CHANGES
from cities.comparison.topics.publicity import shown_for
from cities.comparison.topics.topic import Group, Topic
from cities.models import Dimension, EvaluationScheme, GradeBand, Procedure
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
    rows = [one for one in facts.of(Dimension) if one.scheme_id == scheme.pk and not _is_target(one)]
    if not rows:
        return []
    named = [f"{one.label}{f' {one.weight}%' if one.weight else ''}" for one in rows]
    aside = "；".join([*named, *_weights(scheme, rows)])
    value = f"{items.count(rows)} 个方面"
    return [Line(value, f"：{aside}", cites=cites(*rows), is_read=is_read(*rows))]


def _weights(scheme: EvaluationScheme, rows: list[Dimension]) -> list[str]:
    if scheme.weights_set_by_office:
        return [left_to_office(scheme, "weights", "权重").said]
    return [] if any(one.weight for one in rows) else [f"权重{SILENT}"]


def _is_target(row: Dimension) -> bool:
    """An article on evaluation may name the task book among its dimensions; its targets stand in an article of their own."""
    return row.source == Dimension.Source.TASK_BOOK and row.article_id != row.scheme.article_id


def _targets(facts: Facts) -> list[Line]:
    rows = [one for one in facts.of(Dimension) if _is_target(one)]
    if rows:
        named = "；".join(one.label for one in rows)
        value = f"{items.count(rows)} 项"
        return [Line(value, f"：{named}", cites=cites(*rows), is_read=is_read(*rows))]
    return [cited(one, "", one.summary.rstrip("。")) for one in facts.provisions("evaluation_dimension")]


def _bands(facts: Facts, scheme: EvaluationScheme) -> list[Line]:
    rows = _bands_of(facts, scheme)
    if not rows:
        return []
    aside = "" if any(one.number is not None for one in rows) else f"，分数线{SILENT}"
    return [Line("，".join(map(_band, rows)), aside, cites=cites(*rows), is_read=is_read(*rows))]


def _band(row: GradeBand) -> str:
    return row.label if row.number is None else f"{row.label} {row.get_comparator_display()} {row.number} 分"


def _bands_of(facts: Facts, scheme: EvaluationScheme) -> list[GradeBand]:
    return [one for one in facts.of(GradeBand) if one.scheme_id == scheme.pk]


def _pass_mark(facts: Facts, scheme: EvaluationScheme) -> list[Line]:
    marks = facts.carried(scheme, "evaluation_grade") or _bands_of(facts, scheme) or [scheme]
    full = f"，满分 {scheme.full_mark} 分" if scheme.full_mark else ""
    mark = f"{scheme.pass_mark} 分" if scheme.pass_mark else SILENT
    line = left_to_office(scheme, "pass_mark") if scheme.pass_mark_set_by_office else Line(mark)
    return [replace(line, aside=line.aside + full, cites=cites(*marks))]


def _results(facts: Facts, scheme: EvaluationScheme) -> list[Line]:
    if scheme.results == EvaluationScheme.Results.UNSTATED:
        return [cited(scheme, SILENT)]
    own = [one for one in facts.of(Procedure) if one.key == scheme.procedure_key]
    shown = [stage for one in own for stage in facts.stages(one, "publicity")]
    return [Line(scheme.get_results_display(), cites=cites(*shown) or cites(scheme))]


GROUP = Group(
    "公示与评价",
    (
        Topic("变更公示多久", shown_for(*CHANGES)),
        Topic("入库公示多久", shown_for("entry")),
        Topic("评价多久一次", _by_scheme(_rhythm)),
        Topic("由谁评价", _by_scheme(_evaluator)),
        Topic("评价看哪些方面", _by_scheme(_dimensions)),
        Topic("任务书定哪些目标", _targets),
        Topic("等级怎样划", _by_scheme(_bands)),
        Topic("达标线", _by_scheme(_pass_mark)),
        Topic("结果公开吗", _by_scheme(_results)),
        Topic("评价结果公示多久", shown_for("evaluation")),
    ),
)
