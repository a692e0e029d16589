"""What was found and may open a case: noted once, taken up or set aside, and never a word of who brought it up."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import grounds, steps
from cases.errors import Refused
from cases.models import GroundFound
from records.models import Event
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground(submitted_case: Any, clerk: Any, edition: Any) -> GroundFound:
    return find(submitted_case, clerk, edition)


def find(case: Any, by: Any, edition: Any, source: str = "objection:1") -> GroundFound:
    told = {"label": "异议 DG-YY-2026-0001", "evidence": "对名单的异议成立", "edition": edition}
    return grounds.find("list_wrong", source, case.registration, found_in=case, by=by, at=NOW, **told)


def verbs() -> list[str]:
    return list(
        Event.objects.filter(verb__startswith="ground.").order_by("pk").values_list("verb", flat=True)
    )


def test_same_source_is_found_once_with_one_event(ground, submitted_case, clerk, edition):
    assert find(submitted_case, clerk, edition) == ground
    assert find(submitted_case, clerk, edition, "objection:2") != ground
    assert (GroundFound.objects.count(), verbs()) == (2, ["ground.found"] * 2)


def test_set_aside_keeps_who_and_why(ground, clerk):
    grounds.set_aside(ground, reason=" 核实过，名单无误 ", by=clerk, at=NOW)
    ground.refresh_from_db()
    assert (ground.state, ground.reason, ground.handled_by) == ("set_aside", "核实过，名单无误", clerk)
    assert verbs()[-1] == "ground.set_aside"
    with pytest.raises(Refused, match="已经处理过：不立案"):
        grounds.set_aside(ground, reason="再一次", by=clerk, at=NOW)


@pytest.mark.parametrize(
    ("reason", "told"), [("  ", "写明不立案的理由"), ("13800001111 说的", "不能有手机号码")]
)
def test_set_aside_is_refused_without_a_reason_that_may_be_told(ground, clerk, reason, told):
    with pytest.raises(Refused, match=told):
        grounds.set_aside(ground, reason=reason, by=clerk, at=NOW)
    ground.refresh_from_db()
    assert ground.state == "open"


@pytest.mark.parametrize("name", ["decider", "auditor", "other_clerk", "provider"])
def test_only_a_clerk_of_the_programme_deals_with_it(ground, request, name):
    with pytest.raises(Refused, match="由经办人处理"):
        grounds.set_aside(ground, reason="无误", by=request.getfixturevalue(name), at=NOW)


def test_taken_up_by_a_case_of_the_same_unit_only(ground, submitted_case, clerk, apply, second, stranger):
    other = apply(second, stranger)
    with pytest.raises(Refused, match="不能并案"):
        grounds.take_up(ground, other, by=clerk, at=NOW)
    grounds.take_up(ground, submitted_case, by=clerk, at=NOW)
    ground.refresh_from_db()
    assert (ground.state, ground.case) == ("taken", submitted_case)


def test_waits_again_when_the_case_that_took_it_up_is_withdrawn(ground, submitted_case, clerk, provider):
    grounds.take_up(ground, submitted_case, by=clerk, at=NOW)
    steps.withdraw(submitted_case, by=provider, at=NOW, reason="写错了")
    ground.refresh_from_db()
    assert (ground.state, ground.case, ground.handled_by) == ("open", None, None)
    assert verbs() == ["ground.found", "ground.take_up", "ground.give_back"]


def test_table_holds_no_state_without_what_it_means(ground):
    for wrong in ({"state": "taken"}, {"state": "set_aside"}, {"state": "open", "reason": "无误"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            GroundFound.objects.filter(pk=ground.pk).update(**wrong)


@pytest.mark.parametrize(
    ("name", "status"),
    [("clerk", 200), ("decider", 200), ("auditor", 200), ("other_clerk", 404), ("provider", 404)],
)
def test_page_is_there_for_the_office_of_the_programme(client, request, ground, stopped_clock, name, status):
    client.force_login(request.getfixturevalue(name))
    assert client.get(reverse("admin:cases_groundfound_change", args=[ground.pk])).status_code == status


def test_desk_sets_it_aside_on_its_page_and_sees_it_waiting_until_then(client, ground, clerk, stopped_clock):
    client.force_login(clerk)
    url = reverse("admin:cases_groundfound_change", args=[ground.pk])
    assert "1 条发现的情形没有处理" in client.get(reverse("admin:cases_case_changelist")).content.decode()
    assert "写明不立案的理由" in client.post(url, {"reason": ""}).content.decode()
    client.post(url, {"reason": "核实过，名单无误"})
    ground.refresh_from_db()
    assert ground.state == "set_aside"
    assert "发现的情形没有处理" not in client.get(reverse("admin:cases_case_changelist")).content.decode()
    assert "核实过，名单无误" in client.get(url).content.decode()


def test_auditor_reads_it_and_cannot_set_it_aside(client, ground, auditor, stopped_clock):
    client.force_login(auditor)
    url = reverse("admin:cases_groundfound_change", args=[ground.pk])
    assert "由经办人处理" in client.get(url).content.decode()
    assert client.post(url, {"reason": "无误"}).status_code == 404


def test_list_asks_the_same_number_of_queries_however_long(
    client, ground, submitted_case, clerk, edition, django_assert_num_queries, stopped_clock
):
    client.force_login(clerk)
    url = reverse("admin:cases_groundfound_changelist")
    client.get(url)
    with CaptureQueriesContext(connection) as of_one:
        client.get(url)
    find(submitted_case, clerk, edition, "objection:2")
    find(submitted_case, clerk, edition, "objection:3")
    with django_assert_num_queries(len(of_one)):
        page = client.get(url).content.decode()
    assert page.count("异议 DG-YY-2026-0001") == 3


@pytest.mark.parametrize(("name", "may_enter"), [("clerk", True), ("decider", False), ("auditor", False)])
def test_inbox_leads_who_handles_to_where_one_is_entered(
    client, request, ground, name, may_enter, stopped_clock
):
    client.force_login(request.getfixturevalue(name))
    page = client.get(reverse("admin:cases_groundfound_changelist"), {"q": "示例"}).content.decode()
    assert (f'{reverse("admin:clearance_measure_ground")}?q=%E7%A4%BA%E4%BE%8B" ' in page) is may_enter
