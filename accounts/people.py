"""Persons: entered once, never deleted, only put out of use."""

import secrets
from datetime import datetime

from django.contrib.admin.utils import label_for_field
from django.db import transaction

from accounts import letters, links
from accounts.login import sessions
from accounts.models import User
from records import events


@transaction.atomic
def create(
    username: str, full_name: str, email: str, password: str = "", *, at: datetime, by: User | None
) -> User:
    """Enter a person who holds nothing yet. Without a password nobody knows it: the person sets one by link."""
    user = User(username=username, full_name=full_name, email=email)
    user.set_password(password or secrets.token_urlsafe(32))
    user.save()
    events.record(
        "person_created", f"建立账号：{user.display_name}", at=at, by=by or user, data={"user": user.pk}
    )
    return user


@transaction.atomic
def alter(user: User, changed: list[str], *, at: datetime, by: User) -> User:
    """Keep what a form changed in a person; the event names the fields, never what stood in them."""
    user.save(update_fields=changed)
    what = "、".join(str(label_for_field(name, User)) for name in changed)
    data = {"user": user.pk, "changed": changed, "is_active": user.is_active}
    events.record("person_altered", f"修改账号 {user.display_name}：{what}", at=at, by=by, data=data)
    return user


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
