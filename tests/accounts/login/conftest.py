"""Who has a second factor, and what his phone shows. The machine's time is held or moved: codes, lock-outs and cookies know no
other."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.login import second
from accounts.models import User
from tests.accounts.conftest import PASSWORD

HOME, OUTSIDE = "203.0.113.7", "198.51.100.9"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def machine() -> Iterator[Any]:
    """The machine's clock stands; `machine.shift(seconds)` moves it."""
    with time_machine.travel(datetime(2026, 9, 17, 2, 30, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def now_code() -> Callable[[], str]:
    """What the phone shows."""
    return lambda: second.code_at(SECRET, datetime.now(UTC).timestamp())


@pytest.fixture
def with_phone(at, machine, now_code) -> Callable[[User], list[str]]:
    """Somebody sets the second factor up; his recovery codes. Half a minute later the phone shows another code."""

    def set_up(user: User) -> list[str]:
        codes = second.set_up(user, SECRET, now_code(), at=at, session=None)
        machine.shift(second.STEP)
        return codes

    return set_up


def first_step(client: Client, user: User, password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/login/", {"username": user.username, "password": password}, **more)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
