import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import invitations, people, roles
from accounts.errors import Refused
from accounts.login import second
from accounts.models import Grant, Invitation, User
from records import letters
from records.models import Event
from tests.conftest import at

GRANTS, PEOPLE, OFFERS = "/admin/accounts/grant/", "/admin/accounts/user/", "/admin/accounts/invitation/"


def text(response):
    return response.content.decode()


@pytest.fixture
def keeper(person) -> User:
    return person("keeper", is_superuser=True, is_staff=True)


@pytest.fixture
def other_administrator(person, other_city, give) -> User:
    user = person("other_administrator")
    give(user, roles.ACCESS_ADMINISTRATOR, other_city)
    return user


def form(user, obj, **change):
    return {
        "username": user.username,
        "role": roles.CLERK,
        "target": f"{obj._meta.model_name}:{obj.pk}",
        "last_day": "",
        "reason": "接任",
    } | change


# Grants


@pytest.mark.parametrize("page", [GRANTS + "add/", PEOPLE, PEOPLE + "add/"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("administrator", 200), ("keeper", 200), ("clerk", 404), ("auditor", 404), ("manager", 404)],
)
def test_people_and_grants_are_for_who_administers_access(page, who, status, request, client):
    client.force_login(request.getfixturevalue(who))

    assert client.get(page).status_code == status


def test_auditor_reads_the_grants_of_his_programme_and_changes_none(
    client, auditor, clerk, other_clerk, administrator
):
    client.force_login(auditor)
    held = clerk.grants.get()
    page = reverse("admin:accounts_grant_change", args=[held.pk])

    found = client.get(GRANTS).context["cl"].queryset
    assert {row.user for row in found} == {auditor, clerk, administrator}
    assert "收回授权" not in text(client.get(page))
    withdraw = reverse("admin:accounts_grant_withdraw", args=[held.pk])
    for address in (withdraw, f"{GRANTS}{other_clerk.grants.get().pk}/change/"):
        assert client.get(address).status_code == 404
    assert client.post(withdraw, {"reason": "多余"}).status_code == 404
    assert Grant.objects.active(held.starts_at).filter(pk=held.pk).exists()


@pytest.fixture
def auditor(person, programme, give) -> User:
    user = person("auditor")
    give(user, roles.AUDITOR, programme)
    return user


def test_administrator_grants_through_the_form(client, administrator, stranger, programme, at):
    client.force_login(administrator)

    response = client.post(GRANTS + "add/", form(stranger, programme, last_day="2026-12-31"))

    grant = stranger.grants.get()
    assert response.status_code == 302
    assert (grant.role, grant.programme, grant.granted_by, grant.reason) == (
        roles.CLERK,
        programme,
        administrator,
        "接任",
    )
    assert (grant.starts_at, timezone.localtime(grant.ends_at).isoformat()) == (
        at,
        "2027-01-01T00:00:00+08:00",
    )
    assert Event.objects.get(data__grant=grant.pk).actor == administrator


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"username": "nobody"}, "没有登录名为“nobody”的账号"),
        ({"username": ""}, "写明登录名，不能留空"),
        ({"role": ""}, "选一个角色"),
        ({"role": roles.PROVIDER_MANAGER}, "选列出的角色"),
        ({"target": ""}, "选一个对象"),
        ({"target": "city:0"}, "选列出的对象"),
        ({"last_day": "31.12."}, "日期写得不对"),
        ({"last_day": "2026-09-16"}, "已经过了"),
        ({"reason": ""}, "写明授权的理由，不能留空"),
        ({"role": roles.ACCESS_ADMINISTRATOR}, "授权管理员只能授予在城市上"),
        ({"username": "administrator"}, "不能给自己授权"),
        ({"username": "clerk"}, "不用再授"),
    ],
)
def test_grant_that_cannot_be_says_why(change, message, client, administrator, stranger, clerk, programme):
    client.force_login(administrator)

    response = client.post(GRANTS + "add/", form(stranger, programme, **change))

    assert response.status_code == 200
    assert message in text(response)
    assert Grant.objects.count() == 2


@pytest.mark.parametrize("kind", ["other_city", "other_programme"])
def test_administrator_grants_nothing_of_another_city(kind, request, client, administrator, stranger):
    client.force_login(administrator)

    response = client.post(GRANTS + "add/", form(stranger, request.getfixturevalue(kind)))

    assert "选列出的对象" in text(response)
    assert not stranger.grants.exists()


def test_administrator_sees_the_grants_of_his_city_only(
    client, administrator, clerk, other_clerk, manager, other_manager, registration
):
    client.force_login(administrator)

    seen = {grant.user for grant in client.get(GRANTS).context["cl"].queryset}

    assert seen == {administrator, clerk, manager}


def test_grants_are_filtered_by_what_stands_and_where(
    client, keeper, clerk, other_clerk, stranger, programme, give, at
):
    over = give(stranger, roles.DECIDER, programme)
    over.ends_at = over.closed_at = at
    over.save()
    client.force_login(keeper)

    def seen(**query):
        return {grant.user.username for grant in client.get(GRANTS, query).context["cl"].queryset}

    assert seen(standing="active") == {"clerk", "other_clerk"}
    assert seen(standing="over") == {"stranger"}
    assert seen(in_city="demo") == {"clerk", "stranger"}
    assert seen(role__exact=roles.DECIDER) == {"stranger"}


def test_a_grant_that_stands_is_only_read(client, administrator, clerk):
    grant = clerk.grants.get()
    client.force_login(administrator)
    page = reverse("admin:accounts_grant_change", args=[grant.pk])

    assert "收回授权" in text(client.get(page))
    assert client.post(page, {"reason": "改一改"}).status_code == 404
    assert (
        client.post(reverse("admin:accounts_grant_delete", args=[grant.pk]), {"post": "yes"}).status_code
        == 404
    )
    grant.refresh_from_db()
    assert grant.reason == "演示"


def test_administrator_withdraws_with_a_reason(client, administrator, clerk, at):
    grant = clerk.grants.get()
    client.force_login(administrator)
    page = reverse("admin:accounts_grant_withdraw", args=[grant.pk])
    assert "收回 演示clerk 的经办人授权" in text(client.get(page))

    assert client.post(page, {"reason": ""}).status_code == 422
    client.post(page, {"reason": "调离"})

    grant.refresh_from_db()
    assert (grant.closed_at, grant.ended_by, grant.end_reason) == (at, administrator, "调离")
    assert "已经结束，不用再收回" in text(client.post(page, {"reason": "调离"}))


def test_last_administrator_cannot_remove_himself(client, administrator):
    client.force_login(administrator)
    page = reverse("admin:accounts_grant_withdraw", args=[administrator.grants.get().pk])

    assert "唯一的授权管理员" in text(client.post(page, {"reason": "退休"}))
    assert administrator.grants.get().closed_at is None


@pytest.mark.parametrize(
    ("who", "status"), [("other_administrator", 404), ("other_clerk", 404), ("clerk", 404)]
)
def test_grants_of_another_city_are_not_there(who, status, request, client, clerk):
    client.force_login(request.getfixturevalue(who))
    page = reverse("admin:accounts_grant_withdraw", args=[clerk.grants.get().pk])

    assert (client.get(page).status_code, client.post(page, {"reason": "x"}).status_code) == (status, status)
    assert clerk.grants.get().closed_at is None


def test_keeper_of_the_machine_names_the_first_administrator(client, keeper, stranger, other_city):
    client.force_login(keeper)

    client.post(GRANTS + "add/", form(stranger, other_city, role=roles.ACCESS_ADMINISTRATOR))

    assert stranger.grants.get().city == other_city


# People


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


# Invitations by the office


def test_clerk_invites_the_first_manager(client, clerk, organisation, registration):
    client.force_login(clerk)

    response = client.post(
        OFFERS + "add/", {"credit_code": " 91990001maq000119x ", "email": "boss@example.com"}, follow=True
    )

    offer = Invitation.objects.get()
    assert (offer.organisation, offer.role, offer.invited_by) == (organisation, roles.PROVIDER_MANAGER, clerk)
    link = re.findall(r"http://testserver(/invitations/[\w-]+/)", text(response))[0]
    client.logout()
    assert client.get(link).status_code == 200


@pytest.mark.parametrize("code", ["91990001MAQ000186U", "nothing", "91990001MAQ000119X"])
def test_clerk_invites_nobody_outside_the_list(
    code, client, other_clerk, organisation, other_organisation, registration
):
    client.force_login(other_clerk)

    response = client.post(OFFERS + "add/", {"credit_code": code, "email": "boss@example.com"})

    assert f"{code.upper()} 不在您经办的试点项目名单内" in text(response)
    assert not Invitation.objects.exists()


def test_office_sees_and_revokes_the_offers_of_its_list(
    client, clerk, other_clerk, manager, organisation, registration, at
):
    facts = {"at": at, "base_url": "http://testserver/"}
    mine, _ = invitations.invite(organisation, "a@example.com", roles.PROVIDER_MANAGER, by=clerk, **facts)
    invitations.invite(organisation, "b@example.com", roles.PROVIDER_MEMBER, by=manager, **facts)
    revoke = reverse("admin:accounts_invitation_revoke", args=[mine.pk])

    client.force_login(other_clerk)
    assert client.post(revoke).status_code == 404
    assert list(client.get(OFFERS).context["cl"].queryset) == []

    client.force_login(clerk)
    assert list(client.get(OFFERS).context["cl"].queryset) == [mine]
    assert "收回邀请" in text(client.get(reverse("admin:accounts_invitation_change", args=[mine.pk])))
    client.post(revoke)
    mine.refresh_from_db()
    assert mine.revoked_at == at


@pytest.mark.parametrize("who", ["administrator", "auditor", "keeper"])
def test_offers_are_not_for_who_does_not_invite(who, request, client):
    client.force_login(request.getfixturevalue(who))

    assert client.get(OFFERS).status_code == 404
    assert client.get(OFFERS + "add/").status_code == 404


def test_last_day_of_a_grant_is_told_as_it_was_typed(client, administrator, clerk):
    held = clerk.grants.get()
    Grant.objects.filter(pk=held.pk).update(ends_at=at("2030-10-11 00:00"), granted_by=None)
    client.force_login(administrator)

    for page in (GRANTS, reverse("admin:accounts_grant_change", args=[held.pk])):
        shown = text(client.get(page))
        assert "2030年10月10日 24:00" in shown
        assert "系统" in shown
