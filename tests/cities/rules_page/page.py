"""What these tests share."""

from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cities import decisions
from cities.models import Rulebook
from tests.conftest import at

DONGGUAN = Path(__file__).parents[3] / "fixtures/rulebooks/dongguan-lead-units.yaml"

AT = at("2026-09-17 10:32")


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def decide(rulebook: Rulebook, place: str, one: Any, two: Any, *, choose: str = "", day: Any = AT) -> None:
    """The first matter of a row: seven days, or what is chosen."""
    matter = next(m for m in decisions.matters(rulebook, day) if m.place == place)
    value, wording = (
        decisions.span_value(7, "calendar", "next", "none")
        if matter.is_value
        else decisions.chosen(matter, choose)
    )
    made = decisions.propose(
        rulebook.programme,
        matter,
        value=value,
        wording=wording,
        basis="示例纪要第 1 号",
        decided_on=day.date(),
        effective_from=day.date(),
        by=one,
        at=day,
    )
    decisions.confirm(made, by=two, at=day)


def row_of(response: Any, words: str) -> Any:
    rows = [row for article in response.context["articles"] for row in article.rows]
    return next(row for row in rows if row.words.startswith(words))
