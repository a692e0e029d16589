"""Whoever is barred does not enter: asked when an application is filed, decided and takes effect."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import bars as case_bars
from cases import effect, engine, steps
from cases.errors import Refused
from cases.models import Case, CheckRun
from cities.models import Limit
from cities.queries import procedure_in_force
from providers import bars
from providers.models import ListEdition, Organisation, Registration
from tests.cases.entering import begin, file, open_kind
from tests.conftest import NOW, PARTNERS, UNITS, add, at
from tests.providers import barring
from tests.rulebooks import limit, load_next

BEFORE, DECIDED, DUE = at("2026-09-01 09:00"), at("2026-09-18 10:00"), at("2026-09-18 10:05")


@pytest.fixture
def opened(monkeypatch, edition):
    open_kind(monkeypatch)


@pytest.fixture
def row(programme):
    """The row of the rulebook, to change what it says: `row(per="lineage")`."""

    def change(**columns):
        Limit.objects.filter(measure=bars.MEASURE, rulebook__programme=programme).update(**columns)

    return change


def remove(unit: Registration, moment=BEFORE, number="DG-2026-0005"):
    procedure = procedure_in_force(unit.programme, "clearance", NOW)
    assert procedure is not None
    Registration.objects.filter(pk=unit.pk).update(valid_to=moment)
    return bars.raise_after(unit, procedure, number, moment=moment)


def support(case: Case, clerk) -> Case:
    steps.decide(case, "support", by=clerk, at=DECIDED, opinion="齐全")
    return engine.load(case.pk)


def approve(case: Case, clerk, decider) -> Case:
    steps.decide(support(case, clerk), "approve", by=decider, at=DECIDED, opinion="同意")
    return engine.load(case.pk)


def publish(case: Case, clerk) -> Case:
    with engine.locked(case.pk) as (case, register):
        effect.take_effect(case, register, by=clerk, at=DUE)
    return engine.load(case.pk)


def test_whoever_is_free_enters_and_is_told_so(opened, programme, registration, provider, clerk, decider):
    newcomer = Organisation.objects.create(credit_code="91990001MAQ000800A", name="新来数字科技有限公司")
    case = approve(file(programme, newcomer, provider), clerk, decider)
    case = publish(case, clerk)
    assert (case.status, case.result) == (Case.Status.CLOSED, Case.Result.PUBLISHED)
    told = [run.checks[0] for run in CheckRun.objects.filter(case=case)]
    assert {(one["passed"], one["article"], one["message"]) for one in told} == {
        (True, "第十条", "新来数字科技有限公司没有被禁止申请入库")
    }


def test_barred_unit_cannot_file_and_is_told_why(opened, programme, registration, provider):
    remove(registration)
    case = begin(programme, registration.organisation, provider)

    with pytest.raises(Refused) as refused:
        steps.submit(case, by=provider, at=NOW)
    [check] = refused.value.checks
    name = UNITS["first"][1]
    assert check.message == (
        f"{name}于2026年9月1日在〔{programme}〕被清退（依据第十条，DG-2026-0005），不得再申请入库"
    )
    assert (check.article, check.state) == ("第十条", "fail")
    assert check.advice.startswith("认为当时的决定有误的，向")
    assert not Case.objects.get().number


def test_bar_that_arises_meanwhile_stops_the_decision(
    opened, programme, registration, provider, clerk, decider
):
    case = support(file(programme, registration.organisation, provider), clerk)
    remove(registration, moment=NOW + timedelta(hours=1))

    with pytest.raises(Refused) as refused:
        steps.decide(case, "approve", by=decider, at=DECIDED, opinion="同意")
    assert [check.key.partition(":")[0] for check in refused.value.checks] == ["bar"]
    steps.decide(case, "refuse", by=decider, at=DECIDED, opinion="禁止再次申请")
    assert engine.load(case.pk).result == Case.Result.REFUSED


def test_bar_that_arises_after_the_decision_stops_the_effect(
    opened, programme, registration, provider, clerk, decider
):
    case = approve(file(programme, registration.organisation, provider), clerk, decider)
    remove(registration, moment=DECIDED + timedelta(minutes=1))
    case = publish(case, clerk)
    assert (case.status, case.stage.key) == (Case.Status.OPEN, "approval")
    assert "不得再申请入库" in case.attention
    assert ListEdition.objects.filter(programme=programme).count() == 1


def test_bar_that_was_lifted_lets_the_same_case_through(
    opened, programme, registration, provider, clerk, decider
):
    case = support(file(programme, registration.organisation, provider), clerk)
    remove(registration, moment=NOW + timedelta(hours=1))
    bars.lift(registration, reason="有误", moment=NOW + timedelta(hours=2))

    steps.decide(case, "approve", by=decider, at=DECIDED, opinion="同意")
    assert engine.load(case.pk).stage.key == "publication"


def test_in_principle_a_decider_may_consent(opened, row, programme, registration, provider, clerk, decider):
    row(strictness="in_principle")
    remove(registration)
    case = support(file(programme, registration.organisation, provider), clerk)
    [check] = case_bars.bar_checks(case.organisation, programme, NOW)

    with pytest.raises(Refused):
        steps.decide(case, "approve", by=decider, at=DECIDED, opinion="同意")
    waivers = {check.key: "整改到位"}
    steps.decide(case, "approve", by=decider, at=DECIDED, opinion="同意", waivers=waivers)
    assert engine.load(case.pk).stage.key == "publication"


def test_case_goes_by_what_its_own_version_says_of_other_lists(programme, registration, tmp_path):
    barring.remove(barring.listed(barring.another(), registration.organisation, BEFORE), at=BEFORE)
    own = programme.rulebooks.get()
    later = load_next(tmp_path, lambda said: limit(said, bars.MEASURE).update(elsewhere=True))

    asked = [
        case_bars.bar_checks(registration.organisation, programme, NOW, book) for book in (own, later, None)
    ]
    assert [[check.passed for check in found] for found in asked] == [[True], [False], [False]]


def test_without_a_row_nothing_is_asked(programme, registration):
    rows = Limit.objects.filter(measure=bars.MEASURE)
    rows._raw_delete(rows.db)
    remove(registration)

    assert case_bars.bar_checks(registration.organisation, programme, NOW) == []


@pytest.mark.parametrize(
    ("counts", "told"), [(False, "本项目规则不计"), (True, "本项目规则计入，不得再申请入库")]
)
def test_removal_from_another_list_stands_on_the_page_of_a_case_for_staff_alone(
    client, row, submitted_case, registration, clerk, provider, stopped_clock, counts, told
):
    barring.remove(barring.listed(barring.another(), registration.organisation, BEFORE), at=BEFORE)
    row(elsewhere=counts)
    sentence = "于2026年9月1日在〔别的市 · 服务商〕被取消资格（依据4.4，OTHER-2026-0006），" + told

    client.force_login(clerk)
    page = client.get(reverse("admin:cases_case_change", args=[submitted_case.pk]))
    assert sentence in page.content.decode()
    client.force_login(provider)
    assert "别的市" not in client.get(reverse("case", args=[submitted_case.pk])).content.decode()


def test_removal_of_a_partner_that_a_change_brings_in_is_shown_to_staff(
    client, submitted_case, clerk, provider, stopped_clock
):
    partner = Organisation.objects.create(credit_code=PARTNERS["fresh"][0], name=PARTNERS["fresh"][1])
    client.force_login(clerk)
    address = reverse("admin:cases_case_change", args=[submitted_case.pk])
    assert "在其他项目的退出" not in client.get(address).content.decode()
    other = barring.another()
    barring.remove(barring.listed(other, partner, BEFORE), at=BEFORE)
    assert f"{partner}于2026年9月1日在〔别的市 · 服务商〕被取消资格" in client.get(address).content.decode()
    client.force_login(provider)
    assert "别的市" not in client.get(reverse("case", args=[submitted_case.pk])).content.decode()


def test_what_is_shown_of_partners_costs_the_same_however_many(apply, registration, provider):
    names = ("fresh", "shared", "other")
    case = apply(registration, provider, [add(name, registration) for name in names])
    case = engine.load(steps.submit(case, by=provider, at=NOW).pk)
    other, note, costs = barring.another(), case_bars.ElsewhereNote(), set()
    for number, name in enumerate(names, start=1):
        partner, _ = Organisation.objects.get_or_create(
            credit_code=PARTNERS[name][0], defaults={"name": PARTNERS[name][1]}
        )
        barring.remove(barring.listed(other, partner, BEFORE), at=BEFORE)
        with CaptureQueriesContext(connection) as asked:
            shown = note.context(engine.load(case.pk), None, NOW)
        assert len(shown["lines"]) == number
        costs.add(len(asked))
    assert len(costs) == 1


def test_page_of_a_case_says_nothing_where_there_is_nothing(client, submitted_case, clerk, stopped_clock):
    client.force_login(clerk)
    page = client.get(reverse("admin:cases_case_change", args=[submitted_case.pk]))
    assert "在其他项目的退出" not in page.content.decode()
