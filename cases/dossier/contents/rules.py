"""The rules that the case went by, as they stood: each version it was pinned to, what the office had decided by then, and how
what the text leaves open is read."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from cases.dossier.parts import Asked, Block, Enclosed, Facts, Heading, Part, Table
from cases.models import Case
from cities import decisions
from cities.models import OfficeDecision, Outcome, Procedure, Rulebook, RuleRow, Stage
from cities.queries import guidance, limits_of
from cities.rulebooks import dump, page
from cities.rulebooks.content import place_of
from cities.rulebooks.describe import describe
from records.words import full_day, local_day, second

HEADS = ["条款", "规则", "主管部门确定的"]


def parts(case: Case, asked: Asked) -> Iterable[Part]:
    until = case.closed_at or asked.at
    for procedure in _pinned(case):
        rulebook = procedure.rulebook
        rows = list(_rows(procedure, until))
        blocks: list[Block] = [
            Facts(_head(rulebook, procedure, asked.at)),
            Heading("各环节、结果、材料和限制"),
            Table(HEADS, [_row(row) for row in rows]),
            *_told("条文还要求", [[article, said] for said, article, _ in guidance(procedure)]),
            *_readings(rows),
            *_decided(rulebook, rows, until),
        ]
        name = f"{rulebook.programme.slug} 第{rulebook.version}版.yaml"
        yield Part(
            f"适用规则 第 {rulebook.version} 版",
            blocks,
            "规则",
            [Enclosed(name, f"{rulebook}，全部规则行", "application/yaml", _yaml(rulebook))],
        )


def _pinned(case: Case) -> list[Procedure]:
    """Every version that it went by, the first one first."""
    rows = case.history.exclude(rulebook=None).order_by("history_date", "history_id")
    found = dict.fromkeys([*rows.values_list("procedure", flat=True), case.procedure_id])
    outcomes = Outcome.objects.select_related(
        "article", "rulebook__programme", "next_stage", "stage__procedure", "counting_rule"
    )
    stages = Stage.objects.select_related(
        "article",
        "rulebook__programme",
        "procedure",
        "counting_rule__rulebook__programme",
        "objection_counting",
    )
    loaded = Procedure.objects.select_related("article", "rulebook__programme__city").prefetch_related(
        Prefetch("stages", stages.prefetch_related(Prefetch("outcomes", outcomes))),
        "materials__article",
        "materials__category",
        "materials__procedure",
        "materials__rulebook__programme",
        "rulebook__categorys",
        "rulebook__procedures",
        "rulebook__following",
    )
    rows_by_key = loaded.in_bulk(list(found))
    return [rows_by_key[pk] for pk in found if pk in rows_by_key]


def _head(rulebook: Rulebook, procedure: Procedure, at: datetime) -> list[tuple[str, str]]:
    return [
        ("文件", rulebook.title),
        ("文号", rulebook.document_number),
        ("印发单位", "、".join(rulebook.issuers)),
        ("版本", f"第 {rulebook.version} 版，{page.standing(rulebook, at).sentence}"),
        ("内容指纹", rulebook.digest),
        ("程序", f"{describe(procedure)}（{procedure.article.number}）"),
    ]


def _rows(procedure: Procedure, until: datetime) -> Iterator[RuleRow]:
    """With the values that the office had decided when the case ended, or has by now."""
    bound = decisions.binding(procedure.rulebook, until)
    for stage in sorted(procedure.stages.all(), key=lambda one: (one.order, one.pk)):
        yield bound.settle(stage)
        yield from (bound.settle(outcome) for outcome in stage.outcomes.all())
    yield from (bound.settle(material) for material in procedure.materials.all())
    yield from limits_of(procedure, until).values()


def _row(row: RuleRow) -> list[str]:
    return [row.article.number, describe(row), decisions.words(row)]


def _told(title: str, rows: list[list[str]]) -> list[Block]:
    return [Heading(title), Table(["条款", "内容"], rows)] if rows else []


def _readings(rows: Iterable[RuleRow]) -> list[Block]:
    found = [
        [
            row.article.number,
            str(one["question"]),
            str(one["reading"]),
            "\n".join(_alternative(other) for other in one["alternatives"]),
        ]
        for row in rows
        for one in row.interpretations
    ]
    heads = ["条款", "条文没有写明的", "平台的理解", "也可以理解为"]
    return [Heading("解释"), Table(heads, found)] if found else []


def _alternative(other: Any) -> str:
    return str(other.get("reading", "")) if isinstance(other, dict) else str(other)


def _decided(rulebook: Rulebook, rows: Iterable[RuleRow], until: datetime) -> list[Block]:
    """Every decision of these rows that came to bind before the end, also one that a later one took the place of."""
    places = {(row.section, place_of(row)) for row in rows}
    confirmed = decisions.confirmed(rulebook.programme_id).select_related("proposed_by", "settled_by")
    found = [
        _decision(one)
        for one in confirmed.filter(settled_at__lte=until, effective_from__lte=local_day(until))
        if (one.section, one.place) in places
    ]
    heads = ["条款", "事项", "确定为", "依据", "自哪一天起", "登记、确认"]
    return [Heading("主管部门的决定"), Table(heads, found)] if found else []


def _decision(one: OfficeDecision) -> list[str]:
    hands = [f"{one.proposed_by.display_name} 登记，{second(one.proposed_at)}"]
    if one.settled_by and one.settled_at:
        hands.append(f"{one.settled_by.display_name} 确认，{second(one.settled_at)}")
    since = full_day(one.effective_from)
    return [one.article, one.question, one.wording, one.basis, since, "\n".join(hands)]


def _yaml(rulebook: Rulebook) -> Any:
    """Made once, when it is first written."""

    def chunks() -> Iterable[bytes]:
        return [dump.as_text(rulebook).encode()]

    return chunks
