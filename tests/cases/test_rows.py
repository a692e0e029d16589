"""The rulebook's row changed, the engine's behaviour changes with it, and nothing else does."""

from typing import Any

import pytest

from accounts import roles
from accounts.grants import grant
from cases import deadlines, effect, engine, steps
from cases.errors import Refused
from cases.models import Case
from cases.sweep import sweep
from cities.models import Rulebook
from cities.queries import procedure_in_force
from cities.rulebooks.standing import record_end
from tests.conftest import NOW, at, review, submitted
from tests.rulebooks import limit, load_changed, stage


@pytest.fixture
def programme(calendar, tmp_path, request):
    """The rulebook as the test's own change leaves it; everybody else in conftest lives in it."""
    return load_changed(tmp_path, getattr(request, "param", lambda content: None))


def publicity(**fields: Any):
    return lambda content: stage(content, "publicity").update(fields)


def counting(**fields: Any):
    return lambda content: content["counting_rules"][0].update(fields)


def story(case: Case) -> list[tuple[str, str]]:
    return list(case.events.exclude(verb="material.seal").order_by("pk").values_list("verb", "article"))


@pytest.mark.parametrize(
    ("programme", "days", "closes_on"),
    [(publicity(), 5, "2026-10-03"), (publicity(span=7), 7, "2026-10-05")],
    indirect=["programme"],
)
def test_seven_days_instead_of_five_close_two_days_later_and_change_nothing_else(
    case_in_publicity, days, closes_on
):
    period = case_in_publicity.publicity_items.get().period

    assert (period.number_of_days, period.closes_on.isoformat()) == (days, closes_on)
    assert sweep(period.closes_at).done == [case_in_publicity.number]
    assert engine.load(case_in_publicity.pk).result == Case.Result.PUBLISHED
    assert story(case_in_publicity) == [
        ("submission.submitted", "第十五条（一）"),
        ("review.support", "第十五条（二）"),
        ("review.approve", "第十五条（二）"),
        ("publicity.open", "第十五条（三）"),
        ("publicity.unopposed", "第十五条（三）"),
        ("publication.published", "第十五条（三）"),
    ]


@pytest.mark.parametrize(
    ("programme", "opens_on", "closes_on"),
    [
        (counting(roll="forward"), "2026-09-29", "2026-10-08"),
        (counting(unit="working"), "2026-09-29", "2026-10-10"),
        (counting(first_day="same"), "2026-09-28", "2026-10-02"),
    ],
    indirect=["programme"],
)
def test_how_days_are_counted_is_the_rows(case_in_publicity, opens_on, closes_on):
    period = case_in_publicity.publicity_items.get().period

    assert (period.opens_on.isoformat(), period.closes_on.isoformat()) == (opens_on, closes_on)


@pytest.mark.parametrize("programme", [publicity(release="confirmed")], indirect=True)
def test_confirmed_release_waits_for_the_clerk(case_in_publicity, clerk):
    sweep(at("2026-10-04 00:00"))
    waiting = engine.load(case_in_publicity.pk)
    assert (waiting.stage.key, waiting.waiting_for, waiting.wake_at) == ("publication", "clerk", None)

    with engine.locked(waiting.pk) as (case, register):
        effect.take_effect(case, register, by=clerk, at=at("2026-10-09 09:00"))

    published = engine.load(waiting.pk)
    assert (published.result, published.edition.published_at) == (
        Case.Result.PUBLISHED,
        at("2026-10-09 09:00"),
    )


@pytest.mark.parametrize(
    "programme", [lambda content: stage(content, "approval").update(four_eyes=False)], indirect=True
)
def test_without_four_eyes_one_person_may_hold_both_desks(submitted_case, clerk, programme):
    grant(clerk, roles.DECIDER, programme, at=NOW, by=None, reason="兼任")

    assert review(submitted_case, clerk, clerk, NOW).stage.key == "publicity"


def test_working_days_beyond_the_calendar_open_no_publicity(calendar, tmp_path):
    """Said by the engine for any row; the calendar of the year after the last official one is missing."""
    programme = load_changed(tmp_path, counting(unit="working"))
    row = procedure_in_force(programme, "partner_change", NOW).stages.get(key="publicity")

    with pytest.raises(Refused, match="2027 年的上班日历没有载入"):
        deadlines.counted_span(row, at("2026-12-29 10:00"))


def test_no_application_is_taken_after_the_rulebook_has_ended(
    apply, registration, provider, clerk, programme
):
    case = apply(registration, provider)
    record_end(Rulebook.objects.get(), ends_on=NOW.date(), event="城市试点工作验收完成", by=clerk, at=NOW)

    with pytest.raises(Refused, match="没有施行中的规则"):
        submitted(case, by=provider, at=at("2026-09-18 00:00"))


def test_last_day_of_the_rulebook_still_counts(apply, registration, provider, clerk):
    case = apply(registration, provider)
    record_end(Rulebook.objects.get(), ends_on=NOW.date(), event="城市试点工作验收完成", by=clerk, at=NOW)

    assert submitted(case, by=provider, at=at("2026-09-17 23:59:59")).number == "DG-2026-0001"


def test_procedure_whose_kind_is_not_built_opens_nothing(programme, registration, provider):
    awaiting = procedure_in_force(programme, "unit_change", NOW)

    with pytest.raises(Refused, match="还没有在平台开通"):
        steps.draft(awaiting, registration, by=provider, at=NOW)
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    ("programme", "filed"),
    [(lambda content: None, 2), (lambda content: limit(content, "changes_per_window").update(number=3), 3)],
    indirect=["programme"],
)
def test_as_many_applications_of_a_year_as_the_row_says(apply, registration, provider, filed):
    def file(month):
        moment = at(f"2026-0{month}-05 09:00")
        case = submitted(apply(registration, provider, moment=moment), by=provider, at=moment)
        steps.withdraw(case, by=provider, at=moment, reason="改主意")

    for month in range(1, filed + 1):
        file(month)

    with pytest.raises(Refused, match="还不能提交"):
        file(filed + 1)
