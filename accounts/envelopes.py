"""Where a letter about an account goes, and the link in it: found when it is sent, and kept nowhere."""

from accounts import addresses, letters, links, tokens
from accounts.models import AddressChange, Invitation
from records import clock, words
from records.letters import Envelope, NotNeeded, register_seal
from records.models import LetterDelivery


def register() -> None:
    register_seal(letters.INVITATION, _seal_invitation)
    register_seal(letters.GIVEN_UP, _seal_given_up)
    register_seal(letters.ADDRESS_CHANGED, _seal_address_changed)
    for kind in (letters.ACCOUNT, letters.RESET):
        register_seal(kind, _seal_password_link)


def _seal_invitation(delivery: LetterDelivery) -> Envelope:
    offer = Invitation.objects.get(pk=delivery.letter.about)
    token = tokens.of(offer)
    if not Invitation.objects.pending(clock.now()).filter(pk=offer.pk).exists() or not token:
        raise NotNeeded("邀请已接受、收回或到期")
    return Envelope(offer.email, links.invitation(token, ""))


def _seal_given_up(delivery: LetterDelivery) -> Envelope:
    """He may hold nothing any more: there is no page to lead him to."""
    assert delivery.person is not None
    return Envelope(delivery.person.email, "")


def _seal_address_changed(delivery: LetterDelivery) -> Envelope:
    """To where the person no longer has his mail sent."""
    change = AddressChange.objects.filter(pk=delivery.letter.about).first()
    if change is None:
        raise NotNeeded("原邮箱已删除")
    return Envelope(change.old_address, delivery.letter.path)


def _seal_password_link(delivery: LetterDelivery) -> Envelope:
    person = delivery.person
    if person is None or not person.is_active:
        raise NotNeeded("账号已停用")
    if until := addresses.rests_until(person, clock.now()):
        raise NotNeeded(f"邮箱刚由他人更改，{words.full_moment(until)} 以前不寄")
    return Envelope(person.email, links.set_password(person, ""))
