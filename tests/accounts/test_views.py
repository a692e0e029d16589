import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import grants, invitations, roles
from accounts.models import Grant, Invitation, User
from records import letters
from records.models import Letter, LetterDelivery
from tests.accounts.conftest import PASSWORD

MEMBERS = "/my/members/"
NEW = {
    "username": "chenbanshi",
    "full_name": "陈办事",
    "password1": "yingying-lvzhou-26",
    "password2": "yingying-lvzhou-26",
}


@pytest.fixture
def offer(manager, organisation, at):
    return invitations.invite(
        organisation,
        "new@example.com",
        roles.PROVIDER_MEMBER,
        by=manager,
        at=at,
        base_url="http://testserver/",
    )


@pytest.fixture
def address(offer):
    return reverse("invitation", args=[offer[1]])


def text(response):
    return response.content.decode()


# Log-in and passwords


@pytest.mark.parametrize(
    ("who", "lands"), [("clerk", "/admin/"), ("manager", "/my/"), ("member", "/my/"), ("stranger", "/")]
)
def test_login_leads_to_where_the_work_is(who, lands, request, client):
    user = request.getfixturevalue(who)

    response = client.post("/login/", {"username": user.username, "password": PASSWORD})

    assert (response.status_code, response.url) == (302, lands)


@pytest.mark.parametrize(
    ("target", "lands"),
    [("/my/members/", "/my/members/"), ("https://evil.example/", "/my/"), ("//evil.example", "/my/")],
)
def test_login_goes_on_to_pages_of_this_site_only(target, lands, client, manager):
    response = client.post("/login/", {"username": "manager", "password": PASSWORD, "next": target})

    assert response.url == lands


@pytest.mark.parametrize("username", ["manager", "gone", "nobody"])
def test_login_that_fails_never_says_why(username, client, manager, person):
    person("gone", is_active=False)
    secret = PASSWORD if username == "gone" else "wrong"

    response = client.post("/login/", {"username": username, "password": secret})

    assert response.context["form"].non_field_errors() == ["登录名或密码不对，区分大小写。忘了密码可以重设。"]


def test_logout_takes_a_post(client, manager):
    client.force_login(manager)

    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_reset_says_the_same_whether_the_address_is_known(client, manager, mailoutbox, at):
    answers = []
    for email in (manager.email, "nobody@example.com"):
        response = client.post("/password/reset/", {"email": email}, follow=True)
        page = re.sub(r"页面生成于.*?（", "", text(response))
        answers.append((response.status_code, response.redirect_chain, page))

    assert answers[0] == answers[1]
    letters.send_due(at)
    assert [letter.to for letter in mailoutbox] == [[manager.email]]


def test_reset_asked_for_again_within_the_minute_is_one_letter(client, manager, at, stopped_clock):
    for seconds in (0, 20, 60):
        stopped_clock(at + timedelta(seconds=seconds))
        client.post("/password/reset/", {"email": manager.email})
    assert Letter.objects.count() == 2


def test_reset_stands_in_the_outbox_without_its_link(client, manager, mailoutbox, at):
    client.post("/password/reset/", {"email": manager.email})
    letters.send_due(at)

    link = re.findall(r"http://testserver(/password/reset/\S+)", mailoutbox[0].body)[0]
    kept = str(list(Letter.objects.values())) + str(list(LetterDelivery.objects.values()))
    assert "/password/reset/" not in kept
    assert link.split("/")[-2] not in kept
    assert manager.email not in kept


def test_reset_of_who_was_put_out_of_use_meanwhile_is_not_mailed(client, manager, mailoutbox, at):
    client.post("/password/reset/", {"email": manager.email})
    manager.is_active = False
    manager.save()
    letters.send_due(at)
    assert (mailoutbox, LetterDelivery.objects.get().state) == ([], "not_needed")


def test_reset_link_sets_a_password_once(client, manager, mailoutbox, at):
    client.post("/password/reset/", {"email": manager.email})
    letters.send_due(at)
    link = re.findall(r"http://testserver(/password/reset/\S+)", mailoutbox[0].body)[0]

    form = client.get(link, follow=True).redirect_chain[0][0]
    client.post(form, {"new_password1": "hongni-dajie-88x", "new_password2": "hongni-dajie-88x"})

    assert client.login(username="manager", password="hongni-dajie-88x") is True
    assert "链接已失效" in text(client.get(link, follow=True))


@pytest.mark.parametrize("weak", ["short-1", "20260917123456", "password1234", "chenbanshi", "chenbanshi1"])
def test_weak_password_is_refused(weak, client, address):
    response = client.post(address, NEW | {"password1": weak, "password2": weak})

    assert response.status_code == 422
    assert response.context["form"].errors["password2"]
    assert not User.objects.filter(username="chenbanshi").exists()


# Invitations


def test_invitation_page_says_who_invites_whom(client, address):
    page = text(client.get(address))

    assert "示例智造科技有限公司" in page
    assert "担任单位办事员" in page
    assert f"/login/?next={address}" in page


def test_invitation_makes_an_account_that_is_logged_in(client, address, organisation):
    response = client.post(address, NEW)

    user = User.objects.get(username="chenbanshi")
    assert (response.status_code, response.url) == (302, "/my/")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.email, user.grants.get().organisation) == ("new@example.com", organisation)


def test_invitation_is_taken_up_by_whoever_is_logged_in(client, address, stranger, organisation):
    client.force_login(stranger)
    assert "接受后用这个账号办事" in text(client.get(address))

    assert client.post(address).url == "/my/"
    assert stranger.grants.get().organisation == organisation


def test_invitation_that_cannot_be_taken_up_says_why(client, address, clerk):
    client.force_login(clerk)

    response = client.post(address)

    assert response.status_code == 422
    assert "一个账号不能既为管理部门又为企业办事" in text(response)


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"username": "MANAGER"}, "username", "这个登录名已有人用，换一个"),
        ({"username": "a b"}, "username", "登录名里有不能用的字符，只用文字、数字和 @ . + - _"),
        ({"username": ""}, "username", "写明登录名，不能留空"),
        ({"full_name": ""}, "full_name", "写明姓名，不能留空"),
        ({"password2": "other-lvzhou-26"}, "password2", "两次写的密码不一样，重写一遍"),
    ],
)
def test_invitation_form_says_what_to_mend_and_keeps_the_rest(change, field, message, client, address):
    response = client.post(address, NEW | change)

    assert response.status_code == 422
    assert response.context["form"].errors[field] == [message]
    assert Invitation.objects.get().accepted_at is None
    kept = next(name for name in ("full_name", "username") if name not in change)
    assert NEW[kept] in text(response)


def test_invitation_posted_empty_is_no_acceptance(client, address):
    assert client.post(address).status_code == 422
    assert Invitation.objects.get().accepted_at is None


@pytest.mark.parametrize(
    ("fate", "words"), [("expired", "已到期"), ("used", "链接只能用一次"), ("revoked", "已被收回")]
)
def test_invitation_that_is_over_says_so(fate, words, client, offer, address, stranger, stopped_clock, at):
    if fate == "used":
        invitations.accept(offer[0], stranger, at=at)
    if fate == "revoked":
        invitations.revoke(offer[0], at=at, by=offer[0].invited_by)
    if fate == "expired":
        stopped_clock(at + timedelta(days=7))

    for response in (client.get(address), client.post(address, NEW)):
        assert response.status_code == 410
        assert words in text(response)
    assert not User.objects.filter(username="chenbanshi").exists()


def test_invitation_with_a_tampered_token_is_not_there(client, address):
    for tampered in (address[:-2] + "/", address[:-1] + "A/", "/invitations/x/"):
        assert client.get(tampered).status_code == 404
        assert client.post(tampered, NEW).status_code == 404


# The people of an organisation


def test_members_asks_for_a_login(client):
    assert client.get(MEMBERS).url == "/login/?next=/my/members/"


def test_members_shows_managers_everything(client, manager, member, offer):
    client.force_login(manager)
    page = text(client.get(MEMBERS))

    assert "2 人<wbr>可以为本单位办事，<wbr>1 个邀请等对方接受" in page
    assert member.email in page
    assert "new@example.com" in page
    assert "发送邀请" in page


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
