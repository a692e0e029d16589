import hashlib
from datetime import timedelta

import pytest
from django.db import transaction

from accounts import grants, invitations, roles
from accounts.errors import Refused
from accounts.models import Invitation, User
from records import letters
from records.models import Event, Letter, LetterDelivery

HOUR = timedelta(hours=1)
BASE = "https://portal.example/"
NEW = {"username": "chenbanshi", "full_name": "陈办事", "password": "yingying-lvzhou-26"}


@pytest.fixture
def invited(manager, organisation, at):
    """An open offer and its token."""
    return invitations.invite(
        organisation, "new@example.com", roles.PROVIDER_MEMBER, by=manager, at=at, base_url=BASE
    )


def test_invite_keeps_only_the_digest_of_a_token_of_256_bits(invited):
    offer, token = invited

    assert len(token) == 43
    assert offer.token_digest == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(Invitation.objects.values().get()) + str(list(Event.objects.values()))


def test_invite_writes_to_the_address(invited, at, mailoutbox):
    letters.send_due(at)

    mail = mailoutbox[0]
    assert (mail.to, mail.subject) == (["new@example.com"], "邀请您为 示例智造科技有限公司 办事")
    assert f"https://portal.example/invitations/{invited[1]}/" in mail.body
    assert "2026年9月24日 10:30:00 到期" in mail.body


def test_outbox_holds_neither_the_link_nor_the_address(invited, at):
    letters.send_due(at)

    kept = str(list(Letter.objects.values())) + str(list(LetterDelivery.objects.values()))
    assert not {part for part in (invited[1], "new@example.com") if part in kept}
    assert LetterDelivery.objects.get().state == "sent"


def test_invitation_that_is_rolled_back_writes_no_letter(manager, organisation, at):
    with transaction.atomic():
        invitations.invite(
            organisation, "a@example.com", roles.PROVIDER_MEMBER, by=manager, at=at, base_url=BASE
        )
        transaction.set_rollback(True)
    assert Letter.objects.count() == 0


def test_invitation_survives_a_mail_server_that_is_down(invited, at, settings, mailoutbox):
    works, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.mailboxes.Down"
    letters.send_due(at)
    settings.EMAIL_BACKEND = works

    letters.send_due(at + timedelta(minutes=1))
    assert f"/invitations/{invited[1]}/" in mailoutbox[0].body


def test_link_is_the_same_under_a_key_that_has_been_replaced(invited, at, settings, mailoutbox):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key " * 5
    letters.send_due(at)
    assert f"/invitations/{invited[1]}/" in mailoutbox[0].body


def test_invitation_is_not_mailed_once_its_key_is_gone(invited, at, settings, mailoutbox):
    settings.SECRET_KEY = "another key " * 5
    letters.send_due(at)
    assert (mailoutbox, LetterDelivery.objects.get().state) == ([], "not_needed")


def test_invitation_that_was_revoked_meanwhile_is_not_mailed(invited, manager, at, mailoutbox):
    invitations.revoke(invited[0], at=at, by=manager)
    letters.send_due(at)

    delivery = LetterDelivery.objects.get()
    assert (mailoutbox, delivery.state, delivery.last_error) == (
        [],
        "not_needed",
        "邀请已接受、收回或到期",
    )


def test_invite_again_ends_the_earlier_offer_to_the_address(invited, manager, organisation, at):
    first, token = invited
    assert "作废" not in invitations.invited_words(first, BASE)
    newer, _ = invitations.invite(
        organisation, "NEW@example.com", roles.PROVIDER_MANAGER, by=manager, at=at, base_url=BASE
    )

    told = "以前给这个邮箱的邀请（单位办事员）作废，旧链接不能再用。"
    assert told in invitations.invited_words(newer, BASE)
    with pytest.raises(Refused, match="给同一个邮箱寄了新的邀请，这个链接作废。用最新那封信里的链接"):
        invitations.find(token, at)
    assert Invitation.objects.pending(at).get().role == roles.PROVIDER_MANAGER


def test_inviting_again_says_that_a_hand_over_by_the_earlier_offer_is_off(manager, organisation, at):
    invitations.invite_to_hand_over(
        manager.grants.get(), "new@example.com", stays=True, by=manager, at=at, reason="轮换", base_url=BASE
    )
    newer, _ = invitations.invite(
        organisation, "new@example.com", roles.PROVIDER_MEMBER, by=manager, at=at + HOUR, base_url=BASE
    )

    assert "旧链接不能再用，随它办的更换管理员也不再办。" in invitations.invited_words(newer, BASE)


def test_an_offer_that_was_revoked_by_hand_names_no_newer_one(invited, manager, organisation, at):
    first, token = invited
    invitations.revoke(first, at=at, by=manager)
    newer, _ = invitations.invite(
        organisation, "new@example.com", roles.PROVIDER_MEMBER, by=manager, at=at + HOUR, base_url=BASE
    )

    assert "作废" not in invitations.invited_words(newer, BASE)
    with pytest.raises(Refused, match="已被收回"):
        invitations.find(token, at + HOUR)


def test_invite_to_a_known_address_does_the_same(manager, organisation, stranger, at):
    known, _ = invitations.invite(
        organisation, stranger.email, roles.PROVIDER_MEMBER, by=manager, at=at, base_url=BASE
    )
    unknown, _ = invitations.invite(
        organisation, "nobody@example.com", roles.PROVIDER_MEMBER, by=manager, at=at, base_url=BASE
    )

    assert (known.role, known.expires_at) == (unknown.role, unknown.expires_at)


@pytest.mark.parametrize(
    ("who", "role", "may"),
    [
        ("manager", roles.PROVIDER_MEMBER, True),
        ("manager", roles.PROVIDER_MANAGER, True),
        ("manager", roles.CLERK, False),
        ("clerk", roles.PROVIDER_MANAGER, True),
        ("clerk", roles.PROVIDER_MEMBER, False),
        ("clerk", roles.CLERK, False),
        ("other_clerk", roles.PROVIDER_MANAGER, False),
        ("other_manager", roles.PROVIDER_MEMBER, False),
        ("member", roles.PROVIDER_MEMBER, False),
        ("administrator", roles.PROVIDER_MANAGER, False),
        ("stranger", roles.PROVIDER_MEMBER, False),
    ],
)
def test_who_may_invite_as_what(who, role, may, request, organisation, registration, at):
    by = request.getfixturevalue(who)

    if may:
        assert (
            invitations.invite(organisation, "a@example.com", role, by=by, at=at, base_url=BASE)[0].role
            == role
        )
    else:
        with pytest.raises(Refused, match="您不能为 示例智造科技有限公司 邀请"):
            invitations.invite(organisation, "a@example.com", role, by=by, at=at, base_url=BASE)


def test_office_invites_only_for_who_stands_in_its_list(clerk, organisation, registration, at):
    registration.valid_to = at
    registration.save()

    with pytest.raises(Refused, match="您不能为"):
        invitations.invite(
            organisation, "a@example.com", roles.PROVIDER_MANAGER, by=clerk, at=at, base_url=BASE
        )


def test_accept_as_new_makes_the_account_and_the_grant(invited, manager, organisation, at):
    offer, _ = invited

    user = invitations.accept_as_new(offer, **NEW, at=at)

    assert (user.username, user.full_name, user.email) == ("chenbanshi", "陈办事", "new@example.com")
    assert (user.check_password(NEW["password"]), user.is_staff) == (True, False)
    grant = user.grants.get()
    assert (grant.role, grant.organisation, grant.granted_by) == (
        roles.PROVIDER_MEMBER,
        organisation,
        manager,
    )
    offer.refresh_from_db()
    assert (offer.accepted_at, offer.accepted_by) == (at, user)


def test_accept_as_somebody_known_adds_the_grant(invited, other_manager, organisation, at):
    grant = invitations.accept(invited[0], other_manager, at=at)

    assert (grant.user, grant.organisation, other_manager.grants.count()) == (other_manager, organisation, 2)


def test_accept_twice_is_refused(invited, stranger, person, at):
    offer, token = invited
    invitations.accept(offer, stranger, at=at)

    with pytest.raises(Refused, match="2026年9月17日 10:30:00 已被接受，链接只能用一次"):
        invitations.find(token, at)
    with pytest.raises(Refused, match="链接只能用一次"):
        invitations.accept(offer, person("second"), at=at)


def test_refused_acceptance_leaves_no_account_behind(invited, at):
    offer, _ = invited
    invitations.revoke(offer, at=at, by=offer.invited_by)

    with pytest.raises(Refused, match="已被收回"):
        invitations.accept_as_new(offer, **NEW, at=at)
    assert not User.objects.filter(username="chenbanshi").exists()


def test_office_person_cannot_take_up_an_offer_which_stays_open(invited, clerk, at):
    offer, token = invited

    with pytest.raises(Refused, match="一个账号不能既为管理部门又为企业办事"):
        invitations.accept(offer, clerk, at=at)
    assert invitations.find(token, at) == offer


def test_find_works_until_the_last_second(invited, at):
    offer, token = invited

    assert invitations.find(token, at + timedelta(days=7, seconds=-1)) == offer
    with pytest.raises(Refused, match="2026年9月24日 10:30:00 已到期"):
        invitations.find(token, at + timedelta(days=7))


def test_find_of_a_token_that_was_altered_finds_nothing(invited, at):
    token = invited[1]

    for altered in (token[:-1], token[:-1] + ("A" if token[-1] != "A" else "B"), token.swapcase(), "", "'"):
        with pytest.raises(Invitation.DoesNotExist):
            invitations.find(altered, at)


def test_find_of_an_offer_whose_sender_has_left_is_refused(invited, manager, person, organisation, give, at):
    give(person("next"), roles.PROVIDER_MANAGER, organisation)
    grants.withdraw(manager.grants.get(), at=at, by=None, reason="离职")

    with pytest.raises(Refused, match="邀请人已不能代表 示例智造科技有限公司 邀请人员"):
        invitations.find(invited[1], at)


def test_revoke_twice_or_after_acceptance_is_refused(invited, manager, stranger, organisation, at):
    offer, _ = invited
    invitations.revoke(offer, at=at, by=manager)
    with pytest.raises(Refused, match="已经收回"):
        invitations.revoke(offer, at=at, by=manager)

    taken, _ = invitations.invite(
        organisation, "b@example.com", roles.PROVIDER_MEMBER, by=manager, at=at, base_url=BASE
    )
    invitations.accept(taken, stranger, at=at)
    with pytest.raises(Refused, match="收不回了"):
        invitations.revoke(taken, at=at, by=manager)


def test_every_step_is_an_event_without_the_address(invited, manager, stranger, organisation, at):
    offer, _ = invited
    invitations.accept(offer, stranger, at=at)

    rows = Event.objects.filter(data__invitation=str(offer.pk)).order_by("pk")
    assert [(row.verb, row.actor, row.organisation) for row in rows] == [
        ("invited", manager, organisation),
        ("invitation_accepted", stranger, organisation),
    ]
    assert "new@example.com" not in str(list(Event.objects.values()))
