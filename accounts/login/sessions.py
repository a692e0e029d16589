"""Logged in, for how long, and where else. The times are the machine's: a demonstration's clock that is moved logs nobody out."""

from datetime import UTC, datetime, timedelta
from time import time
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.login import devices
from accounts.login.store import LOGIN
from accounts.models import LoginSession, User
from records import clock, events, throttle

BACKEND = "django.contrib.auth.backends.ModelBackend"
SECOND = "second_factor"
# A row that is over stays so long: what was typed is kept for whose it was.
REMEMBERED = timedelta(days=1)
ENDED = "登录结束"


@transaction.atomic
def enter(request: HttpRequest, user: User, *, second: bool, at: datetime) -> None:
    """Log somebody in whose password, and second factor where there is one, was right."""
    login(request, user, backend=BACKEND)
    request.session[SECOND] = second
    data = {"second_factor": second, "from": throttle.mark_of(request)}
    events.record("logged_in", "登录", at=at, by=user, data=data)


def note_beginning(request: HttpRequest, **kwargs: Any) -> None:
    """Whenever Django logs somebody in."""
    request.session[LOGIN] = {
        "number": uuid4().hex,
        "began": time(),
        "address": throttle.network_of(request)[:45],
        "device": devices.named(request.META.get("HTTP_USER_AGENT", "")),
    }


def note_end(user: Any, **kwargs: Any) -> None:
    """Whenever Django logs somebody out."""
    if isinstance(user, User):
        events.record("logged_out", "退出", at=clock.now(), by=user)


def is_too_old(request: HttpRequest) -> bool:
    """However busy somebody is, after so long the password is asked for again."""
    began = (request.session.get(LOGIN) or {}).get("began", 0)
    return time() - began >= settings.SESSION_ABSOLUTE_SECONDS


def end_too_old(request: HttpRequest, user: User, at: datetime) -> None:
    request.session.flush()
    _record_end(user, "absolute", at=at, by=None)


def current(user: User) -> QuerySet[LoginSession]:
    """Where somebody is logged in now; the latest used first."""
    now = timezone.now()
    oldest = now - timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS)
    return LoginSession.objects.filter(user=user, expire_date__gt=now, began_at__gt=oldest).order_by(
        "-seen_at"
    )


def whose(key: str | None) -> User | None:
    """Who had the session that a cookie names and that is over for lack of a page."""
    if not key:
        return None
    over = LoginSession.objects.filter(session_key=key, expire_date__lte=timezone.now())
    row = over.select_related("user").first()
    return row.user if row else None


def is_gone(key: str) -> bool:
    """Whether the session that a cookie names was ended: whose it was, nobody knows any more."""
    return not LoginSession.objects.filter(session_key=key).exists()


@transaction.atomic
def end(user: User, number: UUID, *, at: datetime) -> bool:
    """End one of somebody's own; whether there was one."""
    ended, _ = LoginSession.objects.filter(user=user, number=number).delete()
    if ended:
        _record_end(user, "by_hand", at=at, by=user)
    return bool(ended)


@transaction.atomic
def end_all(user: User, *, why: str, at: datetime, by: User | None, but: str | None = None) -> int:
    """End everything somebody has open, but for the session with that key; how many there were."""
    ended, _ = LoginSession.objects.filter(user=user).exclude(session_key=but or "").delete()
    if ended:
        _record_end(user, why, at=at, by=by, count=ended)
    return ended


def clear(at: datetime) -> int:
    """Take away what has been over for a day, and say so; how late and how often this runs changes nothing."""
    over = LoginSession.objects.filter(expire_date__lte=timezone.now() - REMEMBERED)
    return sum(_clear(row, at) for row in over.select_related("user").order_by("expire_date"))


@transaction.atomic
def _clear(row: LoginSession, at: datetime) -> bool:
    gone, _ = LoginSession.objects.filter(pk=row.pk, expire_date=row.expire_date).delete()
    if gone and row.user:
        _record_end(row.user, "idle", at=at, by=None)
    return bool(gone)


def shown(moment: datetime) -> datetime:
    """A moment of the machine's as the site's clock has it."""
    return clock.now() - (datetime.now(UTC) - moment)


def _record_end(user: User, why: str, *, at: datetime, by: User | None, count: int = 1) -> None:
    events.record("session_ended", ENDED, at=at, by=by, data={"user": user.pk, "why": why, "count": count})
