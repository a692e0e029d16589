"""A name put right reaches every unit of the list that shows it: each is shown beforehand, told, and corrected truthfully."""

from typing import Any

import pytest
from django.urls import reverse

from cases import engine
from cases import steps as case_steps
from cases.errors import Refused
from cases.models import Case
from cases.sweep import sweep
from corrections import steps
from providers.models import Erratum, ListEdition
from publicity import steps as publicity_steps
from publicity.models import PublicityItem
from records.models import Letter
from tests.conftest import NOW, PARTNERS, UNITS, at
from tests.corrections.conftest import REASON, begin, publish, put_behind

pytestmark = pytest.mark.django_db
LATER, SHOWN = at("2026-09-18 09:00"), at("2026-09-28 10:00")
CODE, WRONG = PARTNERS["shared"]
RIGHT = "虚构视觉有限公司"
OTHER_CODE, OTHER = UNITS["third"]


@pytest.fixture
def mending(second: Any, third: Any, clerk: Any, edition: ListEdition) -> Case:
    """A correction of the second unit; the third has shown the same wrong name since edition 2."""
    put_behind(third, *PARTNERS["shared"])
    case = begin(second, clerk, edition)
    steps.add_operation(case, "mend_partner", at=NOW, partner_code=CODE, partner_name=RIGHT)
    return engine.load(case.pk)


def body(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode()


def told(organisation: Any) -> list[Letter]:
    return list(Letter.objects.filter(organisation=organisation).order_by("pk"))


def test_other_units_are_shown_before_it_is_filed_at_the_decision_and_in_publicity(
    client, mending, clerk, decider, third, stopped_clock
):
    client.force_login(clerk)
    draft = body(client.get(reverse("admin:corrections_correction_change", args=[mending.pk])))
    filed = case_steps.submit(mending, by=clerk, at=NOW)
    client.force_login(decider)
    desk = body(client.get(reverse("admin:cases_case_change", args=[filed.pk])))
    case_steps.decide(filed, "approve_shown", by=decider, at=NOW)
    period = publicity_steps.open_period(engine.load(filed.pk), by=clerk, at=SHOWN)
    stopped_clock(SHOWN)
    public = body(client.get(reverse("period", args=[period.pk])))
    for page in (draft, desk, public):
        assert OTHER in page
        assert '/editions/2/">第 2 版</a>' in page
    [other] = engine.load(filed.pk).submission["others"]
    assert (other["unit"]["code"], other["corrects"]) == (OTHER_CODE, 2)
    assert PublicityItem.objects.get().shown["others"] == [other]
    publicity_steps.take_down(period, by=clerk, at=SHOWN, reason="附件有误")
    _, letter = told(third.organisation)
    assert (letter.kind, "原因：附件有误" in letter.body) == ("others_publicity_taken_down", True)


def test_erratum_says_of_each_unit_what_is_true_of_it(client, mending, clerk, decider, second, third):
    after = publish(case_steps.submit(mending, by=clerk, at=NOW), decider, LATER)
    erratum = after.edition
    assert erratum is not None
    assert erratum.summary == f"{UNITS['second'][1]}等 2 家：更正第 1、2 版，合作伙伴 ～2"
    reasons = {(one.registration, one.corrects.number): one.reason for one in Erratum.objects.all()}
    own = f"“{WRONG}”应为“{RIGHT}”。随{UNITS['second'][1]}的更正一并改正"
    assert reasons == {(second, 1): REASON, (third, 2): own}
    for number in (1, 2):
        page = body(client.get(reverse("edition", args=[after.programme.slug, number])))
        assert "已更正</span>" in page
        assert (REASON in page) is (number == 1)


def test_other_units_are_told_by_letter_when_it_is_shown_and_when_it_is_published(
    client, mending, clerk, decider, second, third, provider, stopped_clock
):
    filed = case_steps.submit(mending, by=clerk, at=NOW)
    case_steps.decide(filed, "approve_shown", by=decider, at=NOW)
    publicity_steps.open_period(engine.load(filed.pk), by=clerk, at=SHOWN)
    [shown] = told(third.organisation)
    assert shown.kind == "others_publicity_opened"
    sweep(at("2026-10-10 00:00"))
    assert engine.load(filed.pk).result == "published"
    _, letter = told(third.organisation)
    assert letter.kind == "others_corrected"
    assert letter.body.startswith(f"{OTHER}：")
    assert f"“{WRONG}”应为“{RIGHT}”" in letter.body
    assert letter.path == reverse("unit", args=[filed.programme.slug, OTHER_CODE])
    assert [one.kind for one in told(second.organisation)] == ["publicity_opened", "corrected"]


def test_unit_that_came_to_show_the_name_after_filing_was_shown_to_nobody(
    mending, clerk, decider, registration
):
    filed = case_steps.submit(mending, by=clerk, at=NOW)
    put_behind(registration, *PARTNERS["shared"])
    with pytest.raises(Refused) as refused:
        case_steps.decide(filed, "approve", by=decider, at=LATER)
    assert UNITS["first"][1] in str(refused.value) + str(refused.value.problems)
    back = case_steps.decide(filed, "return", by=decider, at=LATER, opinion="再提交", named_day=LATER.date())
    again = case_steps.submit(back, by=clerk, at=LATER)
    assert len(again.submission["others"]) == 2
    assert case_steps.decide(again, "approve", by=decider, at=LATER).stage.key == "publication"


def test_units_whose_own_text_stays_as_it_is_are_no_erratum(begun, second, clerk, decider):
    """The unit stands behind another too; only where it is registered was wrong."""
    code, name = UNITS["first"]
    put_behind(second, code, name)
    facts = {"unit_code": code, "unit_name": name, "unit_place": "虚构市"}
    steps.add_operation(begun, "mend_unit", at=NOW, **facts)
    after = publish(case_steps.submit(engine.load(begun.pk), by=clerk, at=NOW), decider, LATER)
    assert after.edition is not None
    assert len(after.edition.changes) == 1
