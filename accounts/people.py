"""Persons: entered once, never deleted, only put out of use; which accounts are one person's."""

import secrets
import uuid
from datetime import datetime

from django.contrib.admin.utils import label_for_field
from django.db import transaction

from accounts import keepers, letters, links, queries, reasons
from accounts.derivation import lock
from accounts.errors import Refused
from accounts.known_then import DECLARED_APART, DECLARED_ONE
from accounts.login import sessions
from accounts.models import AddressChange, Suspension, User
from records import events

# Of columns that Django names.
WORDS = {"email": "邮箱", "is_active": "账号停用或启用"}


@transaction.atomic
def create(
    username: str, full_name: str, email: str, password: str = "", *, at: datetime, by: User | None
) -> User:
    """Enter a person who holds nothing yet. Without a password nobody knows it: the person sets one by link."""
    user = User(username=username, full_name=full_name, email=email)
    user.set_password(password or secrets.token_urlsafe(32))
    user.save()
    events.record("person_created", f"建立账号 {user.pk} 号", at=at, by=by or user, data={"user": user.pk})
    return user


@transaction.atomic
def alter(user: User, changed: list[str], *, at: datetime, by: User, reason: str = "") -> User:
    """Keep what a form changed in a person; the event names the fields, never what stood in them. Raises Refused where an
    account must not be put out of use, or no reason is given for that or for the way back. An address that somebody else changed
    is told at the old one, and rests."""
    if "is_active" in changed:
        _refuse_unexplained(user, reason)
        _note_use(user, at=at, by=by)
    change = _note_address(user, at=at, by=by) if "email" in changed and by != user else None
    user.save(update_fields=changed)
    what = "、".join(WORDS.get(name) or str(label_for_field(name, User)) for name in changed)
    data = {"user": user.pk, "changed": changed, "is_active": user.is_active}
    if reason.strip():
        data["reason"] = reason.strip()
    if change:
        data["address_change"] = change.pk
    events.record("person_altered", f"修改 {user.pk} 号账号：{what}", at=at, by=by, data=data)
    return user


def _refuse_unexplained(user: User, reason: str) -> None:
    reasons.refuse(reason, f"写明为什么{'启用' if user.is_active else '停用'}这个账号，不能留空。")


def _note_address(user: User, *, at: datetime, by: User) -> AddressChange:
    """Before the new address is kept."""
    old = User.objects.select_for_update(no_key=True).get(pk=user.pk).email
    change = AddressChange.objects.create(user=user, old_address=old, at=at, by=by)
    if old:
        letters.address_changed(change)
    return change


def _note_use(user: User, *, at: datetime, by: User) -> None:
    """An account is put out of use, or back into it."""
    lock(user)
    if not user.is_active:
        keepers.refuse_last_out_of_use(user, at=at, by=by)
        Suspension.objects.get_or_create(user=user, ends_at=None, defaults={"starts_at": at, "by": by})
    for open_one in user.suspensions.filter(ends_at=None) if user.is_active else ():
        open_one.ends_at, open_one.ended_by = at, by
        open_one.save(update_fields=["ends_at", "ended_by"])


def taken(address: str, asking: User, *, but: User) -> str:
    """What to tell who gives an account an address that another has; empty where none has. Whose it is he reads where he may
    see that person."""
    others = User.objects.filter(email__iexact=address).exclude(pk=but.pk)
    if not others.exists():
        return ""
    seen = others.filter(pk__in=queries.governed_people(asking).values("pk")).order_by("username").first()
    whose = f"账号 {seen.username}（{seen.display_name}）" if seen else "一个不归您管的账号"
    return f"{whose}已用这个邮箱，邮箱相同的账号算同一人。"


@transaction.atomic
def declare_one(user: User, other: User, *, at: datetime, by: User, reason: str) -> None:
    """Keep that two accounts are one person's. What they did before stays as it is; from now on each counts for both."""
    _refuse_undeclarable(user, other, by, reason)
    together = user.own_accounts() | other.own_accounts()
    _put_together(together, uuid.uuid4())
    data = {"users": sorted(together), "reason": reason.strip()}
    events.record(
        DECLARED_ONE,
        f"登记 {user.pk} 号和 {other.pk} 号账号为同一人的账号",
        at=at,
        by=by,
        data=data,
    )


@transaction.atomic
def declare_apart(user: User, *, at: datetime, by: User, reason: str) -> None:
    """Take an account out of those it was declared to be one with."""
    reasons.refuse(reason, "写明理由，不能留空。")
    user.refresh_from_db(fields=["one_person"])
    if by.pk in user.own_accounts():
        raise Refused("不能办理自己的账号。由另一位授权管理员办理。")
    if user.one_person is None:
        raise Refused(f"{user.username} 没有登记与别的账号是同一人。")
    _put_together({user.pk}, None)
    data = {"users": [user.pk], "reason": reason.strip()}
    events.record(DECLARED_APART, f"解除 {user.pk} 号账号的同一人登记", at=at, by=by, data=data)


def _refuse_undeclarable(user: User, other: User, by: User, reason: str) -> None:
    reasons.refuse(reason, "写明怎么知道是同一人，不能留空。")
    if user == other:
        raise Refused("写的是这个账号自己。写另一个账号的登录名。")
    if other.pk in user.own_accounts() and user.one_person:
        raise Refused(f"{user.username} 与 {other.username} 已登记为同一人，不用再登记。")


def _put_together(accounts: set[int], one_person: uuid.UUID | None) -> None:
    for account in User.objects.select_for_update(no_key=True).filter(pk__in=accounts).order_by("pk"):
        account.one_person = one_person
        account.save(update_fields=["one_person"])


@transaction.atomic
def send_password_link(user: User, base_url: str, *, at: datetime) -> str:
    """Write to a new person how to set a password; the link is returned so that it can be handed over otherwise."""
    letters.welcome(user, base_url, at)
    return links.set_password(user, base_url)


@transaction.atomic
def note_new_password(user: User, *, at: datetime, but: str | None = None) -> None:
    """The person has set a new one: what is logged in elsewhere, but for the session with that key, ends."""
    events.record("password_set", "设置新密码", at=at, by=user, data={"user": user.pk})
    sessions.end_all(user, why="password_set", at=at, by=user, but=but)
    letters.own_act(letters.PASSWORD_SET, user, at)
