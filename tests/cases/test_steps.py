import pytest

from accounts import roles
from accounts.grants import grant
from cases import engine, steps
from cases.errors import Refused
from cases.models import Case
from cases.sweep import sweep
from cities.queries import procedure_in_force
from providers.queries import edition_at, snapshot
from publicity import steps as publicity_steps
from tests.conftest import NOW, add, at, review


def test_whole_journey_changes_the_list_when_five_days_are_over(
    submitted_case, clerk, decider, programme, registration
):
    case = review(submitted_case, clerk, decider, NOW)
    period = publicity_steps.open_period(case, by=clerk, at=at("2026-09-28 10:00"))

    sweep(at("2026-10-03 23:59:59"))
    before = edition_at(programme, at("2026-10-03 23:59:59"))
    sweep(at("2026-10-04 00:00"))

    case = engine.load(case.pk)
    assert (period.opens_on.isoformat(), period.closes_on.isoformat()) == ("2026-09-29", "2026-10-03")
    assert before.number == 1
    assert (case.status, case.result, case.edition.number) == (Case.Status.CLOSED, Case.Result.PUBLISHED, 2)
    assert [row["name"] for row in snapshot(registration, at("2026-10-04 00:01"))["partners"]] == [
        "样板工艺软件有限公司",
        "样例云服务有限公司",
    ]


def test_submit_numbers_and_pins_and_gives_the_desk_its_turn(submitted_case, programme):
    assert submitted_case.number == "DG-2026-0001"
    assert submitted_case.rulebook == programme.rulebooks.get()
    assert (submitted_case.stage.key, submitted_case.waiting_for) == ("review", "clerk")


def test_submit_refuses_everything_wrong_at_once(programme, registration, provider):
    case = steps.draft(
        procedure_in_force(programme, "partner_change", NOW), registration, by=provider, at=NOW
    )

    with pytest.raises(Refused) as refusal:
        steps.submit(case, by=provider, at=NOW)

    fields = [problem.field for problem in refusal.value.problems]
    assert fields == [
        "operations",
        "reason",
        "truthful",
        "material-application",
        "material-partner_list",
        "material-catalogue",
    ]
    assert engine.load(case.pk).number is None


def test_submit_twice_is_refused(submitted_case, provider):
    with pytest.raises(Refused, match="已经提交"):
        steps.submit(submitted_case, by=provider, at=NOW)


def test_third_application_of_a_year_is_refused_with_its_article(apply, registration, provider):
    for month in ("03", "06"):
        case = apply(registration, provider, moment=at(f"2026-{month}-02 09:00"))
        case.partner_change.explanation = "原因"
        case.partner_change.save()
        steps.submit(case, by=provider, at=at(f"2026-{month}-02 09:00"))
        steps.withdraw(case, by=provider, at=at(f"2026-{month}-03 09:00"), reason="改主意")

    with pytest.raises(Refused) as refusal:
        steps.submit(apply(registration, provider), by=provider, at=NOW)

    assert [(p.article, p.message.split("。")[0]) for p in refusal.value.problems] == [
        ("第十五条", "2026 年第 3 次申请，不超过 2 次")
    ]


def test_four_eyes_the_clerk_who_reviewed_cannot_approve(submitted_case, clerk, programme):
    grant(clerk, roles.DECIDER, programme, at=NOW, by=None, reason="兼任")
    for material in submitted_case.materials.all():
        steps.verify_seal(material, by=clerk, at=NOW)
    steps.decide(submitted_case, "support", by=clerk, at=NOW)

    with pytest.raises(Refused, match="须由另一人办理"):
        steps.decide(submitted_case, "approve", by=clerk, at=NOW)


def test_add_keeps_industry(registration):
    assert add("fresh", registration)[1]["industry"].key == "smart-terminals"
