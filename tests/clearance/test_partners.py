"""One ground about a partner: a case for every unit behind which it stands, in one batch, each told and the partner too."""

from typing import Any

import pytest
from django.urls import reverse

from cases import batch_queries, batches, engine, inbox, sweep
from cases import steps as case_steps
from cases.errors import Refused
from cases.models import Batch, Case, GroundFound
from clearance import partners, queries
from providers import terminations
from providers.models import ListEdition, Organisation, Registration
from records.models import Letter
from tests.clearance.conftest import FACTS, begun, enter, filed, served
from tests.clearance.partners import DUE, behind, partner_of
from tests.conftest import NOW, office


@pytest.fixture
def cloud(registration: Registration, second: Registration, third: Registration) -> Organisation:
    """Behind all three, and behind the first in both of its industries."""
    behind(registration, "cloud", 1)
    behind(second, "cloud")
    behind(third, "cloud")
    return partner_of(registration)


def all_begun(registration: Registration, clerk: Any, cloud: Organisation, **about: Any) -> partners.Begun:
    found = enter(registration, clerk, "removal_terminated", partner=cloud, **about)
    return partners.begin_all(found, facts=FACTS, demands="取消合作", by=clerk, at=NOW)


def order_all(begun: partners.Begun, decider: Any) -> list[Case]:
    assert begun.batch is not None
    chosen = [(case.pk, batches.since(engine.load(case.pk))) for case in begun.cases]
    given: dict[str, Any] = {"opinion": "已注销", "named_day": DUE}
    together = batches.decide(begun.batch, chosen, "order", by=decider, at=NOW, **given)
    assert [str(why) for _, why in together.refused] == []
    return together.went


def test_every_unit_behind_which_it_stands_has_a_case(registration: Any, cloud: Any, clerk: Any) -> None:
    begun = all_begun(registration, clerk, cloud)
    assert begun.batch is not None
    assert len(begun.cases) == 3
    assert {case.registration_id for case in begun.cases} == set(
        Registration.objects.values_list("pk", flat=True)
    )
    told = [engine.load(case.pk).submission for case in begun.cases]
    assert [one["facts"] for one in told] == [FACTS] * 3
    assert {one["partner"]["code"] for one in told} == {cloud.credit_code}
    assert set(Case.objects.filter(batch=begun.batch)) == set(begun.cases)
    assert not GroundFound.objects.filter(state="open").exists()


def test_one_unit_makes_no_batch(registration: Any, clerk: Any) -> None:
    begun = all_begun(registration, clerk, partner_of(registration))
    assert (len(begun.cases), begun.batch, Batch.objects.count()) == (1, None, 0)


def state_of_batch() -> str:
    return str(batch_queries.with_state(Batch.objects.all()).get().state)


def test_batch_waits_for_service_until_all_of_it_is_served(
    registration: Any, cloud: Any, clerk: Any, decider: Any
) -> None:
    went = order_all(all_begun(registration, clerk, cloud), decider)
    for case in went:
        assert state_of_batch() == batch_queries.UNSERVED
        served(case, clerk)
    assert state_of_batch() == batch_queries.ASKED


def test_decided_together_with_one_day_and_each_unit_and_the_partner_told(
    registration: Any, cloud: Any, clerk: Any, decider: Any
) -> None:
    begun = all_begun(registration, clerk, cloud)
    went = order_all(begun, decider)
    assert state_of_batch() == batch_queries.UNSERVED
    assert [case.stage.key for case in went if case.stage] == ["service"] * 3
    assert {case.measure.due_on for case in went} == {DUE}
    letters = Letter.objects.filter(case__in=went)
    for case in went:
        assert letters.filter(organisation=case.organisation, kind="clearance_served").count() == 1
    to_partner = letters.filter(organisation=cloud)
    assert to_partner.count() == 3
    assert registration.organisation.name in to_partner.get(case__registration=registration).body
    assert "2026年11月30日" in to_partner[0].body


def test_letter_to_the_partner_serves_nothing_on_the_unit(
    registration: Any, cloud: Any, clerk: Any, decider: Any
) -> None:
    went = order_all(all_begun(registration, clerk, cloud), decider)
    reader = office("of_cloud", "云办事", "provider_manager", cloud)
    for letter in inbox.letters_for(reader):
        inbox.confirm(letter, reader, NOW)
    assert {engine.load(case.pk).stage.key for case in went} == {"service"}  # type: ignore[union-attr]


def test_declined_is_not_told_to_the_partner(registration: Any, cloud: Any, clerk: Any, decider: Any) -> None:
    begun = all_begun(registration, clerk, cloud)
    for case in begun.cases:
        case_steps.decide(case, "decline", by=decider, at=NOW, opinion="没有注销")
    assert not Letter.objects.filter(organisation=cloud).exists()


def test_what_waits_of_the_same_partner_goes_into_every_case(
    registration: Any, second: Any, cloud: Any, clerk: Any
) -> None:
    enter(second, clerk, "removal_fraud", partner=cloud)
    begun = all_begun(registration, clerk, cloud)
    keys = [{one.ground.key for one in case.grounds.all()} for case in begun.cases]  # type: ignore[union-attr]
    assert keys == [{"removal_terminated", "removal_fraud"}] * 3


def test_what_the_sweep_found_of_each_unit_is_taken_up_once(
    registration: Any, second: Any, third: Any, cloud: Any, clerk: Any
) -> None:
    facts: dict[str, Any] = {"kind": "cancelled", "day": NOW.date(), "evidence": "登记机关公告"}
    terminations.record(cloud, **facts, by=clerk, at=NOW)
    sweep.sweep(NOW)
    found = GroundFound.objects.filter(ground__key="removal_terminated")
    assert found.count() == 3
    begun = partners.begin_all(found.get(registration=third), facts=FACTS, demands="", by=clerk, at=NOW)
    assert [case.grounds.count() for case in begun.cases] == [1, 1, 1]
    sweep.sweep(NOW)
    assert (found.count(), found.filter(state="open").count()) == (3, 0)


def test_whoever_takes_it_on_later_is_found_by_the_sweep_and_has_no_case(
    registration: Any, second: Any, clerk: Any
) -> None:
    """The order is not stretched to it: it waits in the inbox like whatever else is found."""
    partner = partner_of(registration)
    facts: dict[str, Any] = {"kind": "cancelled", "day": NOW.date(), "evidence": "登记机关公告"}
    terminations.record(partner, **facts, by=clerk, at=NOW)
    sweep.sweep(NOW)
    partners.begin_all(GroundFound.objects.get(), facts=FACTS, demands="", by=clerk, at=NOW)
    behind(second, "cloud")
    sweep.sweep(NOW)
    assert GroundFound.objects.get(state="open").registration == second
    assert not Case.objects.filter(registration=second).exists()


def test_unit_that_has_a_case_about_it_is_not_asked_twice(
    registration: Any, second: Any, cloud: Any, clerk: Any
) -> None:
    going = filed(second, clerk, "removal_fraud", partner=cloud)
    begun = all_begun(registration, clerk, cloud)
    assert second.pk not in {case.registration_id for case in begun.cases}
    assert {one.case for one in partners.concerned(second.programme, cloud)} >= {going, *begun.cases}
    with pytest.raises(Refused, match="都已立案"):
        all_begun(registration, clerk, cloud)


def test_all_of_them_or_none(registration: Any, second: Any, cloud: Any, clerk: Any) -> None:
    """The second unit has a draft about another partner that is not filed yet."""
    other = begun(second, clerk, "removal_fraud", partner=partner_of(second, "shared"))
    with pytest.raises(Refused, match="另立一件"):
        all_begun(registration, clerk, cloud)
    assert set(Case.objects.all()) == {other}
    assert Batch.objects.count() == 0


def test_without_facts_none_is_filed(registration: Any, cloud: Any, clerk: Any) -> None:
    found = enter(registration, clerk, "removal_fraud", partner=cloud)
    with pytest.raises(Refused) as refused:
        partners.begin_all(found, facts=" ", demands="", by=clerk, at=NOW)
    assert "facts" in {one.field for one in refused.value.problems}
    assert not Case.objects.exists()


def test_nobody_but_a_clerk_begins(registration: Any, cloud: Any, clerk: Any, decider: Any) -> None:
    found = enter(registration, clerk, "removal_fraud", partner=cloud)
    with pytest.raises(Refused, match="没有这个角色"):
        partners.begin_all(found, facts=FACTS, demands="", by=decider, at=NOW)


def test_partner_that_has_gone_by_then_is_not_ordered_away(
    registration: Any, clerk: Any, decider: Any, edition: ListEdition
) -> None:
    partner = partner_of(registration)
    case = filed(registration, clerk, "removal_fraud", partner=partner)
    behind(registration, "cloud", 0, action="end_partner")
    with pytest.raises(Refused) as refused:
        case_steps.decide(case, "order", by=decider, at=NOW, opinion="属实", named_day=DUE)
    assert any("现在不是" in one.message for one in refused.value.problems)
    case_steps.decide(case, "decline", by=decider, at=NOW, opinion="已不在名单")


def test_whoever_took_it_on_since_is_shown_and_not_ordered(
    registration: Any, third: Any, clerk: Any, decider: Any, client: Any
) -> None:
    partner = partner_of(registration)
    [case] = all_begun(registration, clerk, partner).cases
    behind(third, "cloud")
    client.force_login(clerk)
    page = client.get(reverse("admin:cases_case_change", args=[case.pk])).content.decode()
    assert third.organisation.name in page
    assert "没有立案" in page
    assert not Case.objects.filter(registration=third).exists()


def test_unit_for_which_it_was_declined_does_not_stop_the_others(
    registration: Any, second: Any, third: Any, clerk: Any, decider: Any, client: Any
) -> None:
    """Found of one unit, taken up for two, declined for the second; then a third takes the partner on."""
    cloud = partner_of(registration)
    behind(second, "cloud")
    ground = enter(registration, clerk, "removal_fraud", partner=cloud)
    first, again = partners.begin_all(ground, facts=FACTS, demands="", by=clerk, at=NOW).cases
    for case in (first, again):
        case_steps.decide(case, "decline", by=decider, at=NOW, opinion="不属实")
    ground.refresh_from_db()
    ground.state, ground.case = "open", None  # for the first unit it is looked into once more
    ground.save()
    behind(third, "cloud")
    client.force_login(clerk)
    page = client.get(reverse("admin:clearance_measure_add") + f"?ground={ground.pk}").content.decode()
    assert page.count("以前已经处理过，这次不立案") == 1
    assert page.count("这次立案") == 2
    begun = partners.begin_all(ground, facts=FACTS, demands="", by=clerk, at=NOW)
    assert {case.registration_id for case in begun.cases} == {registration.pk, third.pk}
    with pytest.raises(Refused, match="以前处理过"):
        partners.begin_all(ground, facts=FACTS, demands="", by=clerk, at=NOW)


def test_partner_of_an_industry_that_ended_stands_behind_nobody(
    registration: Any, second: Any, clerk: Any, client: Any
) -> None:
    """Wherever that is asked: of whom it concerns, whether it is there, and which partners can be named."""
    cloud = partner_of(registration)
    behind(second, "cloud")
    registration.entries.update(valid_to=NOW)
    assert [one.unit for one in partners.concerned(registration.programme, cloud)] == [second]
    assert not queries.stands(registration, cloud)
    client.force_login(clerk)
    address = reverse("admin:clearance_measure_ground")
    offered = [
        client.get(f"{address}?registration={one.pk}").content.decode() for one in (registration, second)
    ]
    assert [cloud.name in page for page in offered] == [False, True]


def test_page_lists_the_units_and_one_button_files_all(
    registration: Any, cloud: Any, clerk: Any, client: Any, stopped_clock: Any
) -> None:
    found = enter(registration, clerk, "removal_voluntary", partner=cloud)
    client.force_login(clerk)
    address = reverse("admin:clearance_measure_add") + f"?ground={found.pk}"
    page = client.get(address).content.decode()
    for unit in Registration.objects.select_related("organisation"):
        assert unit.organisation.name in page
    wrong = client.post(address, {"facts": "", "demands": ""})
    assert (wrong.status_code, Case.objects.count()) == (422, 0)
    done = client.post(address, {"facts": FACTS, "demands": ""})
    batch = Batch.objects.get()
    assert done["Location"] == reverse("admin:cases_batch_change", args=[batch.pk])
    assert batch.cases.count() == 3
    table = client.get(done["Location"]).content.decode()
    assert "审核中" in table
    assert registration.organisation.name in table


def test_inbox_of_grounds_is_searched_by_partner(
    registration: Any, second: Any, clerk: Any, client: Any
) -> None:
    enter(registration, clerk, "removal_fraud", partner=partner_of(registration))
    enter(second, clerk, "ground_fraud")
    client.force_login(clerk)
    for sought in (partner_of(registration).name, partner_of(registration).credit_code):
        told = client.get(reverse("admin:cases_groundfound_changelist"), {"q": sought}).content.decode()
        assert registration.organisation.name in told
        assert second.organisation.name not in told
