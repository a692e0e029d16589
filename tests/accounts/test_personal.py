"""Who has an account or was invited to one: what is held about them, and what of it goes."""

import json
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts import grants, handovers, invitations, letters, people, roles
from accounts.models import AddressChange, Grant, Invitation, LoginSession, User
from accounts.personal import Accounts, InvitedPeople
from records import clock, events
from records.models import Event, Letter
from records.personal.subjects import ERASED, PersonalRefused
from records.trail import sealing, verifying

PAGE = "/admin/personal/"


def page(subject, kind="account"):
    return f"{PAGE}{kind}/{subject.pk}/"


def text(response):
    return response.content.decode()


@pytest.fixture
def left(person, organisation, registration, give, at, administrator) -> User:
    """Somebody who acted for a provider and does so no more."""
    user = person("left")
    held = give(user, roles.PROVIDER_MEMBER, organisation)
    grants.withdraw(held, at=at, by=administrator, reason="离职")
    return user


@pytest.fixture
def offer(organisation, registration, manager, at) -> Invitation:
    offer, _ = invitations.invite(
        organisation, "zhang.san@example.org", roles.PROVIDER_MEMBER, by=manager, at=at, base_url="http://t"
    )
    return offer


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("administrator", 200),
        ("auditor", 200),
        ("keeper", 200),
        ("other_administrator", 404),
        ("clerk", 404),
        ("manager", 404),
    ],
)
def test_account_is_shown_to_who_administers_or_reads_there(who, status, request, client, left):
    client.force_login(request.getfixturevalue(who))

    assert client.get(page(left)).status_code == status
    assert client.get(f"{page(left)}export.json").status_code == status


def test_account_is_found_by_its_name_and_a_strangers_like_nobodys(
    client, administrator, other_administrator, left
):
    client.force_login(administrator)
    found = client.post(PAGE, {"kind": "account", "text": "LEFT"})
    assert (found.status_code, found["Location"]) == (302, page(left))

    client.force_login(other_administrator)
    theirs = client.post(PAGE, {"kind": "account", "text": "left"})
    nobodys = client.post(PAGE, {"kind": "account", "text": "nobody"})
    assert theirs.status_code == nobodys.status_code == 422
    assert "没有查到" in text(theirs)
    assert 'value="left"' in text(theirs)


def test_objector_is_no_business_of_who_administers_access(client, administrator):
    client.force_login(administrator)

    assert "回执编号查" not in text(client.get(PAGE))
    assert client.get(f"{PAGE}objector/{'0' * 8}-0000-4000-8000-{'0' * 12}/").status_code == 404


def test_export_has_every_column_and_leaves_an_event_without_them(client, administrator, left):
    client.force_login(administrator)

    given = json.loads(client.get(f"{page(left)}export.json").content)

    told = {row["是什么"]: row["内容"] for row in given["个人信息"]}
    assert (told["登录名"], told["邮箱"]) == ("left", "left@example.com")
    event = Event.objects.get(verb="personal.export")
    assert event.data == {"kind": "account", "key": str(left.pk)}
    assert "演示left" not in event.summary


def given_of(client, subject):
    rows = json.loads(client.get(f"{page(subject)}export.json").content)["个人信息"]
    return {
        where: [row["内容"] for row in rows if row["在哪里"] == where]
        for where in {row["在哪里"] for row in rows}
    }


def test_contents_are_given_where_they_are_nobody_elses(
    client, administrator, left, stranger, at, organisation, programme, settings
):
    letters.welcome(left, "http://t/", at)
    letters.address_changed(
        AddressChange.objects.create(user=left, old_address="old@example.com", at=at, by=administrator)
    )
    events.record("submit", "提交变更：某某", at=at, by=left, programme=programme)
    events.record("grant", f"授予 {stranger.pk} 号账号经办人", at=at, by=left, data={"user": stranger.pk})
    events.record("standing_asked", f"查权限：{stranger.pk} 号账号", at=at, by=left)
    people.note_new_password(left, at=at)
    client.force_login(administrator)

    given = given_of(client, left)

    assert any("账号已建立" in one and "您的登录名：left" in one for one in given["信件"])
    acts = given["办理记录"]
    assert "设置新密码" in acts
    assert f"办理 {programme}" in acts
    assert acts.count("办理别人的账号或者查记录") == 2
    [grant] = given[f"授权 {organisation}"]
    assert "收回：离职" in grant
    assert not any("某某" in one or stranger.username in one for rows in given.values() for one in rows)


def test_what_is_held_elsewhere_is_told_of_and_not_shown(
    client, administrator, keeper, left, other_programme, give, at
):
    give(left, roles.PROVIDER_MEMBER, left.grants.get().organisation)
    elsewhere = Grant.objects.create(
        user=left, role=roles.EXPERT, programme=other_programme, starts_at=at, reason="他市的理由"
    )
    events.record("submit", "提交", at=at, by=left, programme=other_programme)

    client.force_login(administrator)
    given = given_of(client, left)
    assert given["授权"] == ["1 项，由那里的授权管理员给本人"]
    assert "1 项，由那里的授权管理员给本人" in given["办理记录"]
    assert not any(
        elsewhere.reason in one or str(other_programme) in one for rows in given.values() for one in rows
    )

    client.force_login(keeper)
    assert elsewhere.reason in given_of(client, left)[f"授权 {other_programme}"][0]


def test_letter_to_a_unit_is_told_of_and_not_quoted(
    client, administrator, manager, member, organisation, registration, at
):
    handovers.to_member(manager.grants.get(), member, stays=True, by=manager, at=at, reason="轮换")
    client.force_login(administrator)

    [letter] = given_of(client, member)["信件"]

    assert letter.startswith(f"写给{organisation}的信")
    assert "轮换" not in letter


def test_page_lists_no_more_than_fits_and_the_export_all(client, administrator, left, at):
    for _ in range(51):
        events.record("logged_in", "登录", at=at, by=left)
    client.force_login(administrator)

    more = len(given_of(client, left)["办理记录"]) - 50
    assert more > 0
    assert f"另有 {more} 条没有列在这里，导出里全部给出" in text(client.get(page(left)))


def test_correction_is_kept_and_recorded_without_what_it_says(client, administrator, left):
    client.force_login(administrator)
    wrong = client.post(page(left), {"act": "correct", "full_name": "左离", "email": "no mail"})
    assert wrong.status_code == 422
    assert "邮箱写得不对" in text(wrong)
    assert 'value="左离"' in text(wrong)

    client.post(page(left), {"act": "correct", "full_name": "左离", "email": "left@example.com"})

    left.refresh_from_db()
    assert left.full_name == "左离"
    event = Event.objects.get(verb="person_altered")
    assert event.data["changed"] == ["full_name"]
    assert "左离" not in event.summary


def test_auditor_changes_nothing(client, auditor, left):
    client.force_login(auditor)

    assert "删除个人信息" not in text(client.get(page(left)))
    for act in (
        {"act": "correct", "full_name": "x", "email": "x@example.com"},
        {"act": "erase", "reason": "x", "sure": "on"},
    ):
        assert client.post(page(left), act).status_code == 404
    left.refresh_from_db()
    assert left.full_name == "演示left"


def test_erased_account_is_nowhere_and_the_trail_holds(client, administrator, left, at, organisation):
    LogEntry.objects.log_actions(administrator.pk, [left], 2, "改", single_object=True)
    events.record("join", "接受邀请", at=at, by=left, organisation=organisation)
    sealing.seal(at)
    client.force_login(administrator)

    done = client.post(page(left), {"act": "erase", "reason": "本人要求", "sure": "on"}, follow=True)

    assert "个人信息已删除" in text(done)
    left.refresh_from_db()
    assert (left.username, left.full_name, left.email, left.is_active) == (
        f"erased-{left.pk}",
        ERASED,
        "",
        False,
    )
    assert not left.has_usable_password()
    assert not Event.objects.filter(summary__contains="演示left").exists()
    assert not Event.objects.filter(actor_name="演示left").exists()
    assert not LogEntry.objects.filter(object_repr__contains="演示left").exists()
    assert verifying.verify().findings == []
    sealing.seal(at)
    assert verifying.verify().findings == []
    assert client.get(page(left)).status_code == 404


def test_log_ins_of_an_account_are_listed_and_go_with_it(client, administrator, left):
    Client().force_login(left)
    client.force_login(administrator)
    assert "网络地址和设备" in text(client.get(page(left)))

    client.post(page(left), {"act": "erase", "reason": "本人要求", "sure": "on"})

    assert not LoginSession.objects.filter(user=left).exists()


def test_letters_to_an_erased_account_greet_nobody(administrator, left, at):
    letters.welcome(left, "http://t/", at)
    Accounts().erase(left, reason="本人要求", by=administrator, at=at)

    assert not Letter.objects.filter(body__contains="演示left").exists()
    assert Letter.objects.filter(body__contains=ERASED).exists()


def test_reason_that_names_the_person_is_refused(client, administrator, left):
    client.force_login(administrator)

    for reason in ("演示left 要求", "电话 13812341234 来电要求"):
        answer = client.post(page(left), {"act": "erase", "reason": reason, "sure": "on"})
        assert answer.status_code == 422
        assert "不写姓名和联系方式" in text(answer)
    left.refresh_from_db()
    assert left.full_name == "演示left"


def test_account_with_a_grant_is_kept(client, administrator, member, registration):
    client.force_login(administrator)
    assert "还有 1 项有效授权，先收回" in text(client.get(page(member)))

    answer = client.post(page(member), {"act": "erase", "reason": "本人要求", "sure": "on"})

    assert answer.status_code == 422
    assert "第四十七条" in text(answer)
    member.refresh_from_db()
    assert member.full_name == "演示member"


@pytest.mark.parametrize(("years", "is_kept"), [(10, True), (9, False)])
def test_name_of_who_handled_something_is_kept_to_the_last_day(
    left, administrator, programme, at, settings, years, is_kept
):
    settings.PERSONAL_KEPT_YEARS = years
    events.record("submit", "提交", at=at, by=left, programme=programme)
    then = at.replace(year=at.year + 10)

    if is_kept:
        with pytest.raises(PersonalRefused, match=f"{at.year + 10}年9月17日"):
            Accounts().erase(left, reason="本人要求", by=administrator, at=then)
        Accounts().erase(left, reason="本人要求", by=administrator, at=then + timedelta(days=1))
    else:
        Accounts().erase(left, reason="本人要求", by=administrator, at=then)


def test_invited_person_is_listed_and_erased_once_no_offer_stands(
    client, administrator, offer, at, monkeypatch
):
    client.force_login(administrator)
    found = client.post(PAGE, {"kind": "invited", "text": "Zhang.San@example.org"})
    assert found["Location"] == page(offer, "invited")
    assert "还有 1 个邀请有效" in text(client.get(found["Location"]))
    pending = client.post(found["Location"], {"act": "erase", "reason": "本人要求", "sure": "on"})
    assert pending.status_code == 422

    monkeypatch.setattr(clock, "now", lambda: at + timedelta(days=30))
    client.force_login(administrator)
    client.post(found["Location"], {"act": "erase", "reason": "本人要求", "sure": "on"})

    offer.refresh_from_db()
    assert offer.email == ERASED
    assert Event.objects.filter(verb="personal.erase_invited").count() == 1
    assert client.get(found["Location"]).status_code == 404


def test_invited_person_of_another_city_does_not_exist(other_administrator, offer):
    assert InvitedPeople().look_up(other_administrator, offer.email) is None
    assert InvitedPeople().get(other_administrator, str(offer.pk)) is None


def test_erased_is_scrubbed_from_every_version_that_was_kept(administrator, left):
    """Of a table whose versions are kept."""
    from records.personal.erasing import overwrite  # noqa: PLC0415 -- only here

    held = Grant.objects.filter(user=left).get()
    before = held.history.count()

    overwrite(held, reason=ERASED)

    assert set(held.history.values_list("reason", flat=True)) == {ERASED}
    assert held.history.count() == before > 1


def test_sidebar_leads_there(client, administrator):
    client.force_login(administrator)

    assert f'href="{reverse("admin:personal")}"' in text(client.get(PAGE))
