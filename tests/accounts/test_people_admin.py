"""The office's pages of people."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from accounts import people, roles
from accounts.errors import Refused
from accounts.login import second
from accounts.models import Grant, User
from records import clock, letters
from records.models import Event

GRANTS, PEOPLE, OFFERS = "/admin/accounts/grant/", "/admin/accounts/user/", "/admin/accounts/invitation/"


def text(response):
    return response.content.decode()


def test_administrator_enters_a_person_who_sets_the_password_by_link(client, administrator, mailoutbox, at):
    client.force_login(administrator)
    facts = {"username": "linjingban", "full_name": "林经办", "email": "lin@example.com"}

    response = client.post(PEOPLE + "add/", facts, follow=True)
    letters.send_due(at)

    person = User.objects.get(username="linjingban")
    assert (person.is_staff, person.is_superuser, person.has_usable_password()) == (False, False, True)
    link = re.findall(r"http://testserver(/password/reset/[\w/-]+/)", text(response))[0]
    mailed = re.findall(r"http://testserver(/password/reset/[\w/-]+/)", mailoutbox[0].body)[0]
    assert Event.objects.get(verb="person_created").actor == administrator
    client.logout()
    for one in (link, mailed):
        assert client.get(one, follow=True).context["validlink"] is True


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"username": "CLERK"}, "这个登录名已有人用，换一个"),
        ({"username": "a b"}, "登录名里有不能用的字符"),
        ({"full_name": ""}, "写明姓名，不能留空"),
        ({"email": ""}, "写明邮箱，不能留空"),
        ({"email": "lin@"}, "邮箱写得不对"),
        ({"email": "Clerk@example.com"}, "账号 clerk（演示clerk）已用这个邮箱，邮箱相同的账号算同一人"),
    ],
)
def test_person_with_bad_facts_says_what_to_mend(change, message, client, administrator, clerk):
    client.force_login(administrator)
    facts = {"username": "lin", "full_name": "林经办", "email": "lin@example.com"} | change

    assert message in text(client.post(PEOPLE + "add/", facts))
    assert User.objects.count() == 2


def test_flags_and_passwords_cannot_be_set_by_form(client, administrator, clerk):
    client.force_login(administrator)
    page = reverse("admin:accounts_user_change", args=[clerk.pk])
    secret = clerk.password
    facts = {"full_name": "林经办", "email": "lin@example.com", "is_active": "on"}

    client.post(page, facts | {"is_superuser": "on", "is_staff": "", "password": "x", "username": "other"})

    clerk.refresh_from_db()
    assert (clerk.full_name, clerk.is_superuser, clerk.is_staff, clerk.password, clerk.username) == (
        "林经办",
        False,
        True,
        secret,
        "clerk",
    )
    event = Event.objects.get(verb="person_altered")
    assert (event.actor, sorted(event.data["changed"])) == (administrator, ["email", "full_name"])


def test_administrator_puts_an_account_out_of_use(client, administrator, clerk):
    client.force_login(administrator)

    page = reverse("admin:accounts_user_change", args=[clerk.pk])
    facts = {"full_name": "演示clerk", "email": clerk.email}
    assert "写明为什么停用这个账号，不能留空" in text(client.post(page, facts))
    assert User.objects.get(pk=clerk.pk).is_active

    client.post(page, facts | {"reason": "调离"})

    clerk.refresh_from_db()
    assert clerk.is_active is False
    event = Event.objects.get(verb="person_altered")
    assert (event.data["is_active"], event.data["reason"]) == (False, "调离")
    assert "写明为什么启用这个账号，不能留空" in text(client.post(page, facts | {"is_active": "on"}))


def test_nobody_puts_an_account_out_of_use_without_a_reason(administrator, clerk, at):
    clerk.is_active = False
    with pytest.raises(Refused, match="写明为什么停用这个账号"):
        people.alter(clerk, ["is_active"], at=at, by=administrator, reason=" ")


def test_address_of_another_account_is_taken_only_when_said_to_be_the_same_person_s(
    client, administrator, clerk, stranger, other_clerk
):
    client.force_login(administrator)
    page = reverse("admin:accounts_user_change", args=[stranger.pk])
    facts = {"full_name": "演示stranger", "email": clerk.email, "is_active": "on"}

    assert "账号 clerk（演示clerk）已用这个邮箱" in text(client.post(page, facts))
    elsewhere = text(client.post(page, facts | {"email": other_clerk.email}))
    assert "一个不归您管的账号已用这个邮箱" in elsewhere
    assert other_clerk.username not in elsewhere.replace(other_clerk.email, "")
    assert User.objects.get(pk=stranger.pk).email == "stranger@example.com"

    client.post(page, facts | {"is_another": "on"})
    assert User.objects.get(pk=stranger.pk).email == clerk.email
    unchanged = client.post(page, facts | {"full_name": "改了"})
    assert (unchanged.status_code, User.objects.get(pk=stranger.pk).full_name) == (302, "改了")


def test_pages_of_accounts_speak_as_the_rest_of_the_site(client, administrator, clerk, manager, registration):
    client.force_login(administrator)
    User.objects.filter(pk=clerk.pk).update(last_login=datetime(2026, 9, 16, 1, tzinfo=UTC))
    pages = [
        text(client.get(page))
        for page in (
            PEOPLE,
            PEOPLE + "add/",
            f"{PEOPLE}{clerk.pk}/change/",
            GRANTS,
            GRANTS + "add/",
            f"{PEOPLE}{administrator.pk}/change/",
        )
    ]

    for raw in (
        "用户",
        "修改 ",
        "增加 ",
        "电子邮件地址",
        "有效筛选",
        "工作人员状态",
        "首页",
        "反选",
        "加入日期",
        "2026-09-16",
    ):
        assert [page[page.index(raw) - 80 : page.index(raw) + 20] for page in pages if raw in page] == []
    listed, _, one, _, granting, own = pages
    assert "没有登录过" in listed
    assert re.search(r"2026年\d+月\d+日 \d\d:\d\d", one)
    assert "演示clerk（clerk）" in one
    assert "授权给一个人" in granting
    assert "演示administrator（administrator）" in own


def test_administrator_sees_his_people_and_those_who_hold_nothing_yet(
    client, administrator, clerk, other_clerk, stranger, keeper
):
    client.force_login(administrator)

    assert set(client.get(PEOPLE).context["cl"].queryset) == {administrator, clerk, stranger}
    assert client.get(reverse("admin:accounts_user_change", args=[other_clerk.pk])).status_code == 404


def test_administrator_does_not_alter_himself_nor_who_also_works_elsewhere(
    client, administrator, clerk, other_city, give
):
    give(clerk, roles.CLERK, other_city)
    client.force_login(administrator)

    for person in (administrator, clerk):
        page = reverse("admin:accounts_user_change", args=[person.pk])
        assert client.get(page).status_code == 200
        assert client.post(page, {"full_name": "x", "email": "x@example.com"}).status_code == 404


def test_only_what_can_be_withdrawn_or_removed_is_offered(
    client, administrator, clerk, person, city, give, at
):
    client.force_login(administrator)
    own, theirs = administrator.grants.get(), clerk.grants.get()
    page, withdraw = (
        [reverse(f"admin:accounts_grant_{what}", args=[one.pk]) for one in (own, theirs)]
        for what in ("change", "withdraw")
    )

    assert withdraw[0] not in text(client.get(page[0]))
    assert "现在不能收回：您是 演示市 唯一的授权管理员" in text(client.get(page[0]))
    assert withdraw[1] in text(client.get(page[1]))
    give(person("second_administrator"), roles.ACCESS_ADMINISTRATOR, city)
    assert withdraw[0] in text(client.get(page[0]))

    ends = give(clerk, roles.EXPERT, city, ends_at=at + timedelta(seconds=1))
    Grant.objects.filter(pk=ends.pk).update(starts_at=at - timedelta(days=1), ends_at=at)
    assert "收回授权</a>" not in text(client.get(reverse("admin:accounts_grant_change", args=[ends.pk])))


def test_removal_of_the_second_step_is_not_offered_to_who_just_changed_the_address(
    client, administrator, clerk, at
):
    second.set_up_without_code(clerk, at=at)
    client.force_login(administrator)
    page, remove = (
        reverse(f"admin:accounts_user_{what}", args=[clerk.pk]) for what in ("change", "second_factor")
    )
    assert remove in text(client.get(page))

    clerk.email = "new@example.com"
    people.alter(clerk, ["email"], at=at, by=administrator)

    shown = text(client.get(page))
    assert remove not in shown
    assert "两步登录现在不能解除：演示clerk 的邮箱刚由您改过" in shown


def test_nobody_is_offered_to_declare_his_own_accounts_apart(
    client, administrator, clerk, person, city, give, at
):
    other = person("second_administrator")
    give(other, roles.ACCESS_ADMINISTRATOR, city)
    people.declare_one(administrator, clerk, at=at, by=other, reason="本人说明")
    page = reverse("admin:accounts_user_accounts", args=[clerk.pk])

    for who, is_offered in ((administrator, False), (other, True)):
        client.force_login(who)
        shown = text(client.get(page))
        assert ('value="apart"' in shown, "由另一位授权管理员解除" in shown) == (is_offered, not is_offered)


def test_account_is_as_old_as_the_sites_clock_says_however_that_is_moved(client, administrator):
    began, later = datetime(2026, 9, 17, 2, tzinfo=UTC), datetime(2026, 10, 1, 2, tzinfo=UTC)
    with clock.stopped_at(began):
        person = User.objects.create_user("lin", "lin@example.com", full_name="林经办")
    assert person.date_joined == began
    client.force_login(administrator)
    with clock.stopped_at(later):
        assert "2026年9月17日 10:00" in text(client.get(f"{PEOPLE}{person.pk}/change/"))
