"""What the rules themselves cost, which has no sizes."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.test.utils import override_settings

from bench import databases, pages
from cities.calendar.loading import seed
from cities.models import Procedure
from cities.queries import limits_of
from cities.rulebooks.describe import citation
from cities.rulebooks.load import load
from records import clock


def measure(sizes: list[int], rounds: int) -> dict[str, Any]:
    """All rulebooks from nothing, then what is asked of them."""
    files = sorted((Path(settings.BASE_DIR) / "fixtures/rulebooks").glob("*.yaml"))
    with databases.fresh(f"portal_bench_{os.getpid()}_rules"):
        call_command("migrate", interactive=False, verbosity=0)
        seed(clock.now())
        one = _seconds(lambda: load(files[:1], at=clock.now()))
        alone = _figures(rounds)
        rest = _seconds(lambda: load(files[1:], at=clock.now()))
        return {"load": one + rest, "rulebooks": len(files), "one": alone, "all": _figures(rounds)}


@override_settings(ROOT_URLCONF="bench.urls")
def _figures(rounds: int) -> dict[str, dict[str, float]]:
    asked = _asked()
    seconds = pages.medians(asked, rounds)
    return {name: {"queries": pages.queries(ask), "seconds": seconds[name]} for name, ask in asked.items()}


def _asked() -> dict[str, Callable[[], object]]:
    public, now = Client(SERVER_NAME="127.0.0.1"), clock.now()
    procedure = Procedure.objects.select_related("rulebook__programme").get(
        kind="partner_change", rulebook__programme=_first()
    )

    def look_up() -> None:
        citation(limits_of(procedure, now)["changes_per_window"])

    return {
        "empty view": pages.get(public, "/empty/"),
        "a rule with its citation": look_up,
        "rules of a programme": pages.get(public, f"/rules/{_first().slug}/"),
        "comparison": pages.get(public, "/rules/compare/"),
        "comparison as CSV": pages.get(public, "/rules/compare.csv"),
    }


def _first() -> Any:
    return Procedure.objects.filter(kind="partner_change").order_by("pk")[0].rulebook.programme


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
