"""The office's pages of grants."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import roles
from accounts.models import Grant
from records.models import Event
from tests.conftest import at

GRANTS, PEOPLE, OFFERS = "/admin/accounts/grant/", "/admin/accounts/user/", "/admin/accounts/invitation/"


def text(response):
    return response.content.decode()


def form(user, obj, **change):
    return {
        "username": user.username,
        "role": roles.CLERK,
        "target": f"{obj._meta.model_name}:{obj.pk}",
        "last_day": "",
        "reason": "接任",
    } | change


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


def test_last_day_of_a_grant_is_told_as_it_was_typed(client, administrator, clerk):
    held = clerk.grants.get()
    Grant.objects.filter(pk=held.pk).update(ends_at=at("2030-10-11 00:00"), granted_by=None)
    client.force_login(administrator)

    for page in (GRANTS, reverse("admin:accounts_grant_change", args=[held.pk])):
        shown = text(client.get(page))
        assert "2030年10月10日 24:00" in shown
        assert "系统" in shown
