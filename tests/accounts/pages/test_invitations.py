"""Taking up an invitation."""

from datetime import timedelta

import pytest

from accounts import invitations
from accounts.models import Invitation, User
from tests.accounts.pages.pages import NEW, text


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
        ({"username": "a b"}, "username", "登录名里有不能用的字符，只用汉字、英文字母、数字和 @ . + - _"),
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
