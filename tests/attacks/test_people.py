"""By a member of a provider and by a clerk of another city: by what the pages of people take and tell."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts import invitations, known_then, letters, people, roles
from accounts.errors import Refused
from accounts.models import Grant, Invitation, User
from publicity.models import Objection
from records.letters import send_due
from records.models import Event, Letter
from tests.conftest import NOW
from tests.portal.doors.world import World

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"


def one_of(world: World, role: str) -> User:
    found = world.people[role]
    assert found is not None
    return found


def test_manager_floods_no_mailbox(world: World, as_: Any) -> None:
    browser, victim = as_("manager"), {"email": "victim@example.com", "role": roles.PROVIDER_MEMBER}
    answers = [browser.post(reverse("my_members"), victim) for _ in range(4)]
    told = browser.post(reverse("my_members"), victim | {"email": "Victim@Example.com"})

    assert [answer.status_code for answer in answers] == [302, 302, 302, 422]
    assert told.status_code == 422
    assert Invitation.objects.filter(email__iexact="victim@example.com").count() == invitations.MOST_TO_ONE


def test_manager_sends_no_heap_of_letters_to_many(world: World) -> None:
    manager = one_of(world, "manager")
    organisation = Grant.objects.get(user=manager).organisation
    assert organisation is not None

    def invite(number: int, at: Any = NOW + timedelta(days=30)) -> None:
        address = f"n{number}@example.com"
        invitations.invite(
            organisation, address, roles.PROVIDER_MEMBER, by=manager, at=at, base_url="http://t"
        )

    for number in range(invitations.MOST_A_DAY):
        invite(number)
    with pytest.raises(Refused, match="明天再发"):
        invite(99)
    invite(99, NOW + timedelta(days=31))


@pytest.mark.parametrize(
    "who", ["member", "manager", "other_clerk", "other_manager", "other_auditor", "other_access"]
)
def test_purpose_made_up_by_a_stranger_opens_no_objector(world: World, as_: Any, who: str) -> None:
    objection = Objection.objects.get(pk=world.things["objection"]["object_id"])
    page = reverse("admin:publicity_objection_change", args=[objection.pk])
    before = Event.objects.count()

    answer = as_(who).post(page, {"act": "look", "purpose": "audit"})

    assert (answer.status_code, Event.objects.count()) == (404, before)
    assert objection.name not in answer.content.decode()


@pytest.mark.parametrize("who", ["clerk", "member", "other_clerk", "other_access", "auditor"])
def test_nobody_reads_what_is_held_of_who_is_not_his(world: World, as_: Any, who: str) -> None:
    manager = one_of(world, "manager")
    expected = 200 if who == "auditor" else 404
    for page in ("", "export.json"):
        assert as_(who).get(f"/admin/personal/account/{manager.pk}/{page}").status_code == expected


def test_codes_of_another_session_are_not_shown(world: World, as_: Any) -> None:
    for who in ("member", "other_manager", "superuser"):
        assert as_(who).get(reverse("new_codes")).status_code == 302
    assert as_("anonymous").get(reverse("new_codes")).url.startswith("/login/")


def test_script_in_a_name_stays_words_in_what_is_told_of_accounts(world: World, as_: Any) -> None:
    """On the page of past rights, in what is held of a person, and where a grant cannot be withdrawn."""
    clerk, manager, keeper = (one_of(world, one) for one in ("clerk", "manager", "access"))
    User.objects.filter(pk__in=[clerk.pk, manager.pk, keeper.pk]).update(full_name=SCRIPT)
    keeper.refresh_from_db()
    people.declare_one(clerk, manager, at=NOW, by=keeper, reason=SCRIPT)
    letters.own_act(letters.PASSWORD_SET, manager, NOW)
    browser = as_("access")
    held = Grant.objects.get(user=keeper)
    pages = [
        browser.get("/admin/standing/", {"q": clerk.username, "day": f"{NOW:%Y-%m-%d}"}),
        browser.get(f"/admin/personal/account/{manager.pk}/"),
        browser.get(reverse("admin:accounts_user_change", args=[clerk.pk])),
        browser.get(reverse("admin:accounts_grant_change", args=[held.pk])),
        as_("manager").get(reverse("my_members")),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "alert(1)" in page.content.decode()
        assert SCRIPT not in page.content.decode()


def test_subject_of_a_letter_about_an_account_is_one_line(world: World, mailoutbox: Any) -> None:
    clerk = one_of(world, "clerk")
    User.objects.filter(pk=clerk.pk).update(full_name="林\r\nBcc: evil@example.org")
    held = Grant.objects.select_related("user", "programme__city").get(user=clerk)
    held.ends_at = NOW + timedelta(days=9)
    letters.grant_ends(held, [held.user], NOW)
    send_due(NOW)

    mail = next(one for one in mailoutbox if one.to == [clerk.email])
    assert "\n" not in mail.subject
    assert mail.recipients() == [clerk.email]
    assert Letter.objects.filter(kind=letters.GRANT_ENDS).count() == 1


def test_declared_of_the_future_says_nothing_of_the_past(world: World) -> None:
    """Nobody gives himself an alibi, or somebody else a second pair of eyes, by what is declared afterwards."""
    clerk, decider, keeper = (one_of(world, one) for one in ("clerk", "decider", "access"))
    people.declare_one(clerk, decider, at=NOW + timedelta(days=1), by=keeper, reason="本人说明")

    assert set(known_then.accounts_then([clerk.pk], NOW)) == {clerk.pk}
    assert set(known_then.accounts_then([clerk.pk], NOW + timedelta(days=1))) == {clerk.pk, decider.pk}
