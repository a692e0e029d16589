"""What a unit may still ask for, as its pages say it; each number is the row's."""

import pytest

from cases import steps
from cases.sweep import sweep
from changes.allowance import allowances
from cities.models import Limit
from tests.conftest import NOW, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(procedure, registration):
    """Title, what is left and why, at a moment."""

    def tell(moment=NOW):
        return {row.title: row for row in allowances(registration, procedure, moment)}

    return tell


@pytest.fixture
def file(apply, registration, provider):
    """File an application and withdraw it: it counts, and stands in nobody's way."""

    def submit(moment):
        case = steps.submit(apply(registration, provider, moment=moment), by=provider, at=moment)
        steps.withdraw(case, by=provider, at=moment, reason="改主意")

    return submit


def test_nothing_filed_yet(told):
    rows = told()
    assert [(row.left, row.article) for row in rows.values()] == [
        ("还可 2 次", "第十五条"),
        ("现在就可以", "第十五条"),
        ("现在 1 家", "第十六条"),
    ]


@pytest.mark.parametrize(("filed", "left"), [(1, "还可 1 次"), (2, "还可 0 次"), (3, "还可 0 次")])
def test_each_application_of_the_year_uses_one(told, file, filed, left):
    Limit.objects.filter(measure="changes_per_window").update(strictness="planned")
    for month in range(1, filed + 1):
        file(at(f"2026-0{month}-05 09:00"))
    row = told()["申请变更"]
    assert (row.left, row.used, row.total) == (left, filed, 2)


def test_december_does_not_use_the_next_years(told, file):
    file(at("2025-12-30 09:00"))
    row = told()["申请变更"]
    assert row.left == "还可 2 次"
    assert row.note == "不超过 2 次，已用 0 次。未通过、撤回的也计。2027年1月1日 起重新计"


def test_withdrawn_does_not_count_where_the_row_says_so(told, file):
    Limit.objects.filter(measure="changes_per_window").update(counts_withdrawn=False)
    file(at("2026-03-02 09:00"))
    row = told()["申请变更"]
    assert row.left == "还可 2 次"
    assert "未通过的也计" in row.note


def test_limit_of_three(told):
    Limit.objects.filter(measure="changes_per_window").update(number=3)
    assert told()["申请变更"].left == "还可 3 次"


@pytest.mark.parametrize(
    ("moment", "left"),
    [("2027-04-03 09:00", "2027年4月4日 起"), ("2027-04-04 00:00", "现在就可以")],
)
def test_next_is_six_months_after_the_last_was_published(told, case_in_publicity, moment, left):
    sweep(at("2026-10-04 00:00"))
    row = told(at(moment))["下一次申请"]
    assert row.left == left
    assert "自 2026年10月4日 发布起算" in row.note


def test_in_principle_interval_says_that_one_may_ask_before(told, case_in_publicity):
    sweep(at("2026-10-04 00:00"))
    assert "写明理由，由审定人决定" in told(at("2026-12-01 09:00"))["下一次申请"].note
    Limit.objects.filter(measure="change_interval").update(strictness="hard")
    assert "写明理由" not in told(at("2026-12-01 09:00"))["下一次申请"].note


def test_measure_without_a_row_is_not_told(told):
    Limit.objects.filter(measure="change_interval").delete()
    assert list(told()) == ["申请变更", "合作伙伴"]


def test_used_up_allowance_puts_the_next_application_off_to_the_new_year(told, file):
    file(at("2026-02-02 09:00"))
    file(at("2026-03-02 09:00"))

    rows = told()

    assert rows["申请变更"].is_used_up
    assert (rows["申请变更"].left, rows["下一次申请"].left) == ("还可 0 次", "2027年1月1日 起")


def test_comparator_of_the_row_decides_how_many_are_left(told, file):
    Limit.objects.filter(measure="changes_per_window").update(comparator="less_than")
    file(at("2026-02-02 09:00"))

    assert told()["申请变更"].left == "还可 0 次"


def test_subjects_counted_apart_have_an_allowance_each(told, file):
    Limit.objects.filter(measure="changes_per_window").update(joint=False)
    file(at("2026-02-02 09:00"))

    rows = told()
    assert [rows[title].left for title in ("申请变更（合作伙伴）", "申请变更（产品和服务目录）")] == [
        "还可 1 次",
        "还可 2 次",
    ]


def test_used_up_allowance_says_when_it_begins_anew_and_that_the_gap_may_be_waived(told, file):
    Limit.objects.filter(measure="change_interval").update(strictness="planned")
    for month in (1, 9):
        file(at(f"2026-0{month}-05 09:00"))
    Limit.objects.filter(measure="change_interval").update(
        strictness="in_principle", counts="submitted", measured_from="submission", counts_withdrawn=True
    )
    row = told(at("2026-09-17 10:00"))["下一次申请"]
    assert row.left == "2027年3月5日 起"
    assert row.note.endswith("；次数 2027年1月1日 起重新计，从那天起、满间隔以前申请，写明理由，由审定人决定")
