"""One order after another in the same case: each says what it demands itself, and takes no time away that was granted."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from cases import batches, confidential, engine, steps
from cases.deadlines import acts
from cases.errors import Problem, Refused
from cases.models import Case
from cases.sweep import sweep
from cities.models import CountingRule, Outcome, Programme, Stage
from clearance import course
from notices import loading
from notices.models import Notice
from providers.models import Registration
from records.models import Letter
from tests.cases.desk.page import act, seen
from tests.clearance import partners
from tests.clearance.conftest import GUANGZHOU, LAST, OVER, answered, made, ordered, served
from tests.conftest import NOW, at
from tests.notices.conftest import FILE as WORDINGS
from tests.rulebooks import load_other

EARLY, LATER = at("2026-09-20 09:00"), date(2026, 10, 12)
FIRST, NEXT = "补齐材料", "补上第三季度的报表"


@pytest.fixture
def programme(calendar: None) -> Programme:
    return load_other(GUANGZHOU)


@pytest.fixture
def wordings(programme: Programme) -> None:
    loading.load(WORDINGS.with_name(f"{GUANGZHOU}.yaml"), at=NOW)


@pytest.fixture
def case(registration: Registration, clerk: Any, decider: Any) -> Case:
    """Answered long before its day, and found not done."""
    given = answered(served(ordered(registration, clerk, decider), clerk), clerk, moment=EARLY)
    steps.decide(given, "not_done", by=clerk, at=EARLY, opinion="没有改")
    return engine.load(given.pk)


def again(case: Case, by: Any, *, moment: Any = EARLY, day: date | None = LATER, demands: str = NEXT) -> Case:
    opinion = "情节较轻"
    return steps.decide(case, "continue", by=by, at=moment, opinion=opinion, named_day=day, demands=demands)


def problems(case: Case, by: Any, **given: Any) -> list[Problem]:
    with pytest.raises(Refused) as refusal:
        again(case, by, **given)
    return refusal.value.problems


def test_each_order_keeps_its_own_demands_wherever_they_are_told(
    wordings: None, case: Case, decider: Any, provider: Any, client: Any, stopped_clock: Any
) -> None:
    again(case, decider)

    assert list(case.orders.values_list("ordinal", "demands")) == [(1, FIRST), (2, NEXT)]
    first, second = Notice.objects.filter(case=case).order_by("decided_at")
    assert (first.facts["要求"], second.facts["要求"]) == (FIRST, NEXT)
    assert FIRST not in second.body
    one, two = Letter.objects.filter(case=case, kind="clearance_ordered").order_by("written_at")
    assert [(FIRST in letter.body, NEXT in letter.body) for letter in (one, two)] == [
        (True, False),
        (False, True),
    ]
    told = [step.detail for step in course.steps([case.registration]) if "责令" in step.what]  # type: ignore[list-item]
    assert [FIRST in told[0], NEXT in told[1]] == [True, True]
    assert engine.load(case.pk).submission["demands"] == FIRST  # as it was filed


def test_document_of_the_first_order_is_not_held_against_the_day_of_the_next(
    wordings: None, case: Case, clerk: Any, decider: Any, client: Any, stopped_clock: Any
) -> None:
    """Neither while that of the next is in the making nor where there is none any more."""
    stopped_clock(EARLY)
    again(case, decider)
    assert "写的还是" not in seen(client, clerk, case)
    made(case, EARLY)
    acts.correct(engine.load(case.pk), day=LATER + timedelta(1), reason="写错了", by=decider, at=EARLY)
    assert "写的还是 2026年10月12日" in seen(client, clerk, case)
    Notice.objects.filter(case=case, kind="rectification").update(state=Notice.State.WITHDRAWN)
    assert "写的还是" not in seen(client, clerk, case)


def test_page_of_the_unit_tells_what_is_demanded_now_from_what_was(
    case: Case, clerk: Any, decider: Any, provider: Any, client: Any, stopped_clock: Any
) -> None:
    client.force_login(provider)
    page = reverse("case", args=[case.pk])
    assert "以前的要求" not in client.get(page).content.decode()
    served(again(case, decider), clerk, moment=EARLY)
    for address in (page, reverse("answer", args=[case.pk])):
        said = client.get(address).content.decode()
        now, before = said.index("现在的要求"), said.index("以前的要求")
        assert now < said.index(NEXT) < before < said.index(FIRST)
    assert f"要求：{NEXT}" in client.get(page).content.decode()  # in what happened
    assert f"要求：{NEXT}" in seen(client, clerk, case)


def test_desk_asks_for_it_where_the_next_order_is_given_and_begins_with_the_last(
    registration: Registration, clerk: Any, decider: Any, client: Any, stopped_clock: Any
) -> None:
    given = served(ordered(registration, clerk, decider), clerk)
    assert 'name="demands"' not in seen(client, decider, given)
    sweep(OVER)
    stopped_clock(OVER)
    said = seen(client, decider, engine.load(given.pk))
    field = said[said.index('name="demands"') :]
    assert FIRST in field[: field.index("</textarea>")]
    assert "上一次责令给到这一天" not in said
    assert "写明这次要求单位做什么" in said
    typed = {"outcome": "continue", "opinion": "情节较轻", "named_day": LATER.isoformat(), "demands": NEXT}
    assert act(client, decider, given, "decide", **typed).status_code == 302
    assert given.orders.latest("ordinal").demands == NEXT


def test_what_gives_no_order_takes_no_demands(case: Case, decider: Any) -> None:
    steps.decide(case, "disqualify", by=decider, at=OVER, opinion="情节较重", demands="   ")
    assert list(case.orders.values_list("demands", flat=True)) == [FIRST]


@pytest.mark.parametrize(
    ("demands", "why"),
    [
        ("  ", "“继续整改”要写明这次要求单位做什么"),
        ("电话13800001111报告", "手机号码"),
        ("向王异议道歉", "提出异议的人"),
    ],
)
def test_demands_are_written_and_tell_of_no_person(
    case: Case, decider: Any, monkeypatch: Any, demands: str, why: str
) -> None:
    monkeypatch.setattr(confidential, "_told", [lambda cases: ["王异议"]])
    [problem] = problems(case, decider, demands=demands)
    assert (problem.field, why in problem.message) == ("demands", True)
    assert case.orders.count() == 1
    case.measure.refresh_from_db()
    assert case.measure.demands == FIRST


def test_time_that_was_granted_is_not_taken_away(case: Case, decider: Any) -> None:
    [problem] = problems(case, decider, day=LAST - timedelta(1))
    assert (problem.field, problem.article) == ("named_day", "4.3")
    assert problem.message == (
        "2026年9月17日 责令给到 2026年9月30日（4.2），还没有过，不能收回：写这一天或者以后的一天"
    )
    again(case, decider, day=LAST)
    assert case.orders.count() == 2


def test_desk_is_told_beforehand_which_day_is_the_first(
    case: Case, decider: Any, client: Any, stopped_clock: Any
) -> None:
    stopped_clock(EARLY)
    assert "不早于 2026年9月30日：上一次责令给到这一天，还没有过" in seen(client, decider, case)


def test_any_day_will_do_once_the_granted_one_is_over(case: Case, decider: Any) -> None:
    again(case, decider, moment=OVER, day=OVER.date())
    assert case.orders.count() == 2


def test_day_counts_as_it_was_put_right(registration: Registration, clerk: Any, decider: Any) -> None:
    given = served(ordered(registration, clerk, decider), clerk)
    acts.correct(given, day=date(2026, 9, 25), reason="写错了", by=decider, at=NOW)
    answered(engine.load(given.pk), clerk, moment=EARLY)
    steps.decide(engine.load(given.pk), "not_done", by=clerk, at=EARLY, opinion="没有改")
    again(engine.load(given.pk), decider, day=date(2026, 9, 25))
    assert given.orders.count() == 2


@pytest.mark.parametrize(("days", "is_short"), [(9, True), (10, False)])
def test_days_that_a_row_gives_take_none_away_either(
    case: Case, decider: Any, days: int, is_short: bool
) -> None:
    """From the day after 20 September; nobody names a day, so the outcome itself waits."""
    rule = CountingRule.objects.filter(unit="calendar").first()
    Stage.objects.filter(kind="rectification").update(span_number=days, counting_rule=rule)
    Outcome.objects.filter(key="continue").update(names_day=False)
    if not is_short:
        again(case, decider, day=None)
        return
    [problem] = problems(case, decider, day=None)
    assert problem.field == "outcome"
    assert "现在再次责令只到 2026年9月29日，最迟过了 2026年9月30日 就可以选" in problem.message


def test_decided_together_each_is_written_anew(
    programme: Programme, case: Case, clerk: Any, decider: Any, client: Any, stopped_clock: Any
) -> None:
    """What was demanded before may differ from case to case, so nothing is written there beforehand."""
    batch = batches.create(case.procedure, [case], by=clerk, at=EARLY)
    client.force_login(decider)
    stopped_clock(EARLY)
    page = reverse("admin:cases_batch_change", args=[batch.pk])
    said = client.get(page).content.decode()
    field = said[said.index('name="demands"') :]
    assert field[field.index(">") + 1 : field.index("</textarea>")].strip() == ""
    chosen = f"{case.pk} {batches.since(case)}"
    typed = {"outcome": "continue", "opinion": "情节较轻", "named_day": LATER.isoformat(), "demands": NEXT}
    sent = client.post(page, {"do": "decide", "desk": "consequence", "chosen": chosen, **typed})
    assert sent.status_code == 302
    assert case.orders.latest("ordinal").demands == NEXT


class TestServedFirst:
    """Where the rows send the next order by a stage of service, what it demands is kept until it is given."""

    @pytest.fixture
    def programme(self, calendar: None) -> Programme:
        return load_other("dongguan-lead-units")

    def test_demands_are_told_with_the_decision_and_kept_for_the_order(
        self, registration: Registration, clerk: Any, decider: Any
    ) -> None:
        order = partners.ordered(registration, clerk, decider)
        partners.behind(registration, "cloud", action="end_partner")
        sweep(NOW)
        partners.behind(registration, "cloud")
        Outcome.objects.filter(key="not_done").update(next_stage=Stage.objects.get(key="service"))
        case = engine.load(order.pk)
        steps.decide(
            case, "not_done", by=clerk, at=EARLY, opinion="又加了", named_day=partners.DUE, demands=NEXT
        )
        assert order.orders.count() == 1
        assert NEXT in Letter.objects.filter(case=case, kind="clearance_served").latest("pk").body
        served(engine.load(case.pk), clerk, moment=EARLY)
        assert list(order.orders.values_list("demands", flat=True)) == [FIRST, NEXT]
