"""By fields that the form does not have, keys of somebody else's things, and choices that were not offered."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Grant, Invitation, User
from cases.admin.case import guard
from cases.models import Case, Decision, Material
from changes.models import Operation
from publicity.models import Objection, PublicityItem
from tests.conftest import PARTNERS
from tests.portal.doors.world import World
from tests.publicity.conftest import typed

pytestmark = pytest.mark.django_db

SECRET = "yingying-lvzhou-26"


def test_account_taken_up_by_link_is_what_was_offered(world: World, as_: Any) -> None:
    more: dict[str, Any] = {
        "is_staff": "on",
        "is_superuser": "on",
        "email": "evil@example.org",
        "role": "provider_manager",
    }
    more |= {
        "organisation": Grant.objects.get(user=world.neighbours["manager"]).organisation_id,
        "one_person": "1",
    }
    facts = {"username": "newcomer", "full_name": "新人", "password1": SECRET, "password2": SECRET}

    as_("anonymous").post(reverse("invitation", args=[world.things["link"]["token"]]), facts | more)

    made = User.objects.get(username="newcomer")
    assert (made.is_staff, made.is_superuser, made.email) == (False, False, "new@example.org")
    held = Grant.objects.get(user=made)
    assert (held.role, held.organisation) == (
        "provider_member",
        Grant.objects.get(user=world.people["member"]).organisation,
    )


@pytest.mark.parametrize("role", ["clerk", "decider", "access_administrator", "auditor", "superuser", ""])
def test_manager_invites_nobody_into_an_office(world: World, as_: Any, role: str) -> None:
    before = Invitation.objects.count()

    answer = as_("manager").post(reverse("my_members"), {"email": "x@example.org", "role": role})

    assert (answer.status_code, Invitation.objects.count()) == (422, before)


def test_person_entered_by_the_office_holds_nothing(world: World, as_: Any) -> None:
    facts = {"username": "newcomer", "full_name": "新人", "email": "n@example.org"}
    more = {
        "is_superuser": "on",
        "is_staff": "on",
        "password": SECRET,
        "groups": "1",
        "user_permissions": "1",
    }

    as_("access").post(reverse("admin:accounts_user_add"), facts | more)

    made = User.objects.get(username="newcomer")
    assert (made.is_superuser, made.is_staff, made.check_password(SECRET)) == (False, False, False)
    assert not Grant.objects.filter(user=made).exists()


def test_draft_takes_no_more_than_its_form_has(world: World, as_: Any) -> None:
    pk = world.things["draft"]["pk"]
    before = Case.objects.filter(pk=pk).values().get()
    other = Grant.objects.get(user=world.neighbours["manager"]).organisation_id
    more = {"status": "closed", "number": "DG-2026-0001", "submitted_at": "2026-01-01", "organisation": other}
    more |= {
        "channel": "paper",
        "received_on": "2026-01-01",
        "stage": 1,
        "procedure": 1,
        "result": "published",
    }

    as_("manager").post(
        reverse("change", args=[pk]), {"do": "save", "reason": "补充能力", "truthful": "on"} | more
    )

    assert Case.objects.filter(pk=pk).values().get() == before


def test_operation_of_another_application_cannot_be_taken_out(world: World, as_: Any) -> None:
    theirs = Operation.objects.exclude(change__case=world.things["draft"]["pk"])
    count = theirs.count()

    for one in theirs:
        as_("manager").post(
            reverse("change", args=[world.things["draft"]["pk"]]),
            {"do": f"remove-{one.pk}", "reason": "补充能力", "truthful": "on"},
        )

    assert theirs.count() == count > 0


def test_partner_of_another_unit_cannot_be_ended(world: World, as_: Any) -> None:
    url = reverse("change_operation", args=[world.things["draft"]["pk"], "end_partner"])
    before = Operation.objects.count()
    industries = world.things["programme"]["pk"]

    for code, _ in PARTNERS.values():
        if code == PARTNERS["cloud"][0]:  # its own
            continue
        for industry in ("mobile", "food", "textile", str(industries)):
            answer = as_("manager").post(url, {"do": "add", "leaving": f"{industry}:{code}", "note": "退出"})
            assert answer.status_code == 422
    assert Operation.objects.count() == before


def test_seal_of_another_case_is_not_verified(world: World, as_: Any) -> None:
    case = world.things["case"]["pk"]
    theirs = Material.objects.exclude(case=case)
    before = list(theirs.values_list("pk", "seal_checked_at"))

    for one in theirs:
        as_("clerk").post(reverse("admin:cases_case_change", args=[case]), {"seal": one.pk})

    assert list(theirs.values_list("pk", "seal_checked_at")) == before != []


@pytest.mark.parametrize("outcome", ["approve", "publish", "release", "", "support\0", "SUPPORT"])
def test_clerk_gives_no_outcome_that_his_desk_does_not_have(world: World, as_: Any, outcome: str) -> None:
    case = Case.objects.get(pk=world.things["case"]["pk"])
    Material.objects.filter(case=case).update(
        seal_checked_at=case.stage_since, seal_checked_by=world.people["clerk"]
    )
    sent = {"action": "decide", **guard(case), "outcome": outcome, "opinion": "同意"}

    clerk, page = as_("clerk"), reverse("admin:cases_case_change", args=[case.pk])
    clerk.post(page, sent)

    assert not Decision.objects.filter(case=case).exists()
    assert Case.objects.get(pk=case.pk).stage_id == case.stage_id
    clerk.post(page, sent | {"outcome": "support"})
    assert Decision.objects.filter(case=case).exists()


def test_objection_cannot_say_how_it_stands_nor_who_took_it_in(
    world: World, as_: Any, stopped_clock: Any
) -> None:
    item = PublicityItem.objects.get(period=world.things["period"]["pk"])
    more = {
        "state": "upheld",
        "channel": "paper",
        "received_on": "2026-01-01",
        "receipt": "YY-1",
        "receipt_key": "k",
    }
    more |= {"entered_by": str(world.people["clerk"].pk), "conclusion": "upheld", "form_key": "f"}  # type: ignore[union-attr]

    answer = as_("anonymous").post(
        reverse("object", args=[item.period_id]), typed(item, name="李异议", **more)
    )

    assert answer.status_code == 302
    made = Objection.objects.get(name="李异议")
    assert (made.state, made.channel, made.entered_by, made.conclusion) == ("received", "online", None, "")
    assert made.receipt_key != "k"
    assert made.form_key != "f"


def test_objection_to_a_case_of_another_publicity_is_refused(world: World, as_: Any) -> None:
    item = PublicityItem.objects.get(period=world.things["period"]["pk"])
    before = Objection.objects.count()

    for key in (
        world.things["case"]["pk"],
        item.case_id,
        item.pk + 1000 if isinstance(item.pk, int) else "0",
        "",
        "\0",
    ):
        answer = as_("anonymous").post(reverse("object", args=[item.period_id]), typed(item, item=str(key)))
        assert answer.status_code == 422
    assert Objection.objects.count() == before
