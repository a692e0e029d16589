"""Two sweeps at once, each a process of its own, and fifty cases at once, each in a thread of its own; on the kind of database that this run of the suite has."""

import sqlite3
from contextlib import ExitStack, suppress
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from bench import copies
from cases.models import Case
from changes.models import Operation
from providers import registry
from providers.listed import ListedPartner, ListedUnit
from providers.models import Registration
from records import clock
from tests.conftest import add, at
from tests.providers.codes import code
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


PARTNER = (code(500), "虚构抢手技术有限公司")


@pytest.fixture
def fifty(programme, apply, clerk, decider) -> None:
    """Fifty units that each want the same partner, who may stand behind one more; all due at the same moment."""
    food = programme.industries.get(key="food-beverage")
    units = [
        ListedUnit(
            code(number),
            f"示例{number}号有限公司",
            entered_on=date(2023, 12, 15),
            entries=(("lead_unit", food.key),),
            partners=() if number else (ListedPartner(food.key, *PARTNER),),
        )
        for number in range(51)
    ]
    with transaction.atomic():
        registry.enter(registry.lock(programme), units, at=at("2024-01-10 09:00"))
    _, first, *others = Registration.objects.order_by("pk")
    wanted = {"partner_code": PARTNER[0], "partner_name": PARTNER[1]}
    action = Operation.Action.ADD_PARTNER
    case = show(apply, first, (action, {"industry": food, **wanted}), clerk, decider)
    copies.repeat(case, others, lambda *_: [{"action": action, "industry": food.key, **wanted}])


def test_one_of_fifty_gets_the_last_place(fifty, settings, tmp_path, url):
    mine = hand_over(url)
    variables = clean_environment(
        DATABASE_URL=url,
        PORTAL_VAR=str(tmp_path / "var"),
        DJANGO_SETTINGS_MODULE="portal.settings",
    )

    command = f"python -m tests.cases.racing {CLOSES.isoformat()}"
    with running(command, variables, tmp_path / "log") as race:
        race.wait_for("racing")
        mine.commit()
        race.wait_for("done", 120)

    def ask(question: str) -> list[Any]:
        return [tuple(row) for row in mine.execute(question).fetchall()]

    assert "50 done" in race.output
    assert sorted(ask("SELECT result, count(*) FROM cases_case GROUP BY result")) == [
        ("", 49),
        ("published", 1),
    ]
    told = ask("SELECT verb, count(*) FROM records_event WHERE verb LIKE 'publication.%' GROUP BY verb")
    assert sorted(told) == [("publication.failed", 49), ("publication.published", 1)]
    assert ask("SELECT count(*) FROM providers_partnership WHERE valid_to IS NULL") == [(2,)]
    assert ask("SELECT number FROM providers_listedition ORDER BY number") == [(1,), (2,)]
    losers = ask("SELECT DISTINCT attention FROM cases_case WHERE result = ''")
    assert len(losers) == 1
    assert "在食品饮料行业已是 2 家牵引单位的合作伙伴，不超过 2 家" in losers[0][0]
    mine.close()
