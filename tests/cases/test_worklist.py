import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import roles
from accounts.grants import grant
from cases import deadlines, engine, steps
from cases.checks import Check
from cases.models import Case, CheckRun
from cases.worklist import (
    ASIDE,
    LATER,
    ME,
    NOBODY,
    OTHERS,
    OVER,
    TEAM,
    TODAY,
    WEEK,
    desk_of,
    grouped,
    open_cases,
)
from cities.models import Limit
from tests.conftest import NOW, add, at, office, review, submitted
from tests.publicity.pages.moments import text

URL = "/admin/cases/case/"


@pytest.fixture(autouse=True)
def clock_stands_at_now(stopped_clock):
    return stopped_clock


def groups(user, whose=ME, moment=NOW):
    desk = desk_of(user)
    return {case.number: case.group for case in grouped(open_cases(desk), desk, whose, moment)}


def headline(client, user, query=""):
    client.force_login(user)
    return re.search(r"<h1>(.*?)</h1>", client.get(URL + query).content.decode())[1]


def three_cases(apply, registration, second, third, provider):
    return [submitted(apply(unit, provider), by=provider, at=NOW) for unit in (registration, second, third)]


def due(case, closes_on):
    deadlines.set_deadline(case, closes_on=closes_on, article="第十五条（二）", at=NOW - timedelta(days=20))


def test_case_at_the_clerks_desk_waits_for_others_with_everybody_else(submitted_case, clerk, decider):
    assert groups(clerk) == {"DG-2026-0001": LATER}
    assert groups(decider) == {"DG-2026-0001": OTHERS}


def test_case_reported_up_waits_for_the_decider(submitted_case, clerk, decider):
    for material in submitted_case.materials.all():
        steps.verify_seal(material, by=clerk, at=NOW)
    steps.decide(submitted_case, "support", by=clerk, at=NOW)

    assert groups(clerk) == {"DG-2026-0001": OTHERS}
    assert groups(decider) == {"DG-2026-0001": LATER}


def test_case_whose_second_pair_of_eyes_i_cannot_be_waits_for_others(submitted_case, clerk, programme):
    for material in submitted_case.materials.all():
        steps.verify_seal(material, by=clerk, at=NOW)
    steps.decide(submitted_case, "support", by=clerk, at=NOW)
    grant(clerk, roles.DECIDER, programme, at=NOW - timedelta(days=1), by=None, reason="测试")

    assert groups(clerk) == {"DG-2026-0001": OTHERS}


@pytest.mark.parametrize(
    ("last_day", "group"),
    [
        ("2026-09-16", OVER),
        ("2026-09-17", TODAY),
        ("2026-09-18", WEEK),
        ("2026-09-20", WEEK),
        ("2026-09-21", LATER),
    ],
)
def test_group_follows_the_last_day(submitted_case, clerk, last_day, group):
    due(submitted_case, at(last_day).date())

    assert groups(clerk) == {"DG-2026-0001": group}


def test_last_day_is_today_until_midnight(submitted_case, clerk):
    due(submitted_case, at("2026-09-17").date())

    assert groups(clerk, moment=at("2026-09-17 23:59:59")) == {"DG-2026-0001": TODAY}
    assert groups(clerk, moment=at("2026-09-18 00:00")) == {"DG-2026-0001": OVER}


def test_assigned_case_is_its_owners_and_the_teams(submitted_case, clerk, programme):
    colleague = office("colleague", "周经办", roles.CLERK, programme)
    steps.assign(submitted_case, colleague, by=clerk, at=NOW)

    assert groups(clerk) == {"DG-2026-0001": OTHERS}
    assert groups(colleague) == {"DG-2026-0001": LATER}
    assert groups(clerk, whose=TEAM) == {"DG-2026-0001": LATER}
    assert groups(clerk, whose=NOBODY) == {}


def test_case_set_aside_comes_first_for_clerks(case_in_publicity, clerk, decider):
    engine.set_aside(case_in_publicity, "查无此行", at=NOW)

    assert groups(clerk) == {case_in_publicity.number: ASIDE}
    assert groups(decider) == {case_in_publicity.number: OTHERS}


def test_reader_sees_all_open_cases_by_their_dates(submitted_case, auditor):
    due(submitted_case, at("2026-09-16").date())

    assert groups(auditor) == {"DG-2026-0001": OVER}


def test_publicity_whose_days_are_over_is_late_for_no_reader(case_in_publicity, auditor):
    number = case_in_publicity.number
    last, over = at("2026-10-03 23:59:59"), at("2026-10-04 00:00")

    assert (groups(auditor, moment=last), groups(auditor, moment=over)) == ({number: TODAY}, {number: TODAY})


def test_headline_counts_what_waits_for_me(client, apply, registration, second, third, provider, clerk):
    late, today, _ = three_cases(apply, registration, second, third, provider)
    due(late, at("2026-09-15").date())
    due(today, at("2026-09-17").date())

    assert headline(client, clerk) == "待办 3 件，1 件已逾期，1 件今天到期"
    assert headline(client, clerk, "?q=示例智造") == "筛选出待办 1 件，1 件已逾期"


def test_headline_when_nothing_is_there(client, clerk):
    assert headline(client, clerk) == "现在没有待办的事项"


def test_drafts_of_providers_are_not_shown_and_paper_drafts_are(
    client, apply, registration, second, provider, clerk, auditor
):
    apply(registration, provider)
    paper = apply(second, clerk, channel=Case.Channel.PAPER, received_on=at("2026-09-16").date())

    client.force_login(clerk)
    page = client.get(URL).content.decode()

    assert [str(case.pk) for case in open_cases(desk_of(clerk))] == [str(paper.pk)]
    assert reverse("change", args=[paper.pk]) in page
    assert list(open_cases(desk_of(auditor))) == []


def test_deleted_paper_draft_is_gone_from_everything(client, apply, registration, clerk):
    paper = apply(registration, clerk, channel=Case.Channel.PAPER, received_on=at("2026-09-16").date())
    steps.discard(paper, by=clerk, at=NOW)

    assert headline(client, clerk) == "现在没有待办的事项"
    assert headline(client, clerk, "?status=all") == "没有符合条件的事项"


def test_closed_case_is_found_by_its_status_only(client, submitted_case, clerk, decider):
    case = review(submitted_case, clerk, decider, NOW)
    engine.end(engine.load(case.pk), Case.Result.WITHDRAWN, by=None, at=NOW, verb="withdraw", summary="撤回")

    assert headline(client, clerk) == "现在没有待办的事项"
    assert headline(client, clerk, "?status=closed") == "已办结 1 件"
    assert headline(client, clerk, "?status=all") == "全部事项 1 件"


def test_filters_keep_what_fits_and_drop_the_rest(client, submitted_case, clerk):
    client.force_login(clerk)
    fits = [
        "procedure=partner_change",
        "stage=review",
        "q=DG-2026-0001",
        "q=91990001MAQ000119X",
        "group=f-later",
    ]
    misses = ["stage=publicity", "q=范例", "whose=none&q=x", "group=b-over", "status=closed"]

    def is_shown(query):
        response = client.get(f"{URL}?{query}")
        return response.status_code, "DG-2026-0001</span>" in response.content.decode()

    assert {query: is_shown(query) for query in fits} == dict.fromkeys(fits, (200, True))
    assert {query: is_shown(query) for query in misses} == dict.fromkeys(misses, (200, False))


def test_wrong_parameter_is_named_and_the_list_still_shown(client, submitted_case, clerk):
    client.force_login(clerk)
    sentences = {
        "?stage=nowhere": "环节：没有“nowhere”这一项，已显示全部。在下面重新选",
        "?page=7": "没有第 7 页，共 1 页，已显示最后一页",
        "?page=x": "没有第 x 页，共 1 页，已显示最后一页",
    }
    for query, sentence in sentences.items():
        response = client.get(URL + query)
        page = response.content.decode()

        assert (response.status_code, sentence in page, "DG-2026-0001" in page) == (400, True, True)


def test_case_of_another_city_is_not_in_the_list(client, submitted_case, other_clerk):
    assert groups(other_clerk) == {}
    assert headline(client, other_clerk) == "现在没有待办的事项"


def test_who_has_no_business_here_gets_404(client, submitted_case, provider):
    client.force_login(provider)
    assert client.get(URL).status_code == 404
    client.logout()
    assert client.get(URL).status_code == 302


def test_number_of_queries_does_not_grow(
    client, apply, registration, second, third, provider, clerk, django_assert_num_queries
):
    client.force_login(clerk)
    submitted(apply(registration, provider), by=provider, at=NOW)
    client.get(URL)
    with CaptureQueriesContext(connection) as one:
        client.get(URL)
    for unit in (second, third):
        case = submitted(apply(unit, provider, [add("other", unit)]), by=provider, at=NOW)
        due(case, at("2026-09-17").date())
    with django_assert_num_queries(len(one)):
        page = client.get(URL).content.decode()

    assert page.count("DG-2026-000") == 3


def test_sidebar_offers_what_the_person_may_see(client, clerk, auditor, programme):
    keeper = office("keeper", "管授权", roles.ACCESS_ADMINISTRATOR, programme.city)

    def places(user):
        client.force_login(user)
        page = client.get("/admin/", follow=True).content.decode()
        menu = page[page.index('<ul class="side">') :]
        return re.findall(r"<a [^>]*>(.*?)</a>", menu[: menu.index("</ul>")])

    assert places(clerk)[:6] == ["我的待办", "全部事项", "批次", "期限", "公示", "异议"]
    assert {"我的待办", "全部事项"} <= set(places(auditor))
    assert {"授权", "人员"} <= set(places(keeper))
    assert "我的待办" not in places(keeper)


def test_header_names_the_office_of_the_one_city(client, clerk, programme):
    client.force_login(clerk)

    assert f"{programme.city.office} · 后台" in client.get(URL).content.decode()


def test_front_page_leads_those_with_cases_to_the_worklist(client, clerk):
    client.force_login(clerk)

    assert client.get("/admin/").headers["Location"] == URL


def test_row_says_that_seals_wait_before_it_says_that_all_is_well(client, clerk, submitted_case):
    client.force_login(clerk)
    address = reverse("admin:cases_case_changelist")
    waiting = submitted_case.materials.filter(replaced_at=None)
    sealed = submitted_case.procedure.materials.filter(sealed=True).values("key")
    count = waiting.filter(key__in=sealed).count()
    assert count
    assert f"{count} 份待核章" in text(client.get(address))
    for material in waiting:
        steps.verify_seal(material, by=clerk, at=NOW)
    assert "全部符合" in text(client.get(address))


def test_row_says_that_seals_wait_also_beside_a_finding(client, clerk, submitted_case):
    asked = Check("change_interval", "间隔", passed=False, strictness=Limit.Strictness.IN_PRINCIPLE)
    run = submitted_case.check_runs.get(purpose=CheckRun.Purpose.FILING)
    CheckRun.objects.filter(pk=run.pk).update(checks=[asked.to_json()])
    client.force_login(clerk)
    assert re.search("1 项原则上不符，[1-9] 份待核章", text(client.get(URL)))


def test_row_of_a_case_that_was_sent_back_is_not_all_well(client, clerk, submitted_case):
    for material in submitted_case.materials.filter(replaced_at=None):
        steps.verify_seal(material, by=clerk, at=NOW)
    submitted_case.attention = "异议成立：材料与实际不符"
    submitted_case.save()
    client.force_login(clerk)
    said = text(client.get(reverse("admin:cases_case_changelist")))
    assert "全部符合" not in said
    assert "系统查验的都符合" in said


def test_who_only_grants_access_begins_there(client, programme):
    client.force_login(office("keeper", "管授权", roles.ACCESS_ADMINISTRATOR, programme.city))
    assert client.get("/admin/").url == reverse("admin:accounts_grant_changelist")
