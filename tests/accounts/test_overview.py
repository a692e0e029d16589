"""The admin's pages of who holds what, and of which accounts are one person's."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import grants, roles
from accounts.admin.overview import explained
from accounts.models import User

OVERVIEW = "/admin/accounts/grant/overview/"
DAY = timedelta(days=1)


def text(response):
    return response.content.decode()


def test_overview_tells_what_holds_ends_soon_and_has_ended(
    client, administrator, clerk, other_clerk, manager, registration, person, programme, give, at
):
    short = give(person("short"), roles.EXPERT, programme, ends_at=at + 30 * DAY)
    give(person("long"), roles.EXPERT, programme, ends_at=at + 31 * DAY)
    gone = give(person("gone"), roles.DECIDER, programme, at=at - 9 * DAY)
    grants.withdraw(gone, at=at - DAY, by=administrator, reason="调离")
    old = give(person("old"), roles.DECIDER, programme, at=at - 99 * DAY)
    grants.withdraw(old, at=at - 30 * DAY, by=administrator, reason="早已调离")
    client.force_login(administrator)

    page = client.get(OVERVIEW)

    assert page.context["soon"] == [short]
    assert page.context["ended"] == [gone]
    assert {one.user.username for one in page.context["held"]} == {"administrator", "clerk", "short", "long"}
    assert "演示administrator：调离" in text(page)
    by_role = client.get(OVERVIEW, {"by": "role"}).context["groups"]
    assert [title for title, _ in by_role] == ["经办人", "专家", "授权管理员"]


def test_overview_is_for_who_grants_or_audits(client, clerk, manager, administrator, person, programme, give):
    auditor = person("auditor")
    give(auditor, roles.AUDITOR, programme)
    answers = {}
    for user in (clerk, manager, administrator, auditor):
        client.force_login(user)
        answers[user.username] = client.get(OVERVIEW)

    status = {name: answer.status_code for name, answer in answers.items()}
    assert status == {"clerk": 404, "manager": 404, "administrator": 200, "auditor": 200}
    assert "授予一项" in text(answers["administrator"])
    assert "授予一项" not in text(answers["auditor"])


def test_overview_asks_as_often_for_one_as_for_many(
    client, administrator, person, programme, give, django_assert_max_num_queries
):
    for number in range(5):
        give(person(f"more{number}"), roles.CLERK, programme)
    client.force_login(administrator)

    with django_assert_max_num_queries(40) as captured:
        client.get(OVERVIEW)
    first = len(captured)
    for number in range(5, 9):
        give(person(f"more{number}"), roles.CLERK, programme)
    with django_assert_max_num_queries(first):
        client.get(OVERVIEW)


def test_form_explains_every_role_by_what_it_is_permitted(client, administrator):
    client.force_login(administrator)

    page = text(client.get("/admin/accounts/grant/add/"))

    told = {row["label"]: row for row in explained()}
    assert set(told) == {roles.LABELS[role] for role in roles.LABELS if role not in roles.PROVIDER_ROLES}
    assert told["审计"]["allowed"] == ["查看事项", "查看记录"]
    assert told["专家"]["allowed"] == []
    assert all(label in page for label in told)
    assert "编辑规则、确认规则和主管部门的决定" in page


@pytest.fixture
def accounts_of_clerk(clerk):
    return reverse("admin:accounts_user_accounts", args=[clerk.pk])


def test_administrator_declares_accounts_one_and_apart(
    client, accounts_of_clerk, administrator, clerk, stranger
):
    User.objects.filter(pk=stranger.pk).update(full_name=clerk.full_name)
    client.force_login(administrator)
    assert "同名的账号：stranger" in text(client.get(accounts_of_clerk))

    client.post(accounts_of_clerk, {"act": "one", "username": "stranger", "reason": "本人说明"})
    assert clerk.own_accounts() == {clerk.pk, stranger.pk}
    assert "已登记为同一人" in text(client.get(accounts_of_clerk))

    client.post(accounts_of_clerk, {"act": "apart", "username": "", "reason": "登记错了"})
    assert clerk.own_accounts() == {clerk.pk}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"username": "other_clerk"}, "不在您的授权范围内"),
        ({"username": "made-up"}, "不在您的授权范围内"),
        ({"username": "clerk"}, "这个账号自己"),
        ({"reason": ""}, "写明理由"),
        ({"act": "apart"}, "没有登记与别的账号是同一人"),
    ],
)
def test_what_cannot_be_declared_says_why(
    change, message, client, accounts_of_clerk, administrator, clerk, other_clerk, stranger
):
    client.force_login(administrator)

    facts = {"act": "one", "username": "stranger", "reason": "本人说明"} | change
    response = client.post(accounts_of_clerk, facts)

    assert (response.status_code, message in text(response)) == (422, True)
    assert clerk.own_accounts() == {clerk.pk}


def test_accounts_of_a_person_are_not_there_for_others(
    client, accounts_of_clerk, clerk, other_clerk, person, give, other_city
):
    elsewhere = person("elsewhere")
    give(elsewhere, roles.ACCESS_ADMINISTRATOR, other_city)
    for user in (clerk, other_clerk, elsewhere):
        client.force_login(user)
        assert client.get(accounts_of_clerk).status_code == 404
