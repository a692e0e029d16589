"""Nothing follows from an order before it is on record that it has reached its unit."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import engine, inbox, steps
from cases.admin.case import guard
from cases.deadlines import acts
from cases.errors import Refused
from cases.models import Case, GroundFound
from cases.sweep import sweep
from cities.models import Programme
from cities.rulebooks.load import load
from clearance import followups, serving
from notices import loading
from records.answers import WRONG
from records.models import Letter, LetterDelivery
from records.words import full_day
from tests.clearance.conftest import (
    FACTS,
    GUANGZHOU,
    JUST_BEFORE,
    LAST,
    OVER,
    answered,
    filed,
    made,
    ordered,
    served,
)
from tests.conftest import NOW, PDF, RULEBOOK, at
from tests.notices.conftest import FILE as WORDINGS
from tests.rulebooks import content_of, load_other, stage, write

WEEK_LATER = at("2026-09-24 09:00")


@pytest.fixture
def programme(calendar: None) -> Programme:
    """As a test has loaded it, else as its file has it."""
    return Programme.objects.select_related("city").first() or load_other(GUANGZHOU)


@pytest.fixture
def case(registration: Any, clerk: Any, decider: Any) -> Case:
    return ordered(registration, clerk, decider)


def letter_of(case: Case) -> Letter:
    """The latest."""
    return inbox.of_case(case).latest("written_at")


@pytest.mark.parametrize(
    ("on", "why"),
    [
        (date(2026, 9, 16), "送达日期在作出"),
        (date(2026, 9, 17), ""),
        (date(2026, 9, 24), ""),
        (date(2026, 9, 25), "送达日期在作出"),
    ],
)
def test_day_of_service_lies_between_the_decision_and_today(
    case: Case, clerk: Any, on: date, why: str
) -> None:
    if not why:
        assert served(case, clerk, moment=WEEK_LATER, on=on).waiting_for == "provider"
        return
    with pytest.raises(Refused, match=why):
        served(case, clerk, moment=WEEK_LATER, on=on)


@pytest.mark.parametrize(("moment", "may_be"), [(JUST_BEFORE, True), (OVER, False)])
def test_served_on_the_last_day_is_served_and_on_the_next_it_is_too_late(
    case: Case, clerk: Any, moment: Any, may_be: bool
) -> None:
    on = date(moment.year, moment.month, 30 if may_be else 1)
    if may_be:
        assert served(case, clerk, moment=moment, on=on).waiting_for == "provider"
        return
    with pytest.raises(Refused, match="先由审定人更正期限"):
        served(case, clerk, moment=moment, on=on)
    assert engine.load(case.pk).waiting_for == "clerk"


def test_served_late_is_taken_once_the_deadline_is_corrected(case: Case, clerk: Any, decider: Any) -> None:
    with pytest.raises(Refused, match="先由审定人更正期限"):
        served(case, clerk, moment=at("2026-10-09 09:00"))
    with engine.locked(case.pk) as (fresh, _):
        acts.correct(fresh, day=date(2026, 10, 20), reason="没有送到", by=decider, at=at("2026-10-09 10:00"))
    assert served(case, clerk, moment=at("2026-10-09 11:00")).waiting_for == "provider"
    sweep(at("2026-10-20 23:59"))
    assert engine.load(case.pk).stage.key == "rectification"  # type: ignore[union-attr]
    sweep(at("2026-10-21 00:00"))
    assert engine.load(case.pk).stage.key == "consequence"  # type: ignore[union-attr]


def test_served_late_on_record_though_it_was_in_time_and_the_clock_goes_on(case: Case, clerk: Any) -> None:
    """Found out on 9 October that it was handed over on 18 September: the days are over then."""
    sweep(at("2026-10-09 09:00"))
    assert engine.load(case.pk).waiting_for == "clerk"
    served(case, clerk, moment=at("2026-10-09 10:00"), on=date(2026, 9, 18))
    sweep(at("2026-10-09 10:01"))
    assert engine.load(case.pk).stage.key == "consequence"  # type: ignore[union-attr]


def test_held_days_do_not_run_out(case: Case, clerk: Any, decider: Any) -> None:
    served(case, clerk)
    with engine.locked(case.pk) as (fresh, _):
        acts.hold(fresh, reason="台风停工", by=decider, at=WEEK_LATER)
    sweep(OVER)
    assert engine.load(case.pk).stage.key == "rectification"  # type: ignore[union-attr]
    with engine.locked(case.pk) as (fresh, _):
        acts.resume(fresh, reason="复工", by=decider, at=OVER)
    last = engine.load(case.pk).deadlines.get().closes_on
    assert last > LAST
    sweep(OVER)
    assert engine.load(case.pk).stage.key == "rectification"  # type: ignore[union-attr]


def test_twice_is_refused_by_hand(case: Case, clerk: Any) -> None:
    served(case, clerk)
    with pytest.raises(Refused, match="没有要送达的"):
        served(case, clerk)
    assert case.services.count() == 1


def test_nothing_is_served_at_a_desk(registration: Any, clerk: Any) -> None:
    with pytest.raises(Refused, match="没有要送达的"):
        served(filed(registration, clerk, "bad_faith"), clerk)


def test_confirming_the_letter_serves_it_once(case: Case, provider: Any) -> None:
    for _ in range(2):
        inbox.confirm(letter_of(case), provider, WEEK_LATER)
    service = case.services.get()
    assert (service.how, service.served_on, service.by) == ("inbox", WEEK_LATER.date(), provider)
    assert engine.load(case.pk).waiting_for == "provider"


def test_confirming_it_when_its_days_are_over_serves_nothing(case: Case, provider: Any) -> None:
    inbox.confirm(letter_of(case), provider, OVER)
    assert not case.services.exists()
    assert engine.load(case.pk).waiting_for == "clerk"


def test_letter_of_an_earlier_round_does_not_serve_the_next(
    case: Case, provider: Any, clerk: Any, decider: Any
) -> None:
    first = letter_of(case)
    served(case, clerk)
    sweep(OVER)
    steps.decide(
        engine.load(case.pk),
        "continue",
        by=decider,
        at=at("2026-10-09 09:00"),
        opinion="情节较轻",
        named_day=date(2026, 10, 20),
        demands="改完",
    )
    inbox.confirm(first, provider, at("2026-10-09 10:00"))
    assert engine.load(case.pk).waiting_for == "clerk"
    inbox.confirm(letter_of(case), provider, at("2026-10-09 10:10"))
    assert engine.load(case.pk).waiting_for == "provider"


def test_unit_may_answer_what_nobody_has_recorded_as_served(case: Case, provider: Any) -> None:
    """It plainly has it, and its days have not run out before."""
    moment = at("2026-10-09 09:00")
    assert answered(case, provider, moment=moment).stage.key == "recheck"  # type: ignore[union-attr]
    service = case.services.get()
    assert (service.served_on, service.note, service.by) == (moment.date(), "单位已经答复", provider)


def test_only_what_is_asked_awaits_service(case: Case, clerk: Any) -> None:
    assert serving.awaits(case)
    case = answered(served(case, clerk), clerk, moment=NOW)
    assert not serving.awaits(case)


def in_ten_days(content: Any) -> None:
    """The rows give a number of days instead of a person who names one."""
    stage(content, "rectification", "sanction").update(span=10, counting=content["counting_rules"][0]["key"])
    for row in stage(content, "approval", "sanction")["outcomes"]:
        row.pop("names_day", None)


def test_days_that_a_row_counts_are_counted_anew_for_who_was_served_late(
    calendar: None, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    content = content_of(RULEBOOK.with_name(f"{GUANGZHOU}.yaml"))
    in_ten_days(content)
    load([write(tmp_path, content)], at=NOW)
    registration, clerk, decider = (
        request.getfixturevalue(name) for name in ("registration", "clerk", "decider")
    )
    late = at("2026-10-30 09:00")
    case = ordered(registration, clerk, decider, last=None)
    first = case.deadlines.get().closes_on
    with pytest.raises(Refused, match="先由审定人更正期限"):
        served(case, clerk, moment=late)
    with engine.locked(case.pk) as (fresh, _):
        acts.correct(fresh, day=late.date(), reason="没有送到", by=decider, at=late)
    assert case.deadlines.get().closes_on > late.date() > first
    assert served(case, clerk, moment=late).waiting_for == "provider"


def test_sweep_finds_nobody_late_for_what_was_not_served(
    case: Case, clerk: Any, client: Any, stopped_clock: Any
):
    sweep(OVER)
    stopped_clock(OVER)
    client.force_login(clerk)
    assert "已逾期 <b>0</b>" in client.get("/admin/cases/case/").content.decode()
    assert case.deadlines.get().is_awaited
    assert [order.state for order in case.orders.all()] == ["open"]
    assert not GroundFound.objects.filter(ground__detector="rectification_overdue").exists()


@pytest.fixture
def wordings(programme: Programme) -> None:
    loading.load(WORDINGS.with_name(f"{GUANGZHOU}.yaml"), at=NOW)


def test_nothing_is_served_before_its_document_is_made(
    wordings: None, case: Case, clerk: Any, provider: Any
) -> None:
    letter = letter_of(case)
    receipt = inbox.receipt(letter, NOW)
    assert receipt is not None
    assert "正在成文" in receipt.why_not
    inbox.confirm(letter, provider, NOW)
    with engine.locked(case.pk) as (fresh, _), pytest.raises(Refused, match="正在成文"):
        serving.serve(fresh, how="handed", served_on=NOW.date(), by=clerk, at=NOW)
    assert not case.services.exists()
    made(case)
    receipt = inbox.receipt(letter, NOW)
    assert receipt is not None
    assert receipt.why_not == ""
    inbox.confirm(letter, provider, NOW)
    assert case.services.get().how == "inbox"


def test_day_put_right_is_told_with_what_is_served_and_the_document_that_says_another(
    wordings: None, case: Case, clerk: Any, decider: Any, provider: Any, client: Any, stopped_clock: Any
) -> None:
    made(case)
    serves = letter_of(case)
    stopped_clock(NOW)
    client.force_login(clerk)
    page = reverse("admin:cases_case_change", args=[case.pk])
    assert "写的还是" not in client.get(page).content.decode()
    day = case.deadlines.get().closes_on + timedelta(days=3)
    with engine.locked(case.pk) as (fresh, _):
        acts.correct(fresh, day=day, reason="没有送到", by=decider, at=NOW)
    shown = client.get(page).content.decode()
    assert f"期限已经改为 {full_day(day)}，文书" in shown
    client.force_login(provider)
    url = reverse("my_letter", args=[serves.pk])
    assert full_day(day) not in client.get(url).content.decode()
    assert f"改为 {full_day(day)} 24:00" in client.post(url, follow=True).content.decode()


def test_page_of_the_letter_serves_by_its_button_and_by_nothing_else(
    provider: Any, case: Case, client: Any, stopped_clock: Any
) -> None:
    client.force_login(provider)
    letter = letter_of(case)
    url = reverse("my_letter", args=[letter.pk])
    for ask in (client.get, client.head, client.get):
        before = ask(url)
    said = before.content.decode()
    assert "限期整改" in said
    assert "确认收到并查看" in said
    assert FACTS not in said
    assert not case.services.exists()
    assert LetterDelivery.objects.get(letter=letter).read_at is None
    after = client.post(url, follow=True).content.decode()
    assert FACTS in after
    assert "确认收到并查看" not in after
    assert engine.load(case.pk).waiting_for == "provider"


def test_proof_is_kept_with_the_service_and_had_by_the_office_alone(
    case: Case, client: Any, clerk: Any, provider: Any, other_clerk: Any, stopped_clock: Any
) -> None:
    client.force_login(clerk)
    page = reverse("admin:cases_case_change", args=[case.pk])
    typed = {**guard(case), "action": "serve", "how": "post", "served_on": "2026-09-17"}
    wrong = client.post(page, {**typed, "proof": SimpleUploadedFile("回执.pdf", b"no PDF")})
    assert wrong.status_code == WRONG
    assert not case.services.exists()
    client.post(page, {**typed, "proof": SimpleUploadedFile("回执.pdf", PDF)})
    service = case.services.get()
    assert service.proof is not None
    assert service.proof.uploaded_by == clerk
    url = reverse("service_proof", args=[case.pk, service.pk])
    assert url in client.get(page).content.decode()
    assert b"".join(client.get(url)) == PDF
    for nobody in (provider, other_clerk):
        client.force_login(nobody)
        assert client.get(url).status_code == 404


@pytest.mark.parametrize(("moment", "is_said"), [(JUST_BEFORE, False), (OVER, True)])
def test_page_says_how_a_day_that_passed_unserved_is_put_right(
    case: Case, client: Any, clerk: Any, decider: Any, stopped_clock: Any, moment: Any, is_said: bool
) -> None:
    stopped_clock(moment)
    page = reverse("admin:cases_case_change", args=[case.pk])
    for who, way in ((decider, 'href="#do-correct"'), (clerk, "由审定人在“办理”中更正期限")):
        client.force_login(who)
        said = client.get(page).content.decode()
        assert "还没有登记送达" in said
        assert (way in said) is is_said
    client.force_login(decider)
    assert 'id="do-correct"' in client.get(page).content.decode()


def removed(registration: Any, clerk: Any, decider: Any) -> Case:
    case = filed(registration, clerk, "fraud")
    steps.decide(case, "propose", by=decider, at=NOW)
    steps.decide(
        engine.load(case.pk),
        "confirm",
        by=clerk,
        at=WEEK_LATER,
        met_on=WEEK_LATER.date(),
        minutes="〔2026〕3号",
    )
    return engine.load(case.pk)


def test_removal_is_put_on_record_as_served_by_hand_or_by_the_unit(
    registration: Any, clerk: Any, decider: Any, provider: Any, client: Any, stopped_clock: Any
) -> None:
    case = removed(registration, clerk, decider)
    assert serving.what(case) == "清退牵引单位的决定"
    stopped_clock(WEEK_LATER)
    client.force_login(clerk)
    page = reverse("admin:cases_case_change", args=[case.pk])
    assert "还没有登记送达：清退牵引单位的决定" in client.get(page).content.decode()
    typed = {**guard(case), "action": "serve", "how": "handed", "served_on": "2026-09-24"}
    [owed] = followups.waits([case.programme_id], WEEK_LATER.date())
    assert owed.words == "1 件移出还没有登记送达"
    assert case.number in client.get(owed.url).content.decode()
    assert client.post(page, typed).status_code == 302
    assert followups.waits([case.programme_id], WEEK_LATER.date()) == []
    client.get(owed.url)  # what was done is told once
    assert case.number not in client.get(owed.url).content.decode()
    service = case.services.get()
    assert (service.how, service.since) == ("handed", case.closed_at)
    assert "还没有登记送达" not in client.get(page).content.decode()
    inbox.confirm(letter_of(case), provider, WEEK_LATER)
    assert case.services.count() == 1
    assert engine.load(case.pk).status == Case.Status.CLOSED


def test_removal_is_served_by_the_letter_too(
    registration: Any, clerk: Any, decider: Any, provider: Any
) -> None:
    case = removed(registration, clerk, decider)
    inbox.confirm(letter_of(case), provider, WEEK_LATER)
    assert case.services.get().how == "inbox"
