"""The first page of the public."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cities.models import City, Programme
from providers.models import ListEdition
from publicity import steps as publicity_steps
from tests.conftest import NOW, add, at, review, submitted
from tests.publicity.pages.moments import text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(stopped_clock):
    stopped_clock(NOW)


def queries(client):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(reverse("home")).status_code == 200
    return len(asked)


def another_programme(slug):
    city = City.objects.create(slug=slug, name=f"{slug}市", office=f"{slug}市工作组")
    programme = Programme.objects.create(
        city=city, slug=f"{slug}-units", name="服务商", registrant_term="服务商", number_prefix=slug.upper()
    )
    rulebook = programme.rulebooks.create(version=1, title="办法", effective_from=NOW.date())
    rulebook.standing = "published"
    rulebook.save()


def test_empty_site(client):
    said = text(client.get(reverse("home")))
    assert "现在没有公示" in said
    assert "还没有载入任何城市的规则" in said
    assert "还没有发布过名单" in said


def test_city_shows_its_list_and_whether_rules_bind(client, edition):
    said = text(client.get(reverse("home")))
    assert "东莞" in said
    assert "现行 3 家" in said.replace("  ", " ")
    assert "第 1 版，2024年1月10日 发布" in said


def test_programme_without_rules_in_force_or_list_says_so(client, edition, stopped_clock, other_clerk):
    stopped_clock(at("2024-03-01 09:00"))
    said = text(client.get(reverse("home")))
    assert said.count("没有施行中的规则") == 2
    assert "尚无名单" in said


def test_open_publicity_is_in_the_title_until_its_last_moment(client, case_in_publicity, stopped_clock):
    for moment, title in [
        ("2026-09-30 09:00", "正在公示 1 批，最先截止的一批 10月3日 24:00 截止"),
        ("2026-10-03 23:59:59", "正在公示 1 批，最先截止的一批 10月3日 24:00 截止"),
        ("2026-10-04 00:00", "现在没有公示"),
    ]:
        stopped_clock(at(moment))
        assert title in text(client.get(reverse("home")))


def test_fixed_queries_with_one_and_three_programmes(client, edition):
    one = queries(client)
    for slug in ("second", "third"):
        another_programme(slug)
    assert queries(client) == one


def test_fixed_queries_with_one_and_three_editions_and_periods(
    client, case_in_publicity, apply, second, third, clerk, decider, programme
):
    one = queries(client)
    for unit in (second, third):
        paper = apply(unit, clerk, [add("fresh", unit)], channel="paper", received_on=NOW.date())
        case = review(submitted(paper, by=clerk, at=NOW), clerk, decider, NOW)
        publicity_steps.open_period(case, by=clerk, at=NOW)
    first = ListEdition.objects.get()
    for number in (2, 3):
        first.pk, first.number, first.published_at = None, number, at(f"2026-0{number}-01 09:00")
        first.save(force_insert=True)
    assert queries(client) == one
