"""What an address that somebody else has changed opens, and to whom that is told."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import people, roles
from accounts.admin.people_forms import AlterForm, NewForm
from accounts.errors import Refused
from accounts.login import second
from accounts.models import AddressChange
from accounts.personal import Accounts
from records import letters
from records.models import Event, Letter, LetterDelivery

NEW, REST = "new.clerk@example.org", timedelta(hours=72)
RESET = "/password/reset/"


@pytest.fixture
def moved(clerk, administrator, at):
    """A clerk whose address the access administrator has changed."""
    clerk.email = NEW
    return people.alter(clerk, ["email"], at=at, by=administrator)


@pytest.fixture
def second_administrator(person, city, give):
    user = person("second_administrator")
    give(user, roles.ACCESS_ADMINISTRATOR, city)
    return user


def change_in_admin(client, person):
    page = reverse("admin:accounts_user_change", args=[person.pk])
    return client.post(page, {"full_name": person.full_name, "email": NEW, "is_active": "on"})


def correct(client, person):
    page = f"/admin/personal/account/{person.pk}/"
    return client.post(page, {"act": "correct", "full_name": person.full_name, "email": NEW})


@pytest.mark.parametrize("change", [change_in_admin, correct])
def test_old_address_is_told_by_whom_and_to_what(change, client, clerk, administrator, mailoutbox, at):
    client.force_login(administrator)
    change(client, clerk)
    clerk.refresh_from_db()
    assert clerk.email == NEW
    kept = str(list(Letter.objects.values())) + str(list(LetterDelivery.objects.values()))
    assert "clerk@example" not in kept

    letters.send_due(at)

    (mail,) = mailoutbox
    assert mail.to == ["clerk@example.com"]
    for said in (
        "演示administrator",
        "n***@example.org",
        "9月17日 10:30:00",
        "9月20日 10:30",
        "把邮箱改回来。",
    ):
        assert said in mail.body
    event = Event.objects.get(verb="person_altered")
    assert event.data["address_change"] == AddressChange.objects.get(user=clerk, by=administrator).pk
    assert "example" not in str(event.data) + event.summary


def test_nobody_is_told_of_another_field_or_of_an_own_change(clerk, administrator, at):
    people.alter(clerk, ["full_name"], at=at, by=administrator)
    people.alter(clerk, ["email"], at=at, by=clerk)
    assert not Letter.objects.exists()
    assert not AddressChange.objects.exists()


def test_reset_is_not_mailed_while_the_address_rests(client, moved, stopped_clock, mailoutbox, at):
    letters.send_due(at)
    mailoutbox.clear()
    answers = []
    for moment in (at + REST - timedelta(seconds=1), at + REST):
        stopped_clock(moment)
        answers.append(client.post(RESET, {"email": NEW}))
        letters.send_due(moment)
        mails = [mail.to for mail in mailoutbox]
        assert mails == ([[NEW]] if moment == at + REST else [])
    assert answers[0].url == answers[1].url
    assert "改后 72 小时内不寄链接" in client.get(answers[0].url).content.decode()
    held = LetterDelivery.objects.get(state="not_needed")
    assert held.last_error == "邮箱刚由他人更改，2026年9月20日 10:30 以前不寄"


def test_reset_asked_for_before_is_not_mailed_to_the_new_address(
    client, clerk, administrator, mailoutbox, at
):
    client.post(RESET, {"email": clerk.email})
    clerk.email = NEW
    people.alter(clerk, ["email"], at=at, by=administrator)
    letters.send_due(at)
    assert [mail.to for mail in mailoutbox] == [["clerk@example.com"]]
    assert "邮箱已更改" in mailoutbox[0].subject


def test_who_changed_the_address_does_not_remove_the_second_step(moved, administrator, with_phone, at):
    with_phone(moved)
    last = at + REST - timedelta(seconds=1)
    with pytest.raises(Refused, match=r"2026年9月20日 10:30 以前不能也由您解除.*另一位授权管理员"):
        second.remove_for(moved, reason="手机丢失", at=last, by=administrator)
    assert second.is_set(moved)

    second.remove_for(moved, reason="手机丢失", at=at + REST, by=administrator)
    assert not second.is_set(moved)


def test_another_administrator_removes_it_meanwhile(moved, second_administrator, with_phone, at):
    with_phone(moved)
    second.remove_for(moved, reason="手机丢失", at=at, by=second_administrator)
    assert not second.is_set(moved)


def test_other_account_of_who_changed_the_address_is_no_other_administrator(
    moved, administrator, second_administrator, with_phone, at
):
    people.declare_one(second_administrator, administrator, at=at, by=administrator, reason="同一人")
    second_administrator.refresh_from_db()
    with_phone(moved)
    with pytest.raises(Refused, match="您的另一个账号 administrator"):
        second.remove_for(moved, reason="手机丢失", at=at, by=second_administrator)


def test_changing_it_again_makes_nobody_less_the_one_who_changed_it(
    moved, administrator, second_administrator, with_phone, at
):
    with_phone(moved)
    moved.email = "newer@example.org"
    people.alter(moved, ["email"], at=at + timedelta(hours=1), by=second_administrator)
    for by in (administrator, second_administrator):
        with pytest.raises(Refused, match="9月20日 11:30"):
            second.remove_for(moved, reason="手机丢失", at=at + timedelta(hours=2), by=by)


def test_form_says_beforehand_what_rests(clerk):
    assert "72 小时内" in AlterForm(instance=clerk).fields["email"].help_text
    assert "72 小时内" not in NewForm().fields["email"].help_text


def test_old_address_is_held_of_the_person_and_goes_with_the_account(person, administrator, at, mailoutbox):
    left = person("left")
    left.email = NEW
    people.alter(left, ["email"], at=at, by=administrator)
    assert "left@example.com" in [held.value for held in Accounts().held(left, administrator)]

    Accounts().erase(left, reason="本人申请", by=administrator, at=at)

    assert not AddressChange.objects.exists()
    assert "演示left" not in str(list(Letter.objects.values()))
    letters.send_due(at)
    assert not mailoutbox
