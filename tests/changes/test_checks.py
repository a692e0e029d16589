"""Each row against its effect: change the row, the behaviour changes."""

from datetime import date

import pytest

from cases import checks, kinds, steps
from cases.errors import Refused
from cases.sweep import sweep
from changes import steps as change_steps
from changes.checks.filing import elapsed
from changes.models import Operation
from cities.models import Limit
from providers import registry
from providers.listed import ListedPartner, ListedUnit
from providers.models import Organisation, Registration
from publicity import steps as publicity_steps
from tests.conftest import NOW, PARTNERS, UNITS, add, at, review


def state(case):
    return {check.key: check for check in kinds.of(case).state_checks(case, at=NOW)}


def filing(case, moment=NOW):
    return {check.key: check for check in kinds.of(case).filing_checks(case, at=moment)}


def rows(measure):
    """The row is frozen for everybody else; a test reaches past that to see what hangs on it."""
    return Limit.objects.filter(measure=measure, procedure_key__in=["", "partner_change"])


def code(number):
    return f"91990001MAQ{number:05d}XX"


def many_partners(registration, count):
    """The unit with so many partners, entered as a new list would be."""
    return tuple(ListedPartner("smart-terminals", code(number), f"伙伴{number}") for number in range(count))


@pytest.fixture
def unit_with(programme):
    def enter(count):
        unit, name = UNITS["first"]
        listed = ListedUnit(
            unit, name, NOW.date(), (("lead_unit", "smart-terminals"),), partners=many_partners(None, count)
        )
        registry.enter(registry.lock(programme), [listed], at=at("2024-04-01 09:00"))
        return Registration.objects.get()

    return enter


@pytest.mark.parametrize(("now", "expected"), [(8, "pass"), (9, "pass"), (10, "ask")])
def test_tenth_partner_passes_and_the_eleventh_asks(unit_with, apply, clerk, now, expected):
    registration = unit_with(now)
    case = apply(registration, clerk, channel="paper", received_on=NOW.date())

    check = state(case)["partners_per_registration"]

    assert (check.state, check.value, check.article) == (expected, now + 1, "第十六条")


def test_same_partner_in_two_industries_is_one_party(registration, apply, provider):
    first = add("fresh", registration)
    second = add("fresh", registration, "food-beverage")
    case = apply(registration, provider, [first, second])

    assert state(case)["partners_per_registration"].value == 2


def test_candidate_behind_two_units_of_the_industry_is_refused(
    edition, registration, third, apply, provider, clerk, decider
):
    other = apply(
        third, clerk, [add("shared", third, "food-beverage")], channel="paper", received_on=NOW.date()
    )
    other = review(steps.submit(other, by=clerk, at=NOW), clerk, decider, NOW)
    publicity_steps.open_period(other, by=clerk, at=NOW)
    sweep(at("2026-09-23 00:00"))

    case = apply(registration, provider, [add("shared", registration, "food-beverage")])
    check = state(case)[f"registrations_per_partner:food-beverage:{PARTNERS['shared'][0]}"]

    assert (check.state, check.article, check.value) == ("fail", "第十六条", 3)
    assert check.evidence == ["现在：样本工业软件有限公司、范例数字科技有限公司"]


def test_same_candidate_in_another_industry_is_free(registration, apply, provider):
    case = apply(registration, provider, [add("shared", registration, "smart-terminals")])

    assert state(case)[f"registrations_per_partner:smart-terminals:{PARTNERS['shared'][0]}"].value == 1


def test_counted_over_all_industries_when_the_row_says_per_partner(registration, apply, provider):
    rows("registrations_per_partner").update(per="partner")
    case = apply(registration, provider, [add("shared", registration, "smart-terminals")])

    assert state(case)[f"registrations_per_partner:smart-terminals:{PARTNERS['shared'][0]}"].value == 2


def test_lead_unit_is_refused_as_partner(registration, second, apply, provider):
    unit = UNITS["second"]
    facts = {**add("fresh", registration)[1], "partner_code": unit[0], "partner_name": unit[1]}
    case = apply(registration, provider, [("add_partner", facts)])

    check = state(case)[f"registrant_as_partner:{unit[0]}"]

    assert (check.state, check.article) == ("fail", "第十六条")


def test_lead_unit_as_partner_refuses_submission(registration, second, apply, provider):
    unit = UNITS["second"]
    facts = {**add("fresh", registration)[1], "partner_code": unit[0], "partner_name": unit[1]}
    case = apply(registration, provider, [("add_partner", facts)])

    with pytest.raises(Refused) as refusal:
        steps.submit(case, by=provider, at=NOW)

    assert [problem.article for problem in refusal.value.problems] == ["第十六条"]


@pytest.mark.parametrize(
    ("field", "value", "number"),
    [("counts_withdrawn", True, 2), ("counts_withdrawn", False, 1), ("window", "lifetime", 2)],
)
def test_what_counts_as_an_application_is_the_rows(registration, apply, provider, field, value, number):
    rows("changes_per_window").update(**{field: value})
    first = steps.submit(
        apply(registration, provider, moment=at("2026-03-02 09:00")), by=provider, at=at("2026-03-02 09:00")
    )
    steps.withdraw(first, by=provider, at=at("2026-03-03 09:00"), reason="改主意")

    assert filing(apply(registration, provider))["changes_per_window"].value == number


@pytest.mark.parametrize(("window", "number"), [("calendar_year", 1), ("rolling", 2)])
def test_application_of_last_december_counts_only_in_a_rolling_year(
    registration, apply, provider, window, number
):
    rows("changes_per_window").update(window=window)
    filed = at("2025-12-30 09:00")
    first = steps.submit(apply(registration, provider, moment=filed), by=provider, at=filed)
    steps.withdraw(first, by=provider, at=filed, reason="改主意")

    assert filing(apply(registration, provider))["changes_per_window"].value == number


def test_rejected_in_principle_finding_needs_the_units_reason(registration, apply, provider, edition):
    rows("partners_per_registration").update(number=1)
    case = apply(registration, provider)

    with pytest.raises(Refused) as refusal:
        steps.submit(case, by=provider, at=NOW)

    assert [problem.field for problem in refusal.value.problems] == ["explanation"]


def test_in_principle_finding_goes_on_to_the_decider_who_waives_it(
    registration, apply, provider, clerk, decider
):
    rows("partners_per_registration").update(number=1)
    case = apply(registration, provider)
    change_steps.save(case, reason="补充能力", explanation="在建项目须接续", truthful=True, at=NOW)
    case = steps.submit(case, by=provider, at=NOW)
    for material in case.materials.all():
        steps.verify_seal(material, by=clerk, at=NOW)
    steps.decide(case, "support", by=clerk, at=NOW)

    with pytest.raises(Refused, match="有 1 项不符"):
        steps.decide(case, "approve", by=decider, at=NOW)
    case = steps.decide(
        case, "approve", by=decider, at=NOW, waivers={"partners_per_registration": "在建项目须接续"}
    )

    waiver = case.waivers.get()
    assert (case.stage.key, waiver.value, waiver.reason) == ("publicity", 2, "在建项目须接续")


def test_waiver_does_not_cover_a_worse_value(registration, apply, provider, clerk, decider):
    rows("partners_per_registration").update(number=1)
    case = apply(registration, provider)
    check = state(case)["partners_per_registration"]
    case.waivers.create(
        limit_id=check.limit_id,
        check_key=check.key,
        value=2,
        value_text="2 家",
        reason="一次",
        by=decider,
        at=NOW,
    )
    worse = type(check).from_json({**check.to_json(), "value": 3})

    assert checks.unresolved(case, [check]) == []
    assert checks.unresolved(case, [worse]) == [worse]


def test_hard_row_made_in_principle_asks_instead_of_refusing(
    programme, registration, second, apply, provider
):
    rows("registrant_as_partner").update(strictness="in_principle")
    unit = UNITS["second"]
    facts = {**add("fresh", registration)[1], "partner_code": unit[0], "partner_name": unit[1]}
    case = apply(registration, provider, [("add_partner", facts)])

    assert state(case)[f"registrant_as_partner:{unit[0]}"].state == "ask"


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("2026-04-08", "2026-09-10", "5 个月 2 天"),
        ("2026-03-31", "2026-09-30", "6 个月 0 天"),
        ("2026-08-31", "2026-09-10", "10 天"),
        ("2025-12-01", "2026-06-01", "6 个月 0 天"),
    ],
)
def test_elapsed_counts_calendar_months(start, end, text):
    assert elapsed(date.fromisoformat(start), date.fromisoformat(end)) == text


def test_units_of_the_same_name_are_counted_each(
    registration, second, third, apply, provider, clerk, decider
):
    other = apply(
        third, clerk, [add("shared", third, "food-beverage")], channel="paper", received_on=NOW.date()
    )
    other = review(steps.submit(other, by=clerk, at=NOW), clerk, decider, NOW)
    publicity_steps.open_period(other, by=clerk, at=NOW)
    sweep(at("2026-09-23 00:00"))
    Organisation.objects.filter(pk__in=[second.organisation_id, third.organisation_id]).update(
        name="同名有限公司"
    )

    case = apply(registration, provider, [add("shared", registration, "food-beverage")])

    assert state(case)[f"registrations_per_partner:food-beverage:{PARTNERS['shared'][0]}"].state == "fail"


@pytest.mark.parametrize(
    ("strictness", "advice"), [("in_principle", "减少新增，或写明理由，由审定人决定"), ("hard", "减少新增")]
)
def test_advice_offers_a_reason_only_where_one_can_help(registration, apply, provider, strictness, advice):
    rows("partners_per_registration").update(number=1, strictness=strictness)

    assert state(apply(registration, provider))["partners_per_registration"].advice == advice


@pytest.fixture
def changed_in_march(registration, apply, clerk, decider):
    """A change of the unit published on 2026-03-18."""
    filed = at("2026-03-02 09:00")
    case = apply(registration, clerk, channel="paper", received_on=filed.date(), moment=filed)
    case = review(steps.submit(case, by=clerk, at=filed), clerk, decider, filed)
    publicity_steps.open_period(case, by=clerk, at=at("2026-03-12 09:00"))
    sweep(at("2026-03-18 00:00"))


def test_paper_received_before_the_last_publication_has_no_interval_at_all(
    changed_in_march, registration, apply, clerk
):
    moment = at("2026-03-20 09:00")
    received = at("2026-03-10 09:00").date()
    case = apply(
        registration,
        clerk,
        [add("other", registration)],
        channel="paper",
        received_on=received,
        moment=moment,
    )

    check = filing(case, moment)["change_interval"]

    assert (check.state, check.value, check.message) == ("ask", 0, "间隔 0 天，原则上不少于 6 个月")


def test_ordered_change_need_not_keep_the_interval(changed_in_march, registration, apply, clerk):
    case = apply(registration, clerk, [add("other", registration)], channel="paper", received_on=NOW.date())
    asked = filing(case, at("2026-04-01 09:00"))["change_interval"].state
    case.ordered = True

    assert (asked, filing(case)["change_interval"].message) == ("ask", "责令变更，不受间隔限制")


def test_limit_asked_of_the_state_is_asked_at_filing_when_the_row_says_so(registration, apply, provider):
    rows("partners_per_registration").update(asked="filing")
    case = apply(registration, provider)

    assert "partners_per_registration" in filing(case)
    assert "partners_per_registration" not in state(case)


@pytest.mark.parametrize(("counts_ordered", "number"), [(False, 0), (True, 1)])
def test_change_that_was_ordered_counts_only_where_the_row_says_so(
    registration, apply, clerk, counts_ordered, number
):
    rows("changes_per_window").update(counts_ordered=counts_ordered)
    case = apply(registration, clerk, channel="paper", received_on=NOW.date())
    case.ordered = True

    assert filing(case)["changes_per_window"].value == number


def test_unit_is_never_its_own_partner(apply, registration, provider):
    own = registration.organisation
    facts = {
        "industry": registration.entries.first().industry,
        "partner_code": own.credit_code,
        "partner_name": own.name,
    }
    case = apply(registration, provider, [(Operation.Action.ADD_PARTNER, facts)])
    fits = next(check for check in kinds.of(case).state_checks(case, at=NOW) if check.key == "fits")
    assert (fits.passed, fits.message) == (False, f"{own}不能做自己的合作伙伴")
