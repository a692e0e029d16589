"""An organisation's manager gives way to another."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import handovers, invitations, roles
from accounts.errors import Refused
from accounts.models import Grant, Handover
from cases import letters as unit_letters
from records import files
from records.models import Event, Letter, LetterDelivery
from tests.conftest import PDF

DAY = timedelta(days=1)


def holders(organisation, at):
    rows = Grant.objects.active(at).filter(organisation=organisation)
    return {(row.user.username, row.role) for row in rows}


def to_member(old, new, at, **change):
    facts = {"stays": True, "by": old, "reason": "岗位调整"} | change
    return handovers.to_member(old.grants.get(role=roles.PROVIDER_MANAGER), new, at=at, **facts)


@pytest.fixture
def letter_of_the_unit(clerk, at):
    upload = SimpleUploadedFile("函.pdf", PDF, "application/pdf")
    return files.store(upload, kinds=["pdf"], max_megabytes=1, by=clerk, at=at)


@pytest.mark.parametrize("stays", [True, False])
def test_member_takes_over_in_one_act(stays, manager, member, organisation, at):
    handover = to_member(manager, member, at + DAY, stays=stays)

    expected = {("member", roles.PROVIDER_MANAGER)}
    assert holders(organisation, at + DAY) == expected | (
        {("manager", roles.PROVIDER_MEMBER)} if stays else set()
    )
    assert (handover.old.user, handover.new.user, handover.done_at) == (manager, member, at + DAY)
    assert {held.end_reason for held in Grant.objects.filter(ends_at=at + DAY)} == {
        "管理员交接：岗位调整",
        "改任单位管理员",
    }
    event = Event.objects.get(verb="manager_handed_over")
    assert (event.actor, event.organisation, event.data["reason"]) == (manager, organisation, "岗位调整")


@pytest.mark.parametrize("stays", [True, False])
def test_old_manager_and_the_unit_are_told(
    stays, manager, member, organisation, registration, at, mailoutbox
):
    to_member(manager, member, at, stays=stays)

    letter = Letter.objects.get(kind="handed_over")
    assert (letter.organisation, letter.audience) == (organisation, Letter.Audience.UNIT)
    assert "由 演示manager 换成 演示member" in letter.body
    unit_letters.send(at)
    told = LetterDelivery.objects.filter(person=manager, state=LetterDelivery.State.SENT)
    assert [row.letter.kind for row in told] == (["handed_over"] if stays else ["given_up"])
    assert sorted(message.to for message in mailoutbox) == [["manager@example.com"], ["member@example.com"]]


def test_only_the_manager_himself_or_the_office_hands_over(
    manager, member, other_manager, other_clerk, administrator, at, registration
):
    for by in (member, other_manager, other_clerk, administrator):
        with pytest.raises(Refused, match="只能交接自己的"):
            to_member(manager, member, at, by=by)
    assert not Handover.objects.exists()


def test_office_hands_over_on_the_unit_s_word_alone(
    manager, member, clerk, registration, organisation, letter_of_the_unit, at
):
    with pytest.raises(Refused, match="上传单位出具的证明"):
        to_member(manager, member, at, by=clerk, stays=False)

    to_member(manager, member, at, by=clerk, stays=False, evidence=letter_of_the_unit)
    assert holders(organisation, at) == {("member", roles.PROVIDER_MANAGER)}
    event = Event.objects.get(verb="manager_handed_over")
    assert (event.actor, event.data["evidence"]) == (clerk, letter_of_the_unit.sha256)


def test_office_replaces_a_manager_whose_account_is_out_of_use(
    manager, member, clerk, registration, organisation, letter_of_the_unit, at
):
    manager.is_active = False
    manager.save()

    with pytest.raises(Refused, match="账号已停用"):
        to_member(manager, member, at, by=clerk, stays=True, evidence=letter_of_the_unit)
    assert holders(organisation, at) == {
        ("manager", roles.PROVIDER_MANAGER),
        ("member", roles.PROVIDER_MEMBER),
    }
    to_member(manager, member, at, by=clerk, stays=False, evidence=letter_of_the_unit)
    assert holders(organisation, at) == {("member", roles.PROVIDER_MANAGER)}


@pytest.mark.parametrize("who", ["stranger", "other_manager", "manager"])
def test_who_is_no_member_does_not_take_over_without_an_invitation(who, request, manager, organisation, at):
    with pytest.raises(Refused, match=r"不是 .* 的办事员"):
        to_member(manager, request.getfixturevalue(who), at)
    assert holders(organisation, at) == {("manager", roles.PROVIDER_MANAGER)}


def test_reason_is_asked_for(manager, member, at):
    with pytest.raises(Refused, match="写明交接的理由"):
        to_member(manager, member, at, reason=" ")


def offered(manager, at, email="new@example.com", **change):
    facts = {"stays": False, "by": manager, "reason": "岗位调整"} | change
    old = manager.grants.get(role=roles.PROVIDER_MANAGER)
    return invitations.invite_to_hand_over(old, email, at=at, base_url="http://testserver/", **facts)[0]


def test_invited_takes_over_when_the_offer_is_taken_up(manager, organisation, stranger, at):
    offer = offered(manager, at)
    assert holders(organisation, at) == {("manager", roles.PROVIDER_MANAGER)}

    invitations.accept(offer, stranger, at=at + DAY)

    assert holders(organisation, at + DAY) == {("stranger", roles.PROVIDER_MANAGER)}
    assert Handover.objects.get().done_at == at + DAY


def test_manager_does_not_take_up_his_own_offer(manager, organisation, at):
    with pytest.raises(Refused, match="就是现在的单位管理员"):
        invitations.accept(offered(manager, at), manager, at=at)
    assert holders(organisation, at) == {("manager", roles.PROVIDER_MANAGER)}


def test_of_two_offers_one_is_taken_up(manager, organisation, stranger, person, at):
    first, second = offered(manager, at), offered(manager, at, "more@example.com")
    invitations.accept(first, stranger, at=at)

    with pytest.raises(Refused, match="邀请失效"):
        invitations.accept(second, person("late"), at=at)
    assert holders(organisation, at) == {("stranger", roles.PROVIDER_MANAGER)}


def test_of_an_offer_and_a_hand_over_to_a_member_the_first_counts(manager, member, organisation, person, at):
    offer = offered(manager, at)
    to_member(manager, member, at)

    with pytest.raises(Refused, match="邀请失效"):
        invitations.accept(offer, person("late"), at=at)
    assert ("member", roles.PROVIDER_MANAGER) in holders(organisation, at)


def test_the_second_of_two_hand_overs_is_refused(manager, member, person, organisation, give, at):
    other = person("other")
    give(other, roles.PROVIDER_MEMBER, organisation)
    old = manager.grants.get()
    first, second = (handovers.begin(old, stays=False, by=manager, at=at, reason="交接") for _ in range(2))

    handovers.carry_out(first, member, at=at)
    with pytest.raises(Refused, match="已经交接、收回或到期"):
        handovers.carry_out(second, other, at=at)
    assert holders(organisation, at) == {("member", roles.PROVIDER_MANAGER), ("other", roles.PROVIDER_MEMBER)}
