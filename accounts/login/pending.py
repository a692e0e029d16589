"""Between the first step and the second: the password was right, nobody is logged in."""

from dataclasses import dataclass
from time import time

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts.models import User

KEY = "pending_login"
SECONDS = 10 * 60


@dataclass(frozen=True)
class Pending:
    user: User
    onward: str


def begin(request: HttpRequest, user: User, onward: str) -> None:
    """Whoever was logged in here before is not any more."""
    request.session.flush()
    request.session[KEY] = {
        "user": user.pk,
        "password": user.get_session_auth_hash(),
        "since": time(),
        "onward": onward,
    }


def end(request: HttpRequest) -> None:
    del request.session[KEY]


def of(request: HttpRequest) -> Pending | None:
    """Who may take the second step; nobody after ten minutes, or when the password is another by then."""
    held = request.session.get(KEY)
    if not held or time() - held["since"] >= SECONDS:
        return None
    user = User.objects.filter(pk=held["user"], is_active=True).first()
    if user is None or not constant_time_compare(held["password"], user.get_session_auth_hash()):
        return None
    return Pending(user, held["onward"])
