"""The pages of a hand-over: a manager's own, and the office's."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import roles
from accounts.models import Grant, Handover, Invitation
from tests.accounts.pages.pages import text
from tests.conftest import PDF

OFFICE = "/admin/accounts/invitation/handover/"


@pytest.fixture
def page(manager, registration):
    return reverse("my_member_handover", args=[manager.grants.get().pk])


def facts(user, **change):
    return {"new": str(user.pk), "email": "", "stays": "member", "reason": "岗位调整"} | change


def managers(organisation, at):
    rows = Grant.objects.active(at).filter(organisation=organisation, role=roles.PROVIDER_MANAGER)
    return [row.user.username for row in rows]


def test_manager_hands_over_to_a_member_and_stays(client, page, manager, member, organisation, at):
    client.force_login(manager)
    assert "交接管理员" in text(client.get("/my/members/"))

    response = client.post(page, facts(member), follow=True)

    assert managers(organisation, at) == ["member"]
    assert "演示member 已是" in text(response)
    assert client.get(page).status_code == 404
    assert "单位管理员换成了" in text(client.get("/my/letters/"))


def test_manager_who_leaves_is_led_out(client, page, manager, member, organisation, at):
    client.force_login(manager)

    assert client.post(page, facts(member, stays="leaves")).url == "/"
    assert client.get("/my/members/").status_code == 404


def test_manager_invites_his_successor(client, page, manager, organisation, at):
    client.force_login(manager)

    response = client.post(page, facts(manager, new="invite", email="next@example.com"), follow=True)

    assert "在此以前管理员不变" in text(response)
    assert managers(organisation, at) == ["manager"]
    assert Invitation.objects.get().handover.stays is True


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"new": ""}, "选一位办事员，或者选邀请"),
        ({"new": "0"}, "选列出的人"),
        ({"new": "invite"}, "写明对方的邮箱"),
        ({"new": "invite", "email": "next@"}, "邮箱写得不对"),
        ({"stays": ""}, "选一项"),
        ({"reason": " "}, "写明交接的理由"),
        ({"reason": "长" * 201}, "理由不超过 200 字，现在 201 字"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_done(
    change, message, client, page, manager, member, organisation, at
):
    client.force_login(manager)

    response = client.post(page, facts(member, **change))

    assert (response.status_code, managers(organisation, at)) == (422, ["manager"])
    assert message in text(response)


def test_page_is_not_there_for_others(
    client, page, member, other_manager, stranger, clerk, registration, give
):
    second = member.grants.get()
    for user in (member, other_manager, stranger, clerk):
        client.force_login(user)
        assert client.get(page).status_code == client.post(page, facts(member)).status_code == 404
    assert client.get(reverse("my_member_handover", args=[second.pk])).status_code == 404
    assert not Handover.objects.exists()


def paper(name="函.pdf", content=PDF):
    return SimpleUploadedFile(name, content, "application/pdf")


@pytest.fixture
def office(organisation, registration):
    return f"{OFFICE}?credit_code={organisation.credit_code}"


def test_office_replaces_a_manager_who_has_gone(client, office, clerk, manager, member, organisation, at):
    manager.is_active = False
    manager.save()
    client.force_login(clerk)
    given = facts(member, old=str(manager.grants.get().pk), stays="leaves")

    without = client.post(office, given)
    wrong = client.post(office, given | {"evidence": paper(content=b"MZ")})
    assert (without.status_code, wrong.status_code) == (422, 422)
    assert "上传单位的证明" in text(without)
    assert "内容是程序" in text(wrong)
    assert managers(organisation, at) == ["manager"]

    shown = text(client.post(office, given | {"evidence": paper()}, follow=True))
    assert managers(organisation, at) == ["member"]
    assert "演示manager → 演示member" in shown
    evidence = client.get(reverse("admin:accounts_handover_evidence", args=[Handover.objects.get().pk]))
    assert evidence.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(evidence.streaming_content) == PDF


def test_what_is_refused_leaves_no_file_behind(
    client, office, clerk, manager, member, organisation, at, settings
):
    """The clerk's own other account does not become the manager."""
    member.email = clerk.email
    member.save()
    client.force_login(clerk)
    given = facts(member, old=str(manager.grants.get().pk), stays="leaves")

    answer = client.post(office, given | {"evidence": paper()})

    assert (answer.status_code, managers(organisation, at)) == (422, ["manager"])
    assert not [one for one in settings.PRIVATE_FILES_ROOT.rglob("*") if one.is_file()]


def test_office_of_another_city_finds_nothing(client, office, other_clerk, administrator, manager, member):
    given = facts(member, old=str(manager.grants.get().pk), evidence=paper())
    client.force_login(other_clerk)

    assert "不在您经办的试点项目名单内" in text(client.get(office))
    assert client.post(office, given).status_code == 404
    client.force_login(administrator)
    assert client.get(office).status_code == client.post(office, given).status_code == 404
    assert not Handover.objects.exists()
