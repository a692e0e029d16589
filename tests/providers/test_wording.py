"""Pages speak of a list in the programme's own words, and of nothing that its rules know nothing of."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from cities.models import Programme, Rulebook
from providers import registry, wording
from providers.listed import ListedItem, ListedUnit
from providers.models import ListEdition
from providers.operations import ListOperation
from tests.providers.codes import code
from tests.providers.conftest import FIRST, moment

NOW = moment("2026-09-17T10:32")
ENTERED = moment("2026-03-01T10:00")
PLAIN = ListedUnit(code(1), "示例智造科技有限公司", date(2026, 1, 5), (("lead", "food"),))
PLACES = [("list", []), ("edition", [1]), ("unit", [FIRST.code])]
SILENT = {"units": 1, "partners": 0, "items": 0}


@pytest.fixture(autouse=True)
def clock_stands(stopped_clock):
    stopped_clock(NOW)


def enter(programme: Programme, unit: ListedUnit = PLAIN) -> ListEdition:
    return registry.enter(registry.lock(programme), [unit], at=ENTERED)


def without_partners(programme: Programme) -> Programme:
    programme.partner_term = ""
    programme.save()
    return programme


def rules(programme: Programme, **head: Any) -> Rulebook:
    """Published rules; what they are called is all that matters here."""
    return programme.rulebooks.create(
        title="演示办法",
        short_title="办法",
        validity_article="第一条",
        standing="published",
        **{"version": 1, "effective_from": date(2025, 1, 1), **head},
    )


def changing(rulebook: Rulebook, *operations: str) -> None:
    """Rules that let a unit change its list, by these operations or by all."""
    Rulebook.objects.filter(pk=rulebook.pk).update(standing="draft")
    rulebook.refresh_from_db()
    article = rulebook.articles.create(number="第二条", heading="变更")
    rulebook.procedures.create(
        key="change", article=article, kind="partner_change", title="变更", operations=list(operations)
    )
    Rulebook.objects.filter(pk=rulebook.pk).update(standing="published")


def shown(client: Any, place: str, more: list[Any]) -> str:
    answer = client.get(reverse(place, args=["yanshi-units", *more]))
    assert answer.status_code == 200
    return answer.content.decode()


# Partners


def test_edition_is_summed_up_with_the_programmes_word_for_a_partner(programme):
    programme.partner_term = "联合体企业"
    programme.save()
    assert enter(programme, FIRST).summary == "导入 1 家，联合体企业 3 家次，目录 1 项"

    unit = programme.registrations.get()
    leaving = ListOperation("end_partner", industry="food", leaving_code=code(102))
    register = registry.lock(programme)
    changed = registry.publish(register, unit, [leaving], at=NOW, kind=ListEdition.Kind.CHANGE)

    assert changed.summary == "联合体企业 －1"


@pytest.mark.parametrize(("place", "more"), PLACES)
def test_page_of_a_programme_without_partners_says_nothing_of_them(client, programme, place, more):
    enter(without_partners(programme))
    assert "合作伙伴" not in shown(client, place, more)
    assert "家次" not in shown(client, place, more)

    programme.partner_term = "联合体企业"
    programme.save()

    assert "联合体企业" in shown(client, place, more)


def test_csv_of_a_programme_without_partners_has_no_columns_for_them(client, programme):
    enter(without_partners(programme))
    answer = client.get(reverse("list_csv", args=["yanshi-units"]))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()

    assert lines == ["信用代码,牵引单位,入库日期,行业", f"{PLAIN.code},{PLAIN.name},2026-01-05,食品饮料"]


# The catalogue


@pytest.mark.parametrize(
    ("operations", "is_said"),
    [([], True), (["add_item"], True), (["add_partner"], False)],
)
def test_catalogue_is_spoken_of_where_the_rules_let_it_be_changed(client, programme, operations, is_said):
    enter(programme)
    assert "目录" not in shown(client, "edition", [1]) + shown(client, "unit", [FIRST.code])

    changing(rules(programme), *operations)

    assert ("目录 0 项" in shown(client, "edition", [1])) is is_said
    assert ("产品和服务目录" in shown(client, "unit", [FIRST.code])) is is_said


def test_catalogue_that_has_something_on_it_is_spoken_of_whatever_the_rules_say(client, programme):
    unit = ListedUnit(
        PLAIN.code, PLAIN.name, PLAIN.entered_on, PLAIN.entries, items=(ListedItem("P-01", "排产"),)
    )
    assert enter(programme, unit).summary == "导入 1 家，合作伙伴 0 家次，目录 1 项"
    assert "产品和服务目录" in shown(client, "unit", [FIRST.code])


def test_rules_that_are_only_a_draft_say_nothing_of_a_catalogue(programme):
    rulebook = rules(programme)
    changing(rulebook)
    assert wording.has_catalogue(programme, 0)

    Rulebook.objects.filter(pk=rulebook.pk).update(standing="draft")

    assert not wording.has_catalogue(programme, 0)


# A list whose regulation has ended


@pytest.mark.parametrize(("place", "more"), PLACES)
def test_list_whose_regulation_has_ended_is_an_archive(client, programme, place, more):
    enter(programme)
    rulebook = rules(programme)
    assert "存档" not in shown(client, place, more)

    Rulebook.objects.filter(pk=rulebook.pk).update(effective_to=date(2026, 9, 16))

    page = shown(client, place, more)
    assert (
        "《演示办法》</a>有效期至 2026年9月16日（含当日），已经失效。名单按那时的样子存档，不再变更。" in page
    )
    assert "现行" not in page.split("</main>")[0].split("<main")[1]


@pytest.mark.parametrize(
    ("ends", "then"),
    [
        (date(2026, 9, 17), None),
        (date(2026, 9, 16), date(2026, 9, 17)),
        (date(2026, 9, 16), date(2026, 10, 1)),
    ],
)
def test_list_is_no_archive_while_rules_bind_or_are_to_come(client, programme, ends, then):
    enter(programme)
    rules(programme, effective_to=ends)
    if then:
        rules(programme, version=2, effective_from=then)

    assert "存档" not in shown(client, "list", [])
