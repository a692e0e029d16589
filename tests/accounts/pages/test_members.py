"""The people of an organisation."""

import re

import pytest
from django.urls import reverse

from accounts import grants, invitations, roles
from accounts.models import Grant, Invitation
from records import letters
from tests.accounts.pages.pages import text

MEMBERS = "/my/members/"


def test_members_asks_for_a_login(client, db):
    assert client.get(MEMBERS).url == "/login/?next=/my/members/"


def test_members_shows_managers_everything(client, manager, member, offer):
    client.force_login(manager)
    page = text(client.get(MEMBERS))

    assert "2 人<wbr>可以为本单位办事，<wbr>1 个邀请等对方接受" in page
    assert member.email in page
    assert "new@example.com" in page
    assert "发送邀请" in page


def test_one_place_of_the_navigation_is_current(client, manager, registration):
    client.force_login(manager)

    for page in (MEMBERS, "/my/", "/my/letters/"):
        assert text(client.get(page)).count("aria-current=") == 1


def test_only_what_can_be_withdrawn_is_offered(client, manager, member, organisation, person, give):
    client.force_login(manager)
    mine, theirs = (reverse("my_member_withdraw", args=[one.grants.get().pk]) for one in (manager, member))

    page = text(client.get(MEMBERS))
    assert (mine in page, theirs in page) == (False, True)
    assert "您是 示例智造科技有限公司 唯一的单位管理员，不能收回自己的授权" in page

    give(person("second_manager"), roles.PROVIDER_MANAGER, organisation)
    assert mine in text(client.get(MEMBERS))


def test_members_shows_members_the_names_only(client, manager, member, offer):
    client.force_login(member)
    page = text(client.get(MEMBERS))

    assert manager.full_name in page
    assert manager.email not in page
    assert "new@example.com" not in page
    assert "发送邀请" not in page


@pytest.mark.parametrize("who", ["clerk", "administrator", "stranger", "other_manager"])
def test_members_of_an_organisation_are_not_there_for_others(
    who, request, client, organisation, registration
):
    client.force_login(request.getfixturevalue(who))

    assert client.get(MEMBERS, {"organisation": organisation.pk}).status_code == 404
    facts = {"email": "a@example.com", "role": roles.PROVIDER_MEMBER}
    assert client.post(f"{MEMBERS}?organisation={organisation.pk}", facts).status_code == 404
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("wanted", ["abc", "", "999999", "-1"])
def test_members_of_what_is_no_organisation_are_not_there(wanted, client, manager):
    client.force_login(manager)

    assert client.get(MEMBERS, {"organisation": wanted}).status_code == 404


def test_members_of_one_of_several_organisations(client, manager, organisation, other_organisation, give):
    give(manager, roles.PROVIDER_MEMBER, other_organisation)
    client.force_login(manager)

    chosen = client.get(MEMBERS, {"organisation": other_organisation.pk})
    assert (chosen.context["organisation"], chosen.context["manages"]) == (other_organisation, False)
    assert f"?organisation={organisation.pk}" in text(chosen)


def test_manager_invites_and_sees_the_link_once(client, manager, organisation):
    client.force_login(manager)

    response = client.post(MEMBERS, {"email": "a@example.com", "role": roles.PROVIDER_MEMBER}, follow=True)

    link = re.findall(r"http://testserver(/invitations/[\w-]+/)", text(response))[0]
    assert client.get(link).context["invitation"].email == "a@example.com"
    assert "/invitations/" not in text(client.get(MEMBERS)).replace("/my/members/invitations/", "")


def test_invite_answers_the_same_for_a_known_address(client, manager, stranger):
    client.force_login(manager)
    answers = []
    for email in (stranger.email, "nobody@example.com"):
        page = text(client.post(MEMBERS, {"email": email, "role": roles.PROVIDER_MEMBER}, follow=True))
        told = re.findall(r'<div class="told.*?</div>', page, re.DOTALL)[0]
        answers.append(re.sub(r"invitations/\S+?/", "", told.replace(email, "")))

    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("facts", "field", "message"),
    [
        ({"email": "", "role": roles.PROVIDER_MEMBER}, "email", "写明邮箱，不能留空"),
        (
            {"email": "a@", "role": roles.PROVIDER_MEMBER},
            "email",
            "邮箱写得不对，核对后重填，如 name@example.com",
        ),
        ({"email": "a@example.com", "role": roles.CLERK}, "role", "选列出的身份"),
        ({}, "email", "写明邮箱，不能留空"),
    ],
)
def test_invite_with_bad_input_says_what_to_mend(facts, field, message, client, manager):
    client.force_login(manager)

    response = client.post(MEMBERS, facts)

    assert response.status_code == 422
    assert response.context["form"].errors[field] == [message]
    assert not Invitation.objects.exists()


def test_member_cannot_invite(client, member):
    client.force_login(member)

    assert client.post(MEMBERS, {"email": "a@example.com", "role": roles.PROVIDER_MEMBER}).status_code == 404
    assert not Invitation.objects.exists()


def test_manager_withdraws_a_member_with_a_reason(client, manager, member, at):
    client.force_login(manager)
    grant = member.grants.get()
    address = reverse("my_member_withdraw", args=[grant.pk])
    assert "收回 演示member" in text(client.get(address))

    assert client.post(address, {"reason": ""}).status_code == 422
    client.post(address, {"reason": "离职"})

    grant.refresh_from_db()
    assert (grant.closed_at, grant.ended_by, grant.end_reason) == (at, manager, "离职")
    assert client.get(address).status_code == 404


def test_last_manager_cannot_remove_himself(client, manager):
    client.force_login(manager)
    grant = manager.grants.get()

    response = client.post(reverse("my_member_withdraw", args=[grant.pk]), {"reason": "离职"})

    assert response.status_code == 422
    assert "您是 示例智造科技有限公司 唯一的单位管理员" in text(response)
    assert Grant.objects.get(pk=grant.pk).closed_at is None


def test_manager_who_is_not_the_last_may_leave(client, manager, person, organisation, give):
    give(person("next"), roles.PROVIDER_MANAGER, organisation)
    client.force_login(manager)

    response = client.post(reverse("my_member_withdraw", args=[manager.grants.get().pk]), {"reason": "离职"})

    assert (response.status_code, response.url) == (302, "/")
    assert client.get(MEMBERS).status_code == 404


@pytest.mark.parametrize("who", ["member", "other_manager", "clerk", "stranger"])
def test_people_and_offers_of_an_organisation_cannot_be_touched_by_others(
    who, request, client, offer, manager
):
    client.force_login(request.getfixturevalue(who))

    withdraw = reverse("my_member_withdraw", args=[manager.grants.get().pk])
    assert (client.get(withdraw).status_code, client.post(withdraw, {"reason": "x"}).status_code) == (
        404,
        404,
    )
    assert client.post(reverse("my_invitation_revoke", args=[offer[0].pk])).status_code == 404
    assert (manager.grants.get().closed_at, Invitation.objects.get().revoked_at) == (None, None)


def test_manager_of_an_organisation_cannot_withdraw_office_grants(client, manager, clerk):
    client.force_login(manager)

    assert (
        client.post(reverse("my_member_withdraw", args=[clerk.grants.get().pk]), {"reason": "x"}).status_code
        == 404
    )


def test_manager_sees_whether_the_invitation_was_mailed(client, manager, offer, at):
    client.force_login(manager)
    assert "等着寄" in text(client.get(MEMBERS))
    letters.send_due(at)
    assert "已寄出" in text(client.get(MEMBERS))


def test_manager_revokes_an_offer(client, manager, offer, address):
    client.force_login(manager)
    revoke = reverse("my_invitation_revoke", args=[offer[0].pk])
    assert client.get(revoke).status_code == 405

    assert "已收回给 new@example.com 的邀请" in text(client.post(revoke, follow=True))
    assert "邀请已经收回" in text(client.post(revoke, follow=True))
    assert client.get(address).status_code == 410


def test_members_page_asks_as_often_for_four_as_for_one(
    client, manager, organisation, offer, person, give, at, django_assert_max_num_queries
):
    client.force_login(manager)
    client.get(MEMBERS)
    with django_assert_max_num_queries(30) as few:
        client.get(MEMBERS)
    for number in range(3):
        give(person(f"member{number}"), roles.PROVIDER_MEMBER, organisation)
        invitations.invite(
            organisation,
            f"{number}@example.com",
            roles.PROVIDER_MEMBER,
            by=manager,
            at=at,
            base_url="http://testserver/",
        )
    with django_assert_max_num_queries(30) as many:
        client.get(MEMBERS)

    assert len(few) == len(many)


def test_withdrawn_person_is_out_at_once(client, member, at):
    client.force_login(member)
    assert client.get(MEMBERS).status_code == 200

    grants.withdraw(member.grants.get(), at=at, by=None, reason="离职")

    assert client.get(MEMBERS).status_code == 404
