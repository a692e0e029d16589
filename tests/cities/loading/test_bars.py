"""A row that bars whoever was removed: for good or for a time, here only or elsewhere too."""

from typing import Any

import pytest

from cities.comparison.facts import read
from cities.comparison.topics import exits
from cities.models import Limit, Programme
from cities.rulebooks import comparing, content, dump
from cities.rulebooks.describe import describe
from cities.rulebooks.errors import RulebookErrors
from cities.rulebooks.load import load
from tests.conftest import NOW
from tests.rulebooks import limit, load_changed, load_next

pytestmark = pytest.mark.django_db

MEASURE = "reentry_after_clearance"
COUNTING = [
    {"key": "by_month", "article": "第十条", "unit": "month", "first_day": "next", "roll": "none"},
    {"key": "rolled", "article": "第十条", "unit": "month", "first_day": "next", "roll": "forward"},
    {"key": "worked", "article": "第十条", "unit": "working", "first_day": "next", "roll": "none"},
]
AFTER, ASKED = "清退后再申请入库：每家牵引单位，办结清退、申请退出之后", "提交、审定、公示和发布时查"
THREE_YEARS = {"window": "span", "span": 36, "counting": "by_month"}


def changed(measure: str = MEASURE, **row: Any) -> Any:
    def change(said: Any) -> None:
        said["counting_rules"] += [dict(one) for one in COUNTING]
        limit(said, measure).update(row)

    return change


def barring(programme: Programme) -> Limit:
    [found] = [
        row for row in content.rows_sharing(programme.rulebooks.get(), Limit) if row.measure == MEASURE
    ]
    return found


@pytest.mark.parametrize(
    ("row", "told", "compared"),
    [
        (
            {},
            f"{AFTER}，累计一次也不能（{ASKED}）",
            "清退、申请退出之后：不能再申请（不得）〔解释〕〔第十条〕",
        ),
        (
            THREE_YEARS | {"elsewhere": True},
            f"{AFTER}，36 个月内一次也不能（自次日起算，最后一天不顺延；在别的项目清退的也计；{ASKED}）",
            "清退、申请退出之后：36 个月内不能再申请，在别的项目清退的也计（不得）〔解释〕〔第十条〕",
        ),
        (
            {"per": "lineage"},
            f"清退后再申请入库：每家牵引单位及其承继者，办结清退、申请退出之后，累计一次也不能（{ASKED}）",
            "清退、申请退出之后：不能再申请，承继者也不能（不得）〔解释〕〔第十条〕",
        ),
    ],
)
def test_pages_say_for_how_long_and_how_far_it_bars(tmp_path, row, told, compared):
    programme = load_changed(tmp_path, changed(**row))

    assert describe(barring(programme)) == told
    [facts] = read([programme.rulebooks.get()], NOW)
    [topic] = [one for one in exits.GROUP.topics if one.label == "退出后能否再申请"]
    assert [line.text for line in topic.answer(facts)] == [compared]


def test_it_is_written_back_and_loads_again_as_the_same(tmp_path):
    rulebook = load_changed(tmp_path, changed(**THREE_YEARS, elsewhere=True)).rulebooks.get()
    path = tmp_path / "written.yaml"
    path.write_text(dump.as_text(rulebook), encoding="utf-8")

    assert "    elsewhere: true\n" in path.read_text(encoding="utf-8")
    assert [result.outcome for result in load([path], at=NOW)] == ["unchanged"]


def test_difference_from_the_version_before_is_told(tmp_path, programme):
    later = load_next(tmp_path, changed(**THREE_YEARS, elsewhere=True))
    found = comparing.compare(programme.rulebooks.get(version=1), later)

    texts = " ".join(str(one) for one in found)
    assert "在别的项目退出的也计" in texts
    assert "期间多长" in texts


WRONG = {
    "no length": ({"window": "span"}, "window", "window: span 没有写多长（应有 span 和 counting）"),
    "no counting": (
        {"window": "span", "span": 36},
        "span",
        "有天数，没有计算规则（应有 counting，写 counting_rules 里的代码）",
    ),
    "length of a lifetime": (
        {"span": 36, "counting": "by_month"},
        "span",
        "写了多长（应同时写 window: span，或者去掉）",
    ),
    "days that roll": (
        THREE_YEARS | {"counting": "rolled"},
        "counting",
        "“rolled”要看工作日，几年以后的还没有公布（应为自然日或按月、最后一天不顺延的计算规则）",
    ),
    "working days": (
        THREE_YEARS | {"counting": "worked"},
        "counting",
        "“worked”要看工作日，几年以后的还没有公布（应为自然日或按月、最后一天不顺延的计算规则）",
    ),
    "any twelve months": (
        {"window": "rolling"},
        "window",
        "window: rolling 还没有开通，已开通的程序不能用（应为 lifetime、span）",
    ),
    "once more": ({"number": 1}, "number", "number: 1 还没有开通，已开通的程序不能用（应为 0）"),
    "for each partner": (
        {"per": "partner"},
        "per",
        "per: partner 还没有开通，已开通的程序不能用（应为 registration、lineage）",
    ),
}


@pytest.mark.parametrize(("row", "column", "reason"), WRONG.values(), ids=list(WRONG))
def test_what_nobody_could_be_held_to_is_refused(tmp_path, row, column, reason):
    """Though no case of entering can be opened yet: bars are asked of imports too."""
    with pytest.raises(RulebookErrors) as refused:
        load_changed(tmp_path, changed(**row))
    told = {(error.key, error.reason) for error in refused.value.errors}
    assert (f"limits.reentry_barred.{column}", reason) in told


def test_other_limits_know_no_length_and_look_at_no_other_list(tmp_path):
    with pytest.raises(RulebookErrors) as refused:
        load_changed(tmp_path, changed("change_interval", elsewhere=True, **THREE_YEARS))
    reasons = {error.reason for error in refused.value.errors}
    assert "两次变更间隔不看别的项目（应去掉）" in reasons
    assert "window: span 还没有开通，已开通的程序不能用（应为 none）" in reasons
