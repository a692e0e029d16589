"""The five regulations, rule by rule: each has its place, and what data can decide is decided, awaited or explained."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cities import built, keys
from cities.models import FrozenRulebook, Procedure, Rulebook, TextRule
from cities.rulebooks import coverage
from cities.rulebooks.coverage import Status, Traced
from cities.rulebooks.errors import RulebookErrors
from cities.rulebooks.load import load
from portal.rehearsals.proofs import proven
from tests.cities.conftest import FILES
from tests.conftest import NOW
from tests.rulebooks import content_of, write

# Rules of each text, and how many of them data can decide, remind of, or not.
COUNTS = {
    "dongguan-lead-units": (82, 45, 21, 16),
    "guangzhou-lead-units": (63, 24, 21, 18),
    "qingdao-recommended-providers": (75, 33, 19, 23),
    "qingdao-empowerment-centers": (70, 32, 13, 25),
    "huangshi-providers": (97, 39, 33, 25),
}
pytestmark = pytest.mark.django_db


def traced(rulebook: Rulebook) -> list[Traced]:
    return coverage.trace(rulebook, proven(rulebook))


def test_every_rule_of_the_five_texts_has_an_id(five):
    found = {}
    for rulebook in five:
        rules = rulebook.textrules
        how = [rules.filter(checkable=one).count() for one in ("yes", "partly", "no")]
        found[rulebook.programme.slug] = (rules.count(), *how)
    assert found == COUNTS
    assert sum(counts[0] for counts in found.values()) == 387


def test_no_rule_is_without_a_place(five):
    assert [one.rule.key for book in five for one in traced(book) if one.status == Status.UNPLACED] == []


def test_what_data_can_decide_is_enforced_and_proven_or_awaits_a_kind_or_says_why_not(five):
    assert [one.rule.key for book in five for one in traced(book) if one.is_open_question] == []


def test_why_not_is_said_only_where_nothing_decides(five):
    said = [one for book in five for one in traced(book) if one.rule.why_not]
    assert said
    assert not {one.status for one in said} & {Status.ENFORCED, Status.UNPROVEN}
    beside = {row for one in said for row in one.rows if not row.startswith("provisions.")}
    assert beside == {"limits.level_two", "limits.not_transform_and_assess"}


def test_rule_awaits_only_what_its_rulebook_has(five):
    """A limit on projects waits for nothing where no procedure registers projects; a ground for what brings it up, which no text
    need have a procedure of."""
    for book in five:
        kinds = set(book.procedures.values_list("kind", flat=True))
        others = [one for one in traced(book) if not set(one.awaits) <= kinds]
        assert [
            one.rule.key for one in others if not any(row.startswith("grounds.") for row in one.rows)
        ] == []
    found = {one.rule.key: one for book in five for one in traced(book)}
    assert (found["QDP-2-1-7-d"].status, found["QDP-2-1-7-d"].awaits) == (Status.DECLARATORY, ())
    assert found["QDP-2-1-7-d"].rule.why_not
    assert found["DG-6-4"].awaits == ("evaluation",)
    assert (found["DG-6-9-a"].status, found["DG-6-9-a"].awaits) == (Status.DECLARATORY, ())


def test_rule_is_proven_only_as_it_was_rehearsed(five):
    """A version whose row says something else has been rehearsed by nobody; the rest of it has."""
    book = next(one for one in five if one.programme.slug == "dongguan-lead-units")
    assert {"DG-15-b", "DG-16-a"} <= proven(book)

    book.digest = "another"
    assert {"DG-15-b", "DG-16-a"} <= proven(book)
    book.limits.filter(key="changes_per_year").update(number=3)
    assert "DG-15-b" not in proven(book)
    assert "DG-16-a" in proven(book)
    book.countingrules.filter(key="calendar_next").update(roll="forward")
    assert "DG-15-3-a" not in proven(book)


def test_rows_that_nobody_asks_are_only_said_to_the_loader_too(calendar, tmp_path):
    def only_asked_of_projects(content: Any) -> None:
        content["rules"].append({"key": "DG-99", "article": "第六条", "kind": "limit", "checkable": "yes"})
        row = next(one for one in content["limits"] if one["key"] == "level_two")
        row["rules"] = ["DG-99"]

    said = changed(tmp_path, only_asked_of_projects)
    wanted = "：没有程序用到 limits.level_two（应有 kind 是 pilot_project 的程序，"
    assert any(one.startswith(f"rules.DG-99.why_not: 数据可以判断，却只写成了说明{wanted}") for one in said)


def test_awaited_kinds_are_named_and_not_built(five):
    awaited = {kind for book in five for one in traced(book) for kind in one.awaits}
    assert awaited <= keys.AWAITED.keys()
    assert not any(map(built.is_built, awaited))


def test_no_kind_of_procedure_is_forgotten(five):
    """Each is built, or named with the app that will build it; what is built is awaited no longer."""
    assert {kind for kind in keys.PROCEDURE_KINDS if not built.is_built(kind)} == set(keys.AWAITED)
    used = set(Procedure.objects.values_list("kind", flat=True))
    assert used <= keys.PROCEDURE_KINDS.keys()
    open_kinds = {"partner_change", "correction", "sanction", "partner_removal", "clearance"}
    assert {kind for kind in used if built.is_built(kind)} == open_kinds


def test_rule_turns_enforced_only_by_a_proof(five):
    book = next(book for book in five if book.programme.slug == "dongguan-lead-units")
    without = {one.rule.key: one.status for one in coverage.trace(book, set())}
    assert without["DG-15-b"] == Status.UNPROVEN
    assert {one.rule.key: one.status for one in coverage.trace(book, {"DG-15-b"})}[
        "DG-15-b"
    ] == Status.ENFORCED


def test_rule_of_a_procedure_that_is_not_built_awaits_it_even_if_proven(five):
    book = next(book for book in five if book.programme.slug == "dongguan-lead-units")
    once = next(one for one in coverage.trace(book, {"DG-14-a"}) if one.rule.key == "DG-14-a")
    assert (once.status, once.awaits) == (Status.AWAITING, ("unit_change",))


@pytest.mark.parametrize(
    ("rule", "awaits"),
    [
        ("DG-10-2", ("evaluation",)),
        ("DG-10-3", ("evaluation",)),
        ("DG-19-2", ("complaint",)),
        ("DG-19-3", ("pilot_project",)),
        ("DG-3", ("evaluation", "pilot_project")),
        ("QDC-17-f", ("evaluation",)),
        ("QDC-17-g", ("evaluation",)),
        ("HS-15-2", ("pilot_project",)),
    ],
)
def test_ground_awaits_what_it_is_noticed_by_even_if_a_rehearsal_enters_it_by_hand(five, rule, awaits):
    found = {one.rule.key: one for book in five for one in coverage.trace(book, {rule})}
    assert (found[rule].status, found[rule].awaits) == (Status.AWAITING, awaits)


def test_ground_that_is_noticed_is_carried_out_and_awaits_no_longer(five, monkeypatch):
    book = next(book for book in five if book.programme.slug == "dongguan-lead-units")
    monkeypatch.setattr(built, "_procedures", {*built.kinds(), "evaluation"})
    found = {one.rule.key: one for one in coverage.trace(book, {"DG-10-2"})}
    assert (found["DG-10-2"].status, found["DG-10-2"].awaits) == (Status.ENFORCED, ())
    assert found["DG-10-3"].status == Status.UNPROVEN
    assert found["DG-19-2"].status == Status.AWAITING


def test_bar_is_carried_out_however_somebody_enters(five):
    for slug, rule in (("dongguan-lead-units", "DG-10-c"), ("guangzhou-lead-units", "GZ-4-4-b")):
        book = next(book for book in five if book.programme.slug == slug)
        bar = next(one for one in coverage.trace(book, {rule}) if one.rule.key == rule)
        assert (bar.status, bar.awaits) == (Status.ENFORCED, ())


def test_tracing_costs_the_same_queries_whatever_the_number_of_rules(five):
    numbers = set()
    for book in five:
        with CaptureQueriesContext(connection) as queries:
            traced(book)
        numbers.add(len(queries))
    assert len(numbers) == 1


def changed(tmp_path: Path, change: Any) -> list[str]:
    """What the loader says of a file in which one thing was changed."""
    content = content_of(FILES[0])
    change(content)
    with pytest.raises(RulebookErrors) as refused:
        load([write(tmp_path, content)], at=NOW)
    return [f"{error.key}: {error.reason}" for error in refused.value.errors]


def test_loader_refuses_a_rule_that_no_row_carries(calendar, tmp_path):
    said = changed(
        tmp_path,
        lambda content: content["rules"].append(
            {"key": "DG-99", "article": "第一条", "kind": "declaratory", "checkable": "no"}
        ),
    )
    assert said == ["rules.DG-99: 没有一行执行它（应写进某一行的 rules，或加一条 provisions）"]


def test_loader_refuses_what_data_can_decide_where_it_is_only_said(calendar, tmp_path):
    def only_say(content: Any) -> None:
        rule = next(row for row in content["rules"] if row["key"] == "DG-1")
        rule["checkable"] = "yes"

    [said] = changed(tmp_path, only_say)
    assert said.startswith("rules.DG-1.why_not: 数据可以判断，却只写成了说明")


def test_loader_refuses_an_id_that_is_not_listed_and_names_the_closest(calendar, tmp_path):
    def misspell(content: Any) -> None:
        content["rulebook"]["rules"] = [*content["rulebook"]["rules"], "DG-15-bb"]

    [said] = changed(tmp_path, misspell)
    assert said == "rulebook.rules: 没有代码为“DG-15-bb”的条文规则（最接近的是 DG-15-b）"


def run(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command("rulebook_coverage", *arguments, stdout=out, **options)
    return out.getvalue()


def test_command_gives_a_line_for_each_rulebook(five):
    lines = run().splitlines()
    assert lines[0].split() == [
        "rules",
        "enforced",
        "guided",
        "declaratory",
        "awaiting",
        "unproven",
        "unplaced",
        "programme",
    ]
    figures = {line.split()[7].partition("（")[0]: line.split() for line in lines[1:]}
    assert {slug: int(row[0]) for slug, row in figures.items()} == {
        slug: counts[0] for slug, counts in COUNTS.items()
    }
    assert {row[6] for row in figures.values()} == {"0"}


def test_command_tells_every_rule_as_json(five):
    content = json.loads(run(json=True))
    assert set(content) == set(COUNTS)
    rule = content["dongguan-lead-units"]["by_rule"]["DG-16-b"]
    assert (rule["article"], rule["status"], rule["rows"]) == (
        "第十六条",
        "enforced",
        ["limits.lead_units_per_partner"],
    )


def test_command_refuses_a_programme_that_is_not_there(five):
    with pytest.raises(CommandError, match="没有项目 nowhere"):
        run("nowhere")


def test_rules_are_frozen_with_their_rulebook(five):
    with pytest.raises(FrozenRulebook):
        TextRule.objects.first().save()
