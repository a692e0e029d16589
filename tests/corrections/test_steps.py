"""A correction from its beginning to the erratum that it publishes."""

from typing import Any

import pytest
from django.db import transaction

from accounts.grants import grant
from cases import engine, grounds, sweep
from cases import steps as case_steps
from cases.errors import Refused
from cases.models import Case, GroundFound
from cities.models import Procedure
from cities.queries import procedure_in_force
from corrections import steps
from corrections.queries import operations_of
from providers import registry
from providers.models import Erratum, ListEdition, Organisation
from providers.queries import snapshot
from records.models import Event
from tests.conftest import NOW, PARTNERS, UNITS, at, office
from tests.corrections.conftest import REASON, begin, left_out, publish

pytestmark = pytest.mark.django_db
LATER = at("2026-09-18 09:00")


def mended(**what: str) -> dict[str, str]:
    code, name = UNITS["first"]
    return {"unit_code": code, "unit_name": name, "unit_place": "", **what}


def test_only_a_clerk_of_the_programme_begins_one(registration, decider, other_clerk, provider):
    for person in (decider, other_clerk, provider):
        with pytest.raises(Refused, match="由经办人发起"):
            steps.begin(registration, by=person, at=NOW)
    assert not Case.objects.exists()


def test_unit_cannot_apply_for_one_and_office_cannot_begin_a_units_own(
    registration, provider, clerk, programme
):
    correction = procedure_in_force(programme, "correction", NOW)
    change = procedure_in_force(programme, "partner_change", NOW)
    with pytest.raises(Refused, match="由工作人员发起"):
        case_steps.draft(correction, registration, by=provider, at=NOW)
    with pytest.raises(Refused, match="由单位申请"):
        case_steps.draft(change, registration, by=clerk, at=NOW, channel="office")


def test_one_draft_for_a_unit_goes_on_and_takes_up_what_was_found(
    begun, registration, clerk, submitted_case, edition
):
    told = {"label": "异议 YY-1", "evidence": "异议成立", "edition": edition, "by": clerk, "at": NOW}
    ground = grounds.find(
        "list_wrong", "objection:1", submitted_case.registration, found_in=submitted_case, **told
    )
    assert steps.begin(registration, by=clerk, at=NOW, ground=ground) == begun
    ground.refresh_from_db()
    begun.correction.refresh_from_db()
    assert (ground.state, ground.case) == ("taken", begun)
    assert begun.correction.evidence == "核对了公布的原件\n异议 YY-1：异议成立"


def test_filing_asks_for_edition_reason_evidence_and_something_to_correct(registration, clerk):
    case = steps.begin(registration, by=clerk, at=NOW)
    with pytest.raises(Refused) as refused:
        case_steps.submit(case, by=clerk, at=NOW)
    assert [one.field for one in refused.value.problems] == ["corrects", "reason", "evidence", "operations"]


def test_reason_is_public_and_takes_no_personal_number(begun, edition):
    with pytest.raises(Refused, match="不能有手机号码"):
        steps.save(begun, corrects=edition, reason="13800001111 说错了", evidence="", at=NOW)


def test_who_files_it_cannot_approve_it(begun, programme, clerk, decider):
    both = office("both", "双角色", "clerk", programme)
    grant(both, "decider", programme, at=at("2024-01-01 09:00"), by=None, reason="测试")
    steps.add_operation(begun, "add_partner", at=NOW, **left_out(begun))
    case = case_steps.submit(engine.load(begun.pk), by=both, at=NOW)
    with pytest.raises(Refused, match="须由另一人办理"):
        case_steps.decide(case, "approve", by=both, at=NOW)
    assert case_steps.decide(case, "approve", by=decider, at=NOW).stage.key == "publication"


def test_approved_one_is_an_erratum_that_names_what_it_corrects(filed, decider, edition, registration):
    after = publish(filed, decider)
    erratum = ListEdition.objects.get(number=2)
    assert (after.result, after.edition, erratum.kind) == ("published", erratum, "erratum")
    assert erratum.summary == "示例智造科技有限公司：更正第 1 版，合作伙伴 ＋1"
    change = erratum.changes[0]
    assert (change["corrects"], change["reason"]) == (1, REASON)
    link = Erratum.objects.get()
    assert (link.edition, link.corrects, link.registration) == (erratum, edition, registration)


def test_earlier_days_still_show_what_was_published_then(filed, decider, registration):
    publish(filed, decider, LATER)
    code = PARTNERS["fresh"][0]
    shown = [
        code in {one["code"] for one in snapshot(registration, when)["partners"]} for when in (NOW, LATER)
    ]
    assert shown == [False, True]


def test_decider_sends_it_back_refuses_it_or_has_it_shown_first(filed, decider, clerk):
    returned = case_steps.decide(filed, "return", by=decider, at=NOW, opinion="再核对", named_day=NOW.date())
    assert (returned.stage.key, returned.waiting_for, returned.is_editable) == ("submit", "clerk", True)
    again = case_steps.submit(returned, by=clerk, at=NOW)
    shown = case_steps.decide(again, "approve_shown", by=decider, at=NOW)
    assert shown.stage.key == "publicity"


def test_refused_one_changes_nothing(filed, decider):
    after = case_steps.decide(filed, "refuse", by=decider, at=NOW, opinion="名单无误")
    assert (after.result, ListEdition.objects.count()) == ("refused", 1)


def test_correction_that_no_longer_fits_goes_back_to_its_desk(filed, decider, clerk, registration, edition):
    case_steps.decide(filed, "approve", by=decider, at=NOW)
    with transaction.atomic():  # the same partner comes in by another way meanwhile
        register = registry.lock(registration.programme)
        registry.publish(register, registration, operations_of(filed), at=NOW, kind="change")
    sweep.sweep(LATER)
    after = engine.load(filed.pk)
    assert (after.stage.key, ListEdition.objects.count()) == ("approval", 2)
    assert "已经是" in after.attention


def test_units_name_and_code_are_put_right_from_the_erratum_on(begun, clerk, decider, registration):
    right = "91990001MAQ000397B"  # nobody's so far
    steps.add_operation(
        begun, "mend_unit", at=NOW, **mended(unit_code=right, unit_name="示例智造股份有限公司")
    )
    publish(case_steps.submit(engine.load(begun.pk), by=clerk, at=NOW), decider, LATER)
    organisation = Organisation.objects.get(pk=registration.organisation_id)
    assert (organisation.credit_code, organisation.name) == (right, "示例智造股份有限公司")
    then, now = (organisation.profiles.at(when).get() for when in (NOW, LATER))
    assert (then.credit_code, then.name) == UNITS["first"]
    assert (now.credit_code, now.valid_from) == (right, LATER)
    [line] = ListEdition.objects.get(number=2).changes[0]["differences"]
    assert (line["subject"], line["before"]["code"], line["after"]["code"]) == (
        "unit",
        UNITS["first"][0],
        right,
    )


def test_code_of_another_organisation_is_refused(begun):
    taken = UNITS["second"][0]
    with pytest.raises(Refused, match="已是范例数字科技有限公司的"):
        steps.add_operation(begun, "mend_unit", at=NOW, **mended(unit_code=taken))


def test_particulars_that_are_right_already_are_no_correction(begun):
    with pytest.raises(Refused, match="没有要改正的"):
        steps.add_operation(begun, "mend_unit", at=NOW, **mended())


def test_name_of_a_partner_is_put_right_of_every_unit_it_stands_behind(
    begun, clerk, decider, second, registration
):
    code = PARTNERS["shared"][0]
    right = {"partner_code": PARTNERS["cloud"][0], "partner_name": "样例云服务股份有限公司"}
    steps.add_operation(begun, "mend_partner", at=NOW, **right)
    publish(case_steps.submit(engine.load(begun.pk), by=clerk, at=NOW), decider, LATER)
    names = [snapshot(registration, when)["partners"][0]["name"] for when in (NOW, LATER)]
    assert names == [PARTNERS["cloud"][1], "样例云服务股份有限公司"]
    other = begin(second, clerk, ListEdition.objects.get(number=1), LATER)
    with pytest.raises(Refused, match="不是合作伙伴"):
        steps.add_operation(other, "mend_partner", at=LATER, **right)
    steps.add_operation(other, "mend_partner", at=LATER, partner_code=code, partner_name="虚构视觉有限公司")


def test_operation_that_the_row_does_not_take_is_refused(begun):
    Procedure.objects.filter(pk=begun.procedure_id).update(operations=["mend_unit"])
    with pytest.raises(Refused, match="不办“新增合作伙伴”"):
        steps.add_operation(begun, "add_partner", at=NOW, **left_out(begun))


def test_filed_one_can_be_withdrawn_and_gives_back_what_it_took_up(
    registration, clerk, submitted_case, edition
):
    told = {"label": "异议 YY-1", "evidence": "异议成立", "edition": edition, "by": clerk, "at": NOW}
    ground = grounds.find(
        "list_wrong", "objection:1", submitted_case.registration, found_in=submitted_case, **told
    )
    case = steps.begin(registration, by=clerk, at=NOW, ground=ground)
    case_steps.discard(case, by=clerk, at=NOW)
    ground.refresh_from_db()
    assert ground.state == GroundFound.State.OPEN
    assert Event.objects.filter(verb="ground.give_back").exists()


@pytest.mark.parametrize("change", ["without", "ended"])
def test_programme_without_the_procedure_says_so(programme, registration, clerk, change: Any):
    rulebook = programme.rulebooks.get()
    if change == "without":
        rulebook.procedures.filter(kind="correction").delete()
    else:
        rulebook.effective_to = at("2026-01-01 00:00").date()
        rulebook.save()
    told = {"without": "没有写更正名单的程序", "ended": "没有施行中的规则，名单只作存档"}[change]
    with pytest.raises(Refused, match=told):
        steps.begin(registration, by=clerk, at=NOW)
