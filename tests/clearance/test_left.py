"""A closed case says at its top what is still to do on it, and the worklist counts what should have been done."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from cases import engine, steps
from cases import sweep as sweeping
from cases.models import Case
from cities.models import Programme
from clearance import followups
from notices import acts, loading
from notices.models import Notice
from tests.cases.desk.page import act, seen
from tests.clearance import partners
from tests.clearance.conftest import filed, made, ordered, served
from tests.clearance.test_serving import WEEK_LATER, removed
from tests.conftest import NOW, RULEBOOK, at, office, put_rulebooks
from tests.notices.conftest import FILE as WORDINGS
from tests.rulebooks import load_other

HEAD = "这件已经办结，还有"
WORKLIST = "admin:cases_case_changelist"


@pytest.fixture(params=["guangzhou-lead-units"])
def programme(calendar: None, request: Any) -> Programme:
    return load_other(request.param)


def worklist(client: Any, user: Any) -> str:
    client.force_login(user)
    return str(client.get(reverse(WORKLIST)).content.decode())


def test_closed_case_says_what_is_left_until_it_is_done(
    registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any
) -> None:
    case = removed(registration, clerk, decider)
    followups.add(case, "核对在办项目", by=clerk, at=WEEK_LATER)
    stopped_clock(WEEK_LATER)
    said = seen(client, clerk, case)
    assert f"{HEAD} 2 项要办" in said
    assert said.index(HEAD) < said.index('id="facts"')
    assert "清退牵引单位的决定还没有送达：2026年9月24日 作出" in said
    assert "后续事项：核对在办项目" in said
    assert "没有要办的了" not in said
    [one] = followups.open_of(case)
    served(case, clerk, moment=WEEK_LATER)
    followups.finish(case, one, WEEK_LATER.date(), "已办", by=clerk, at=WEEK_LATER)
    assert HEAD not in seen(client, clerk, case)
    assert "没有要办的了" in seen(client, decider, case)


def test_worklist_counts_and_marks_what_should_have_been_done(
    registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any
) -> None:
    assert "该办没有办" not in worklist(client, clerk)
    removed(registration, clerk, decider)
    stopped_clock(WEEK_LATER)
    said = worklist(client, clerk)
    assert "现在没有待办的事项，另有 1 件该办没有办" in said
    assert '<span class="tag is-bad">该办没有办</span>　<a href=' in said


def test_what_is_not_served_is_a_group_of_its_own_with_its_day(
    registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any
) -> None:
    case = ordered(registration, clerk, decider)
    said = worklist(client, clerk)
    assert "1 件还没有登记送达" in said
    assert "还没有登记送达 <b>1</b>" in said
    assert "2026年9月17日 作出" in said
    assert "先重新定一天" not in said
    stopped_clock(at("2026-10-01 00:00"))
    said = worklist(client, clerk)
    assert "2026年9月17日 作出，期限 2026年9月30日 已经过了，先重新定一天" in said
    assert "今天到期 <b>0</b>" in said
    stopped_clock(NOW)
    served(case, clerk)
    assert "还没有登记送达" not in worklist(client, clerk)


class TestOfDongguan:
    @pytest.fixture
    def programme(self, calendar: None) -> Programme:
        put_rulebooks(RULEBOOK)
        return Programme.objects.select_related("city").get()

    @pytest.fixture
    def cleared(self, registration: Any, clerk: Any, decider: Any) -> Case:
        case = filed(registration, clerk, "ground_fraud")
        steps.decide(case, "clear", by=decider, at=NOW, opinion="属实")
        sweeping.sweep(NOW)
        return engine.load(case.pk)

    def test_order_past_its_day_is_counted_and_its_row_marked(
        self, registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any
    ) -> None:
        case = partners.ordered(registration, clerk, decider, due=date(2026, 9, 30))
        late = at("2026-10-01 00:00")
        sweeping.sweep(late)
        stopped_clock(late)
        said = worklist(client, clerk)
        assert "另有 1 件该办没有办" in said
        assert "1 件责令到期没有完成" in said
        assert '<tr class="is-over">' in said
        url = f"{reverse('admin:clearance_measure_changelist')}?owed=late"
        assert url in said
        assert str(case) in client.get(url).content.decode()

    def test_day_that_was_named_for_what_is_still_to_be_served_is_marked_too(
        self, registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any
    ) -> None:
        partner = partners.partner_of(registration)
        case = filed(registration, clerk, "removal_fraud", partner=partner)
        steps.decide(case, "order", by=decider, at=NOW, opinion="属实", named_day=date(2026, 9, 30))
        stopped_clock(at("2026-09-30 23:59"))
        assert "2026年9月17日 作出，要求办到 2026年9月30日" in worklist(client, clerk)
        stopped_clock(at("2026-10-01 00:00"))
        assert "期限 2026年9月30日 已经过了，先重新定一天" in worklist(client, clerk)

    def test_announcement_that_is_made_elsewhere_is_listed_until_it_is_done(
        self, cleared: Case, clerk: Any, client: Any, stopped_clock: Any
    ) -> None:
        said = seen(client, clerk, cleared)
        assert "后续事项：向社会公告这次清退（第十一条）" in said
        assert "移出名单，2026年9月17日 10:32" in said
        assert "<b>听取陈述</b>没有经过" in said

    def test_announcement_that_was_withdrawn_is_owed_at_the_top(
        self,
        registration: Any,
        programme: Programme,
        clerk: Any,
        decider: Any,
        client: Any,
        stopped_clock: Any,
    ) -> None:
        loading.load(WORDINGS, at=NOW)
        case = filed(registration, clerk, "ground_fraud")
        steps.decide(case, "clear", by=decider, at=NOW, opinion="属实")
        sweeping.sweep(NOW)
        made(case)
        case = engine.load(case.pk)
        assert "后续事项：" not in seen(client, clerk, case)
        notice = Notice.objects.get(case=case, is_public=True)
        issuer = office("issuer", "签发人", "notice_issuer", programme)
        acts.withdraw(notice, reason="写错了", by=issuer, at=NOW)
        said = seen(client, clerk, case)
        assert f"《{notice.title}》应当公告，2026年9月17日 10:32 撤回以后还没有重新发" in said
        assert reverse("admin:notices_notice_change", args=[notice.pk]) in said
        assert "另有 2 件该办没有办" in worklist(client, clerk)  # and its service


def test_case_of_which_nothing_is_left_has_no_such_box(
    registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any
) -> None:
    case = filed(registration, clerk, "bad_faith")
    act(client, decider, case, "decide", outcome="not_established", opinion="不属实")
    assert HEAD not in seen(client, clerk, case)
