from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import roles
from cities import decisions
from cities.decisions import Matter
from cities.models import City, OfficeDecision, Programme, Rulebook, Stage
from cities.rulebooks.load import load
from tests.cities.open_rules import OPEN_SPAN, OPEN_VALUES, OPEN_WINDOW
from tests.cities.rulebook_files import write
from tests.cities.test_rulebook_admin import signed_in, staff
from tests.conftest import at

AT = at("2026-09-17 10:32")
LIST = "/admin/cities/officedecision/"
DAYS = {"basis": "示例纪要第 1 号", "decided_on": "2026-09-16", "effective_from": "2026-09-17"}
SPAN = {"number": "7", "unit": "working", "first_day": "next", "roll": "none", "closing_hour": "17:30"}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(stopped_clock: Any) -> None:
    stopped_clock(AT)


@pytest.fixture
def rulebook(tmp_path: Path) -> Rulebook:
    return load([write(tmp_path, OPEN_SPAN, OPEN_WINDOW, OPEN_VALUES)], at=AT)[0].rulebook


@pytest.fixture
def editor(rulebook: Rulebook) -> Client:
    return signed_in(staff("editor", roles.RULEBOOK_EDITOR, rulebook.programme))


@pytest.fixture
def decider(rulebook: Rulebook) -> Client:
    return signed_in(staff("decider", roles.DECIDER, rulebook.programme))


def matter(rulebook: Rulebook, place: str, name: str = "span") -> Matter:
    found = decisions.matters(rulebook, AT)
    return next(one for one in found if (one.place, one.name) == (place, name))


def page_of(rulebook: Rulebook, place: str, name: str = "span") -> str:
    key = matter(rulebook, place, name).key
    slug = rulebook.programme.slug
    return reverse("admin:cities_officedecision_matter", args=[slug, rulebook.version, key])


def text(response: Any) -> str:
    return response.content.decode()


def errors(response: Any) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)


def propose(client: Client, address: str, **facts: str) -> Any:
    return client.post(address, {"action": "propose", **DAYS, **facts})


def settle(client: Client, address: str, action: str, **facts: str) -> Any:
    made = OfficeDecision.objects.latest("pk")
    return client.post(address, {"action": action, "decision": str(made.pk), **facts})


@pytest.mark.parametrize(("last", "is_over"), [(date(2026, 9, 16), True), (date(2026, 9, 17), False)])
def test_list_of_a_version_that_is_over_asks_nobody_to_decide(rulebook, editor, last, is_over):
    Rulebook.objects.filter(pk=rulebook.pk).update(effective_to=last)
    assert ("已经失效，不再办新的事项：没有定过的不用再定" in text(editor.get(LIST))) is is_over


def test_list_counts_in_its_title_and_shows_what_blocks_first(rulebook, editor):
    page = editor.get(LIST)

    assert page.context["title"] == "未写明的事项 6 项，4 项没有确定"
    groups = [(label.split("：")[0], len(rows)) for label, rows in page.context["groups"]]
    assert groups == [("没有确定", 4), ("我们的理解和已经定的", 2)]
    for said in ("申请次数：每家服务商", "公历年。", "还可以：连续十二个月；从入库之日起算", "未规定"):
        assert said in text(page)


def test_value_that_waits_for_confirmation_is_not_counted_as_open_and_says_its_row(rulebook, editor):
    propose(editor, page_of(rulebook, "change.publicity"), **SPAN)
    page = editor.get(LIST)
    assert page.context["title"] == "未写明的事项 6 项，3 项没有确定，1 项等待确认"
    stage = Stage.objects.get(rulebook=rulebook, key="publicity", procedure__key="change")
    waiting = next(rows for label, rows in page.context["groups"] if label.startswith("等待确认"))
    assert [row.matter.title for row in waiting] == [f"{stage.procedure}，{stage}：多少天，怎么计算？"]


@pytest.mark.parametrize(
    ("shown", "names"),
    [
        ("blocks", ["pass_mark", "span", "weights"]),
        ("waits", ["哪一种年？"]),
        ("decided", ["span"]),
        ("all", ["pass_mark", "span", "span", "weights", "一律不得吗？", "哪一种年？"]),
    ],
)
def test_list_can_be_narrowed(rulebook, editor, decider, shown, names):
    address = page_of(rulebook, "change.publicity")
    propose(editor, address, **SPAN)
    settle(decider, address, "confirm")
    propose(editor, page_of(rulebook, "twice", "哪一种年？"), reading="连续十二个月")

    groups = editor.get(LIST, {"show": shown}).context["groups"]
    assert sorted(row.matter.name for _, rows in groups for row in rows) == names


@pytest.mark.parametrize("query", ["programme=nowhere", "version=9", "version=x", "show=x"])
def test_list_of_what_is_not_there_is_a_404(rulebook, editor, query):
    assert editor.get(f"{LIST}?{query}").status_code == 404


def test_each_version_lists_its_own_matters(rulebook, editor, tmp_path):
    draft = (("version: 1", "version: 2"), ("standing: published", "standing: draft"))
    load([write(tmp_path, OPEN_WINDOW, *draft, name="second.yaml")], at=AT)

    assert editor.get(LIST).context["rulebook"].version == 1
    assert editor.get(LIST, {"version": "2"}).context["counted"]["all"] == 2


def test_decision_of_what_a_later_version_states_is_listed_as_such(rulebook, editor, decider, tmp_path):
    address = page_of(rulebook, "change.publicity")
    propose(editor, address, **SPAN)
    settle(decider, address, "confirm")
    draft = (("version: 1", "version: 2"), ("standing: published", "standing: draft"))
    load([write(tmp_path, OPEN_WINDOW, *draft, name="second.yaml")], at=AT)

    assert "不再适用的决定" not in text(editor.get(LIST))
    page = text(editor.get(LIST, {"version": "2"})).split("不再适用的决定</h2>")[1]
    for said in ("多少天，怎么计算？", " 7 个工作日", "示例纪要第 1 号"):
        assert said in page


def test_span_is_proposed_then_confirmed_by_another_and_shown_with_both_hands(rulebook, editor, decider):
    address = page_of(rulebook, "change.publicity")

    assert propose(editor, address, **SPAN).status_code == 302
    waiting = text(editor.get(address))
    assert "您登记的，由另一人确认。" in waiting
    assert "确认这项决定" not in waiting
    assert settle(decider, address, "confirm").status_code == 302

    made = OfficeDecision.objects.get()
    assert made.value == {
        "span_number": 7,
        "counting_rule": {"unit": "working", "first_day": "next", "roll": "none", "closing_hour": "17:30"},
    }
    assert (made.decided_on, made.effective_from) == (date(2026, 9, 16), date(2026, 9, 17))
    shown = text(editor.get(LIST))
    assert "7 个工作日，次日起算，最后一天不顺延，最后一天 17:30 截止" in shown
    assert "示例纪要第 1 号；2026年9月16日 确定，自 2026年9月17日 起生效；editor 登记，decider 确认" in shown


def test_errors_stand_at_their_fields_and_nothing_typed_is_lost(rulebook, editor):
    wrong = {**SPAN, "number": "0", "unit": "", "closing_hour": "25:00", "basis": " "}
    days = {"decided_on": "2026-09-18", "effective_from": "x"}

    response = propose(editor, page_of(rulebook, "change.publicity"), **{**wrong, **days})

    assert response.status_code == 422
    assert errors(response) == {
        "number": ["写 1 以上的整数"],
        "unit": ["选一项"],
        "closing_hour": ["时刻写成 17:30 这样"],
        "basis": ["写明依据的文件或会议，不能留空"],
        "decided_on": ["2026年9月18日 还没有到：写已经确定的日期"],
        "effective_from": ["日期写得不对，写成 2026-09-22 这样"],
    }
    assert 'value="25:00"' in text(response)
    assert OfficeDecision.objects.count() == 0


def test_a_decision_cannot_begin_before_it_was_taken(rulebook, editor):
    days = {"decided_on": "2026-09-16", "effective_from": "2026-09-15"}
    response = propose(editor, page_of(rulebook, "change.publicity"), **{**SPAN, **days})

    assert errors(response) == {"effective_from": ["不能早于确定的日期 2026年9月16日"]}


@pytest.mark.parametrize(
    ("number", "problem"),
    [("60", ""), ("101", "不能超过满分 100 分"), ("0", "写 1 以上的整数"), ("", "写明多少分")],
)
def test_pass_mark_is_a_number_within_the_full_mark(rulebook, editor, number, problem):
    response = propose(editor, page_of(rulebook, "yearly", "pass_mark"), number=number)

    if problem:
        assert errors(response) == {"number": [problem]}
    else:
        made = OfficeDecision.objects.get()
        assert (made.value, made.wording) == ({"pass_mark": 60}, " 60 分")


def test_weights_are_put_on_record_in_words(rulebook, editor):
    address = page_of(rulebook, "yearly", "weights")
    assert errors(propose(editor, address, text=" ")) == {"text": ["写明确定了什么，不能留空"]}
    assert "最多 198 个字" in errors(propose(editor, address, text="长" * 199))["text"][0]

    propose(editor, address, text="服务占四成，成效占六成")
    made = OfficeDecision.objects.get()
    assert (made.value, made.wording) == ({}, "“服务占四成，成效占六成”")


def test_each_reading_says_when_it_takes_effect(rulebook, editor):
    page = text(editor.get(page_of(rulebook, "twice", "哪一种年？")))

    assert "公历年。（我们的理解，平台现在就这样办）" in page
    assert "连续十二个月（确认后到了那一天就照此办理）" in page
    assert "从入库之日起算（只作记录，等下一版规则照此办理；各家的日子不同）" in page


@pytest.mark.parametrize(
    ("reading", "value", "said"),
    [
        ("公历年。", {}, "已确认"),
        ("连续十二个月", {"window": "rolling"}, "另选"),
        ("从入库之日起算", {}, "只作记录，等下一版规则照此办理"),
    ],
)
def test_chosen_reading_is_kept_with_what_it_sets(rulebook, editor, decider, reading, value, said):
    address = page_of(rulebook, "twice", "哪一种年？")
    propose(editor, address, reading=reading)
    settle(decider, address, "confirm")

    assert OfficeDecision.objects.get().value == value
    assert said in text(editor.get(LIST, {"show": "decided"}))


def test_proposer_cannot_confirm_even_by_a_request_of_his_own(rulebook, editor):
    address = page_of(rulebook, "change.publicity")
    propose(editor, address, **SPAN)

    response = settle(editor, address, "confirm")

    assert response.status_code == 422
    assert "登记的人不能确认自己登记的决定" in text(response)
    assert OfficeDecision.objects.get().is_confirmed is None


def test_declining_needs_its_reason_and_stays_in_the_history(rulebook, editor, decider):
    address = page_of(rulebook, "change.publicity")
    propose(editor, address, **SPAN)

    refused = settle(decider, address, "decline", because=" ")
    assert refused.status_code == 422
    assert "写明为什么退回，不能留空" in text(refused)
    settle(decider, address, "decline", because="纪要写的是五天")

    assert matter(rulebook, "change.publicity").blocks
    page = text(editor.get(address))
    assert "已退回" in page
    assert "退回：纪要写的是五天" in page


def test_what_was_settled_meanwhile_is_told(rulebook, editor, decider):
    address = page_of(rulebook, "change.publicity")
    propose(editor, address, **SPAN)
    settle(decider, address, "confirm")

    response = settle(decider, address, "decline", because="写错")

    assert response.status_code == 422
    assert "已经确认过" in text(response)


@pytest.mark.parametrize(
    ("role", "listed", "proposes", "confirms"),
    [
        (roles.RULEBOOK_EDITOR, 200, 302, 302),
        (roles.DECIDER, 200, 404, 302),
        (roles.AUDITOR, 200, 404, 404),
        (roles.CLERK, 404, 404, 404),
        (roles.ACCESS_ADMINISTRATOR, 404, 404, 404),
    ],
)
def test_who_may_see_propose_and_confirm(rulebook, editor, role, listed, proposes, confirms):
    address = page_of(rulebook, "change.publicity")
    propose(editor, address, **SPAN)
    waiting = OfficeDecision.objects.get()
    target = rulebook.programme.city if role == roles.ACCESS_ADMINISTRATOR else rulebook.programme
    client = signed_in(staff("visitor", role, target))

    assert client.get(LIST).status_code == listed
    assert client.get(address).status_code == listed
    told = {"action": "confirm", "decision": str(waiting.pk)}
    assert client.post(address, told).status_code == confirms
    assert propose(client, address, **SPAN).status_code == proposes


def test_another_programme_is_not_there(rulebook, tmp_path):
    city = City.objects.create(slug="elsewhere", name="别处市", office="别处市工作组")
    other = Programme.objects.create(
        city=city, slug="elsewhere-units", name="服务商", registrant_term="服务商", number_prefix="BC"
    )
    client = signed_in(staff("other", roles.RULEBOOK_EDITOR, other))

    assert client.get(LIST).context["title"] == "没有未写明的事项"
    assert client.get(LIST, {"programme": rulebook.programme.slug}).status_code == 404
    address = page_of(rulebook, "change.publicity")
    assert client.get(address).status_code == 404
    assert propose(client, address, **SPAN).status_code == 404


def test_decision_of_another_matter_is_not_settled_here(rulebook, editor, decider):
    propose(editor, page_of(rulebook, "change.publicity"), **SPAN)

    assert settle(decider, page_of(rulebook, "news"), "confirm").status_code == 404
    assert OfficeDecision.objects.get().is_confirmed is None


def test_sidebar_leads_to_the_list_before_anything_was_decided(rulebook, decider):
    links = decider.get(LIST).context["side_links"]
    assert [link["title"] for link in links if link["current"]] == ["未写明的事项"]


def test_sidebar_tells_the_second_person_what_waits(rulebook, editor, decider):
    propose(editor, page_of(rulebook, "change.publicity"), **SPAN)

    assert waiting_for(decider) == 1
    assert waiting_for(editor) == 0
    settle(decider, page_of(rulebook, "change.publicity"), "confirm")
    assert waiting_for(decider) == 0


def waiting_for(client: Client) -> int:
    links = client.get(LIST).context["side_links"]
    return next(link["waiting"] for link in links if link["title"] == "未写明的事项")


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_pages_cost_the_same_queries_for_one_decision_and_for_three(rulebook, editor, decider):
    addresses = [page_of(rulebook, "change.publicity"), page_of(rulebook, "news")]
    counts = []
    for number in range(3):
        for address in addresses:
            propose(editor, address, **SPAN)
            settle(decider, address, "confirm")
            propose(editor, address, **SPAN)
        if number != 1:
            counts.append([queries(editor, address) for address in (LIST, addresses[0])])

    assert counts[0] == counts[1]
