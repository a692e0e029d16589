"""Letters to a person about an account, or about one that is offered. The link in each is made when it is sent
(envelopes.py): the outbox holds none, and no address."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from accounts import addresses, queries
from accounts.models import AddressChange, Grant, Handover, Invitation, User
from cities.models import Programme
from providers.models import Registration
from records import letters, postman
from records.models import Letter, LetterDelivery

INVITATION, ACCOUNT, RESET = "invitation", "account", "password_reset"
HANDED_OVER, GIVEN_UP = "handed_over", "given_up"
SECOND_REMOVED, ADDRESS_CHANGED = "second_factor_removed", "address_changed"
# By whoever is logged in, or has the link: should it have been somebody else, the owner must hear of it.
PASSWORD_SET, SECOND_SET, SECOND_CLOSED = "password_set", "second_factor_set", "second_factor_closed"
CODES_RENEWED, LOCKED = "recovery_codes_renewed", "login_locked"
GRANT_ENDS = "grant_ends"


def invite(invitation: Invitation, base_url: str) -> None:
    _write(
        INVITATION,
        str(invitation.pk),
        None,
        base_url,
        invitation.created_at,
        "接受邀请",
        invitation=invitation,
    )


def mail_of(offers: Iterable[Invitation]) -> dict[Any, str]:
    """How the letter of each invitation fared, in a word, by the invitation's key; one query."""
    keys = {f"{INVITATION}:{offer.pk}": offer.pk for offer in offers}
    rows = LetterDelivery.objects.filter(letter__key__in=keys).select_related("letter")
    return {keys[row.letter.key]: row.get_state_display() for row in rows}


def welcome(user: User, base_url: str, at: datetime) -> None:
    """To a person who has just been entered."""
    _write(ACCOUNT, str(user.pk), user, base_url, at, "设置密码")


def reset_password(user: User, base_url: str, at: datetime) -> None:
    """Asked for by anybody, so at most one a minute."""
    _write(RESET, f"{user.pk}:{at:%Y%m%d%H%M}", user, base_url, at, "设置新密码")


def handed_over(handover: Handover, old: User, new: User, at: datetime) -> None:
    """To whoever acts for the organisation now, and to its old manager also where he does not any more."""
    told = queries.people_of(handover.organisation, at)
    rows = Registration.objects.filter(organisation=handover.organisation).select_related("programme")
    listed = rows.order_by(F("valid_to").desc(nulls_first=True), "pk").first()
    if listed:
        _tell_unit(handover, old, new, listed.programme, told, at)
    if old not in told or listed is None:
        _write(GIVEN_UP, str(handover.pk), old, "", at, "", handover=handover, new=new)


def _tell_unit(
    handover: Handover, old: User, new: User, programme: Programme, told: list[User], at: datetime
) -> None:
    facts = {"handover": handover, "old": old, "new": new, "programme": programme, "at": at}
    subject, body = letters.worded(f"accounts/{HANDED_OVER}", facts)
    letters.write_first(
        f"{HANDED_OVER}:{handover.pk}",
        told,
        audience=Letter.Audience.UNIT,
        organisation=handover.organisation,
        programme=programme,
        kind=HANDED_OVER,
        subject=subject,
        body=body,
        path=reverse("my_members"),
        action="看办事人员",
        at=at,
    )


def reset_password_of_nobody(base_url: str, at: datetime) -> None:
    """Does for an address that nobody has what is done for one that somebody has, and takes it back: the answer takes as long."""
    with transaction.atomic():
        _write(RESET, f"0:{at:%Y%m%d%H%M}", None, base_url, at, "设置新密码")
        transaction.set_rollback(True)
    postman.call()


def second_factor_removed(user: User, *, reason: str, at: datetime) -> None:
    """By somebody else: the person must hear of it."""
    key = f"{user.pk}:{at:%Y%m%d%H%M%S%f}"
    _write(SECOND_REMOVED, key, user, "", at, "登录", path=reverse("login"), reason=reason)


def address_changed(change: AddressChange) -> None:
    """By somebody else: the person must hear of it where he still reads."""
    _write(
        ADDRESS_CHANGED,
        str(change.pk),
        change.user,
        "",
        change.at,
        "登录",
        path=reverse("login"),
        by=change.by,
        address=addresses.masked(change.user.email),
        until=addresses.end_of_rest(change.at),
    )


def own_act(kind: str, user: User, at: datetime) -> None:
    """That something was done with the account: PASSWORD_SET, SECOND_SET, SECOND_CLOSED or CODES_RENEWED."""
    key = f"{user.pk}:{at:%Y%m%d%H%M%S%f}"
    _write(kind, key, user, "", at, "登录", path=reverse("login"))


def locked(user: User | None, at: datetime) -> None:
    """That it was tried too often: at most one a day, whoever tries. For a name that nobody has the same is done and taken back,
    so that the answer takes as long."""
    with transaction.atomic():
        key = f"{user.pk if user else 0}:{at:%Y%m%d}"
        _write(LOCKED, key, user, "", at, "重设密码", path=reverse("password_reset"))
        if user is None:
            transaction.set_rollback(True)


def key_of_end(held: Grant) -> str:
    """Of the letter that says beforehand when a grant ends: one for each end."""
    return f"{GRANT_ENDS}:{held.pk}:{held.ends_at:%Y%m%d%H%M}"


def grant_ends(held: Grant, told: Iterable[User], at: datetime) -> None:
    subject, body = letters.worded(f"accounts/{GRANT_ENDS}", {"held": held, "at": at})
    letters.write(
        key_of_end(held),
        told,
        audience=Letter.Audience.ACCOUNT,
        kind=GRANT_ENDS,
        about=str(held.pk),
        subject=subject,
        body=body,
        at=at,
    )


def _write(
    kind: str,
    key: str,
    person: User | None,
    base_url: str,
    at: datetime,
    action: str,
    path: str = "",
    **facts: Any,
) -> None:
    subject, body = letters.worded(f"accounts/{kind}", {"person": person, "at": at, **facts})
    letters.write(
        f"{kind}:{key}",
        [person],
        audience=Letter.Audience.ACCOUNT,
        kind=kind,
        about=key,
        subject=subject,
        body=body,
        action=action,
        path=path,
        base_url=base_url,
        at=at,
    )
