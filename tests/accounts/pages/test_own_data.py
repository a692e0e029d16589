"""What the portal holds about somebody, asked for by himself."""

import json

import pytest

from accounts import grants, invitations, roles
from accounts.models import Invitation
from records import events
from records.models import Event
from records.personal import copies
from tests.accounts.pages.pages import text

PAGE, FILE = "/my/data/", "/my/data/export.json"


@pytest.fixture
def offered(other_organisation, member, other_manager, at) -> Invitation:
    """Another unit asks the member to act for it too."""
    offer, _ = invitations.invite(
        other_organisation,
        member.email.upper(),
        roles.PROVIDER_MEMBER,
        by=other_manager,
        at=at,
        base_url="http://t",
    )
    return offer


def given(client):
    return json.loads(client.get(FILE).content)


def test_own_data_are_shown_to_whoever_is_logged_in_and_to_nobody_else(
    client, member, stranger, programme, at
):
    events.record("submit", "提交变更", at=at, by=stranger, programme=programme)
    client.force_login(member)

    page = text(client.get(PAGE))

    assert "member@example.com" in page
    assert not any(one in page for one in ("stranger", f"办理 {programme}", "不归您管"))
    client.logout()
    assert [client.get(url).url for url in (PAGE, FILE)] == [f"/login/?next={url}" for url in (PAGE, FILE)]


def test_nothing_in_the_address_leads_to_another(client, member, stranger):
    client.force_login(member)
    for asked in ({"user": stranger.pk}, {"key": stranger.pk, "kind": "account"}, {"username": "stranger"}):
        for url in (PAGE, FILE):
            assert stranger.email not in text(client.get(url, asked))


def test_he_is_given_his_own_wherever_he_works(client, person, programme, other_programme, give):
    user = person("both", is_staff=True)
    give(user, roles.CLERK, programme)
    give(user, roles.CLERK, other_programme)
    client.force_login(user)

    told = {row["在哪里"] for row in given(client)["个人信息"]}

    assert {f"授权 {programme}", f"授权 {other_programme}"} <= told


def test_file_is_all_of_it_and_that_it_was_taken_is_in_the_records(client, member, offered, monkeypatch):
    monkeypatch.setattr(copies, "SHOWN", 1)
    client.force_login(member)

    answer = client.get(FILE)

    rows = json.loads(answer.content)["个人信息"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    assert sum(row["在哪里"] == "账号" for row in rows) == 4  # of which the page shows one
    assert "另有 3 条没有列在这里" in text(client.get(PAGE))
    taken = Event.objects.filter(verb="personal.export").order_by("pk")
    assert [(one.actor, one.data) for one in taken] == [
        (member, {"kind": "account", "key": str(member.pk)}),
        (member, {"kind": "invited", "key": str(offered.pk)}),
    ]
    assert not any(member.username in one.summary for one in taken)


def test_invitation_to_his_address_is_his_too_until_he_has_taken_it_up(client, member, offered, at):
    client.force_login(member)
    held = {"在哪里": f"邀请 {offered.organisation}", "是什么": "邮箱", "内容": offered.email}
    assert held in given(client)["个人信息"]

    invitations.accept(offered, member, at=at)
    assert given(client)["个人信息"].count(held) == 1


def test_without_an_address_nobodys_invitations_are_his(client, stranger, offered):
    Invitation.objects.update(email="")
    stranger.email = ""
    stranger.save()
    client.force_login(stranger)

    assert given(client)["是谁的"] == "账号"


def test_page_says_who_corrects_it_and_what_keeps_it(client, member, registration, city, at, administrator):
    city.phone = "0769-22830000"
    city.save()
    client.force_login(member)

    page = text(client.get(PAGE))
    assert f"{city.office}，电话 0769-22830000" in page
    assert "还有 1 项有效授权，先收回" in page

    grants.withdraw(member.grants.get(), at=at, by=administrator, reason="离职")
    page = text(client.get(PAGE))
    assert city.office in page  # it goes on being theirs to correct
    assert "没有必须保存的理由" in page


def test_page_is_found_from_the_own_log_ins(client, stranger):
    client.force_login(stranger)

    assert f'href="{PAGE}"' in text(client.get("/my/logins/"))
    assert "您的账号还没有授权" in text(client.get(PAGE))
