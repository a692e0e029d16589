"""What a row says of calendars, materials, strictness and deadlines, seen in what the engine does with a case."""

from typing import Any

import pytest
from django.urls import reverse

from cases import checks, kinds, steps
from cases.errors import Refused
from cases.models import Case, Deadline
from cases.queries import materials_problems
from cities.models import CalendarYear
from publicity import steps as publicity_steps
from publicity.models import Objection, PublicityPeriod
from tests.conftest import NOW, at, review, submitted
from tests.rulebooks import limit, load_changed, stage


@pytest.fixture
def programme(calendar, tmp_path, request):
    """The rulebook as the test's own change leaves it; everybody else in conftest lives in it."""
    return load_changed(tmp_path, getattr(request, "param", lambda content: None))


def counting(**fields: Any):
    return lambda content: content["counting_rules"][0].update(fields)


@pytest.mark.parametrize("programme", [counting(unit="working")], indirect=True)
def test_provisional_calendar_opens_no_publicity(approved_case, clerk):
    CalendarYear.objects.filter(year=2026).update(status=CalendarYear.Status.PROVISIONAL)

    with pytest.raises(Refused, match="2026 年上班日历还是暂定的，不能据此开始公示"):
        publicity_steps.open_period(approved_case, by=clerk, at=at("2026-09-28 10:00"))

    assert PublicityPeriod.objects.count() == 0
    assert not approved_case.deadlines.filter(stage__key="publicity").exists()


@pytest.mark.parametrize("programme", [counting(closing_hour="17:30")], indirect=True)
def test_publicity_closes_at_the_hour_of_its_row_and_says_so(case_in_publicity, client, stopped_clock):
    stopped_clock(at("2026-09-30 09:00"))
    item = case_in_publicity.publicity_items.get()

    assert item.period.closes_at == case_in_publicity.wake_at == at("2026-10-03 17:30")
    assert "17:30 截止" in client.get(reverse("period", args=[item.period.pk])).content.decode()


@pytest.mark.parametrize("programme", [counting(closing_hour="17:30")], indirect=True)
def test_objection_is_taken_until_the_hour_of_the_row(case_in_publicity):
    item = case_in_publicity.publicity_items.get()
    who = {"person": Objection.Person.INDIVIDUAL, "name": "甲", "contact": "1", "matter": "不实"}
    publicity_steps.lodge(item, at=at("2026-10-03 17:29"), **who)

    with pytest.raises(Refused, match="17:30"):
        publicity_steps.lodge(item, at=at("2026-10-03 17:30"), **who)


def one_suffices(content: dict[str, Any]) -> None:
    for row in content["procedures"][0]["materials"][1:]:
        row["either_or"] = "lists"


@pytest.mark.parametrize(
    ("programme", "have", "missing"),
    [
        (lambda content: None, ["application", "partner_list"], ["material-catalogue"]),
        (one_suffices, ["application", "partner_list"], []),
        (one_suffices, ["application", "catalogue"], []),
        (one_suffices, ["partner_list", "catalogue"], ["material-application"]),
        (one_suffices, ["application"], ["material-partner_list"]),
    ],
    indirect=["programme"],
)
def test_of_materials_in_one_group_one_suffices(apply, registration, provider, have, missing):
    case = apply(registration, provider)
    case.materials.exclude(key__in=have).update(replaced_at=NOW)

    assert [problem.field for problem in materials_problems(case, at=NOW)] == missing


@pytest.mark.parametrize(
    ("programme", "state", "waits_at"),
    [
        (lambda content: limit(content, "partners_per_registration").update(number=1), "ask", None),
        (
            lambda content: limit(content, "partners_per_registration").update(
                number=1, strictness="planned"
            ),
            "pass",
            "publicity",
        ),
    ],
    indirect=["programme"],
)
def test_planned_limit_is_shown_and_never_blocks(
    apply, registration, provider, clerk, decider, state, waits_at
):
    case = apply(registration, provider)
    found = {check.key: check for check in kinds.of(case).state_checks(case, at=NOW)}
    check = found["partners_per_registration"]

    assert (check.passed, check.state) == (False, state)
    if waits_at is None:
        assert checks.unresolved(case, found.values()) == [check]
        with pytest.raises(Refused):
            submitted(case, by=provider, at=NOW)
    else:
        assert checks.unresolved(case, found.values()) == []
        assert review(submitted(case, by=provider, at=NOW), clerk, decider, NOW).stage.key == waits_at


@pytest.mark.parametrize(
    "programme",
    [lambda content: stage(content, "review").update(span=5, counting="calendar_next")],
    indirect=True,
)
@pytest.mark.parametrize(
    ("decided", "state"),
    [
        ("2026-09-22 23:59:59", Deadline.State.MET),
        ("2026-09-23 00:00", Deadline.State.MISSED),
    ],
)
def test_desk_that_decides_after_its_last_day_has_missed_it(submitted_case, clerk, decided, state):
    deadline = submitted_case.deadlines.get()
    assert (deadline.state, deadline.closes_at) == (Deadline.State.RUNNING, at("2026-09-23 00:00"))

    for material in submitted_case.materials.all():
        steps.verify_seal(material, by=clerk, at=NOW)
    steps.decide(submitted_case, "support", by=clerk, at=at(decided))

    deadline.refresh_from_db()
    assert (deadline.state, deadline.done_at) == (state, at(decided))
    assert Case.objects.get().stage.key == "approval"
