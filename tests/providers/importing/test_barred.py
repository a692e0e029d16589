"""Whoever is barred does not come in with a list either."""

import pytest

from cities.models import Category, Rulebook
from providers import bars, importing, lineage
from providers.models import ListEdition, Organisation
from tests.providers.barring import REMOVED, another, heir, listed, remove, rule
from tests.providers.codes import code
from tests.providers.conftest import moment
from tests.providers.importing.workbook import ITEM_ROWS, UNIT_ROWS

NOW = moment("2026-09-01T09:00")
NAME = "示例智造科技有限公司"


@pytest.fixture
def known(db):
    return Organisation.objects.create(credit_code=code(1), name=NAME)


@pytest.fixture
def barring(programme):
    """A programme with rules and no list yet: `barring(**row)`."""

    def make(**row):
        book = rule(programme, **row)
        article = book.articles.get()
        Rulebook.objects.filter(pk=book.pk).update(standing=Rulebook.Standing.DRAFT)
        book.refresh_from_db()
        Category.objects.create(rulebook=book, article=article, key="lead", name="牵引单位")
        Rulebook.objects.filter(pk=book.pk).update(standing=Rulebook.Standing.PUBLISHED)
        return programme

    return make


def complaints(programme, path, at=NOW):
    return [str(line) for line in importing.read(path, programme, at=at).problems]


def test_barred_unit_is_a_mistake_in_its_row_that_explains_itself(barring, known, make):
    programme = barring()
    removal = remove(listed(programme, known, moment("2026-01-05T10:00")))

    plan = importing.read(make(), programme, at=NOW)
    [told] = plan.problems
    assert str(told) == (
        f"单位 第 2 行 信用代码：{NAME}于2026年3月10日在〔演示市 · 牵引单位〕退出名单（依据第十条，YS-2026-0006），"
        "不得再申请入库（第十条）：删去这家单位，认为当时的决定有误的，向主管部门提出"
    )
    with pytest.raises(importing.ImportRefused):
        importing.carry_out(plan, at=NOW, by=None)
    assert not ListEdition.objects.exists()

    bars.lift(removal.registration, reason="清退有误", moment=NOW)
    assert complaints(programme, make()) == []


def test_barred_for_a_time_comes_in_after_it(barring, known, make):
    programme = barring(span_number=6)
    remove(listed(programme, known, moment("2026-01-05T10:00")))

    [told] = complaints(programme, make(), at=moment("2026-09-10T23:59"))
    assert "2026年9月10日 24:00 以前不得再申请入库（第十条）" in told
    assert "2026年9月10日 24:00 以后可以再申请" in told
    assert complaints(programme, make(), at=moment("2026-09-11T00:00")) == []


@pytest.mark.parametrize(("counts", "number"), [(False, 0), (True, 1)])
def test_removal_elsewhere_stops_only_where_the_row_says_so(barring, known, make, counts, number):
    programme = barring(elsewhere=counts)
    remove(listed(another(), known, REMOVED))

    told = complaints(programme, make())
    assert len(told) == number
    assert all("在〔别的市 · 服务商〕被取消资格（依据4.4，OTHER-2026-0006）" in line for line in told)


@pytest.mark.parametrize(("per", "number"), [("registration", 0), ("lineage", 1)])
def test_successor_is_stopped_where_the_row_follows_the_lineage(barring, known, make, per, number):
    programme = barring(per=per)
    before = heir()
    lineage.record(before, known, kind="merged", day=REMOVED.date(), evidence="合并公告", by=None, at=REMOVED)
    remove(listed(programme, before, moment("2026-01-05T10:00")))

    assert len(complaints(programme, make())) == number


@pytest.mark.parametrize(
    ("strictness", "number"), [("hard", 1), ("in_principle", 1), ("planned", 0), ("flagged", 0)]
)
def test_row_that_only_shows_stops_nobody(barring, known, make, strictness, number):
    programme = barring(strictness=strictness)
    remove(listed(programme, known, moment("2026-01-05T10:00")))

    assert len(complaints(programme, make())) == number


def test_barred_unit_may_be_somebodys_partner(barring, known, make):
    """No row speaks of partners."""
    programme = barring()
    remove(listed(programme, known, moment("2026-01-05T10:00")))
    partner = [code(2), "食品饮料", code(1), NAME]

    assert complaints(programme, make(units=UNIT_ROWS[2:], partners=[partner], items=ITEM_ROWS[1:])) == []


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_depend_on_how_many_units_are_barred(
    barring, make, number, django_assert_max_num_queries
):
    programme = barring()
    rows = []
    for place in range(number):
        one = Organisation.objects.create(credit_code=code(30 + place), name=f"第 {place} 家有限公司")
        remove(listed(programme, one, moment("2026-01-05T10:00")))
        rows.append([one.credit_code, one.name, *UNIT_ROWS[0][2:]])

    path = make(units=rows, partners=[], items=[])
    with django_assert_max_num_queries(15):
        assert len(complaints(programme, path)) == number
