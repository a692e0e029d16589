"""Two sweeps at once, each a process of its own, on the kind of database that this run of the suite has."""

import sqlite3
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from cases.models import Case
from records import clock
from tests.conftest import add
from tests.races import CLOSES, database_url, show
from tests.servers import clean_environment, running, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The test database's; SQLite's lives in memory, so that a copy of it in a file is what processes get."""
    return database_url() if connection.vendor == "postgresql" else f"sqlite:///{tmp_path / 'portal.sqlite3'}"


def hand_over(url: str) -> Any:
    """A connection to what the processes get, which holds whatever they need for writing until it is told to commit."""
    if connection.vendor == "postgresql":
        mine: Any = psycopg.connect(url)
        mine.execute("SELECT * FROM providers_register FOR UPDATE")
        return mine
    mine = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    connection.connection.backup(mine)
    mine.execute("PRAGMA journal_mode=WAL")
    mine.execute("BEGIN IMMEDIATE")
    return mine


def has_begun(pid: int) -> bool:
    """It talks to the database: by a socket to the server, or with the file open."""
    opened = []
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed again meanwhile
            opened.append(str(descriptor.readlink()))
    return any(name.startswith("socket:") or name.endswith(".sqlite3") for name in opened)


def test_one_of_two_rivals_wins_whichever_process_comes_to_it(
    registration, third, apply, clerk, decider, settings, tmp_path, url
):
    for unit in (registration, third):
        show(apply, unit, add("shared", unit, "food-beverage"), clerk, decider)
    settings.CLOCK_FILE = tmp_path / "clock.json"
    clock.shift_to(CLOSES)
    mine = hand_over(url)
    variables = clean_environment(
        DATABASE_URL=url, PORTAL_VAR=str(tmp_path / "var"), PORTAL_CLOCK_FILE=str(settings.CLOCK_FILE)
    )

    with ExitStack() as stack:
        both = [
            stack.enter_context(running("python manage.py sweep", variables, tmp_path / f"log{number}"))
            for number in range(2)
        ]
        for one in both:
            wait_until(lambda one=one: has_begun(one.process.pid), 30, lambda one=one: one.output)
        mine.commit()
        ended = [one.process.wait(60) for one in both]

    assert ended == [0, 0], [one.output for one in both]
    results = mine.execute("SELECT number, result, edition_id IS NULL FROM cases_case ORDER BY number")
    assert [(number, result, bool(none)) for number, result, none in results.fetchall()] == [
        ("DG-2026-0001", Case.Result.PUBLISHED, False),
        ("DG-2026-0002", Case.Result.NONE, True),
    ]
    editions = mine.execute("SELECT number FROM providers_listedition ORDER BY number")
    assert [number for (number,) in editions.fetchall()] == [1, 2]
    mine.close()
