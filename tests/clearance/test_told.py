"""What a unit is told before it has confirmed that something is there: that there is something, from whom, its number, and a button."""

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import inbox, letters, page, steps
from cases.engine import load
from cases.models import Case
from cases.sweep import sweep
from cities.models import Programme
from clearance import serving
from notices import loading
from notices.models import Notice
from tests.clearance.conftest import (
    FACTS,
    GUANGZHOU,
    JUST_BEFORE,
    OVER,
    answered,
    made,
    ordered,
    served,
)
from tests.clearance.test_serving import WEEK_LATER, letter_of, removed
from tests.conftest import NOW
from tests.notices.conftest import FILE as WORDINGS
from tests.rulebooks import load_other

DEMAND, LAST_DAY = "补齐材料", "9月30日"


@pytest.fixture
def programme(calendar: None) -> Programme:
    return load_other(GUANGZHOU)


@pytest.fixture
def case(provider: Any, registration: Any, clerk: Any, decider: Any) -> Case:
    """Its document is made, and its unit has somebody to read it."""
    loading.load(WORDINGS.with_name(f"{GUANGZHOU}.yaml"), at=NOW)
    case = ordered(registration, clerk, decider)
    made(case)
    return case


def pages_of(case: Case) -> list[str]:
    return [
        reverse("my"),
        reverse("case", args=[case.pk]),
        reverse("my_letters"),
        reverse("my_letter", args=[letter_of(case).pk]),
    ]


def read(client: Any, user: Any, url: str) -> str:
    client.force_login(user)
    return str(client.get(url, follow=True).content.decode())


def contents(case: Case) -> list[str]:
    ground = case.submission["grounds"][0]["label"]
    return [FACTS, DEMAND, LAST_DAY, ground]


def test_every_page_says_the_same_before_and_the_contents_after(
    case: Case, provider: Any, client: Any, stopped_clock: Any
) -> None:
    """Also where an address is known."""
    notice = Notice.objects.get(case=case)
    behind = [reverse("answer", args=[case.pk]), reverse("case_notice", args=[case.pk, notice.code])]
    for url in (*pages_of(case), *behind):
        said = read(client, provider, url)
        assert str(case) in said
        assert "待确认" in said
        assert [one for one in contents(case) if one in said] == []
        assert notice.code not in said
    assert case.programme.authority in read(client, provider, reverse("case", args=[case.pk]))
    assert not case.services.exists()

    client.post(reverse("my_letter", args=[letter_of(case).pk]))
    told = [read(client, provider, url) for url in pages_of(case)]
    assert not any("待确认" in said for said in told)
    assert all(one in told[1] for one in contents(case))
    assert contents(case)[3] in told[0]
    assert LAST_DAY in told[2]
    assert FACTS in told[3]


def test_it_is_first_among_what_is_to_be_done_and_leads_to_its_letter(
    case: Case, provider: Any, client: Any, stopped_clock: Any
) -> None:
    said = read(client, provider, reverse("my"))
    assert "要您办的 1 件" in said
    assert f'href="{reverse("my_letter", args=[letter_of(case).pk])}">去确认收到' in said
    client.post(reverse("my_letter", args=[letter_of(case).pk]))
    assert "去答复" in read(client, provider, reverse("my"))


def test_mail_holds_no_contents_until_it_is_confirmed(case: Case, clerk: Any) -> None:
    letters.send(NOW)
    [sent] = [one for one in mail.outbox if str(case) in str(one.subject)]
    assert "待确认收到" in sent.subject
    assert case.programme.authority in sent.body
    assert [one for one in contents(case) if one in f"{sent.subject}{sent.body}"] == []


def test_mail_of_what_was_served_by_hand_meanwhile_is_the_letter(case: Case, clerk: Any) -> None:
    served(case, clerk)
    letters.send(NOW)
    [sent] = [one for one in mail.outbox if str(case) in str(one.subject)]
    assert FACTS in str(sent.body)


def test_office_reads_it_as_ever(case: Case, clerk: Any, client: Any, stopped_clock: Any) -> None:
    assert FACTS in read(client, clerk, reverse("case", args=[case.pk]))


@pytest.mark.parametrize(("moment", "may_confirm"), [(JUST_BEFORE, True), (OVER, False)])
def test_whose_day_is_over_unserved_is_told_to_wait(
    case: Case, provider: Any, client: Any, stopped_clock: Any, moment: Any, may_confirm: bool
) -> None:
    stopped_clock(moment)
    said = read(client, provider, reverse("my"))
    assert ("要您办的 1 件" in said) is may_confirm
    assert ("由工作人员重新安排" in said) is not may_confirm
    address = reverse("my_letter", args=[letter_of(case).pk])
    client.post(address)
    assert (FACTS in read(client, provider, address)) is may_confirm


def test_removal_is_to_be_confirmed_though_the_registration_has_ended(
    registration: Any, clerk: Any, decider: Any, provider: Any, client: Any, stopped_clock: Any
) -> None:
    case = removed(registration, clerk, decider)
    stopped_clock(WEEK_LATER)
    for url in pages_of(case):
        said = read(client, provider, url)
        assert "清退牵引单位的决定" in said
        assert FACTS not in said
    assert "要您办的 1 件" in read(client, provider, reverse("my"))
    client.post(reverse("my_letter", args=[letter_of(case).pk]))
    said = read(client, provider, reverse("my"))
    assert "现在没有要办的" in said
    assert str(case) in said
    assert FACTS in read(client, provider, reverse("case", args=[case.pk]))


def test_nothing_waits_of_what_was_stopped_before_it_was_served(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(status="closed", result="stopped", closed_at=NOW)
    case = load(case.pk)
    assert inbox.receipt_of(case, NOW) is None
    assert not serving.awaits(case)


def test_as_many_queries_for_many_as_for_one(registration: Any, clerk: Any, decider: Any) -> None:
    def asked(cases: list[Case]) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert len(inbox.receipts(cases, NOW)) == len(cases)
        return len(seen)

    def unserved() -> Case:
        case = ordered(registration, clerk, decider)
        return Case.objects.select_related("procedure", "stage", "programme__city").get(pk=case.pk)

    first = unserved()
    few = asked([first])
    Case.objects.update(status="closed")  # one at a time is begun
    assert asked([first, unserved()]) == few


def line(case: Case) -> list[tuple[str, str, str]]:
    rows = page.stage_line(load(case.pk), OVER)
    return [(row["label"], row["state"], row["note"]) for row in rows]


@pytest.mark.parametrize("outcome", ["done", "not_done"])
def test_line_of_stages_says_what_came_out_of_one_behind(
    case: Case, clerk: Any, decider: Any, client: Any, stopped_clock: Any, outcome: str
) -> None:
    answered(served(case, clerk), clerk)
    steps.decide(load(case.pk), outcome, by=clerk, at=WEEK_LATER, opinion="看过现场")
    if outcome == "done":
        assert line(case)[-1] == ("已办结", "ended", "整改完成，9月24日 09:00")
        at_the_desk = read(client, clerk, reverse("admin:cases_case_change", args=[case.pk]))
        assert "<b>复核</b>9月24日 整改完成" in at_the_desk
        return
    assert ("复核", "short", "没有完成，报处理，9月24日 09:00") in line(case)
    stopped_clock(WEEK_LATER)
    for url in (reverse("case", args=[case.pk]), reverse("admin:cases_case_change", args=[case.pk])):
        said = read(client, clerk, url)
        assert '<li class="is-fail"><b>复核</b>没有完成，报处理' in said


def test_line_of_stages_says_that_nothing_came_in_time(case: Case, clerk: Any) -> None:
    served(case, clerk)
    sweep(OVER)
    assert ("限期整改", "short", "到期没有完成，10月1日 00:00") in line(case)


def test_worklist_says_what_the_unit_is_waited_for_with(
    case: Case, clerk: Any, client: Any, stopped_clock: Any
) -> None:
    worklist = reverse("admin:cases_case_changelist")
    assert "待登记送达" in read(client, clerk, worklist)
    served(case, clerk)
    assert "等单位整改，到 2026年9月30日" in read(client, clerk, worklist)
