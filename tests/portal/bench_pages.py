"""Not a test: how long the three long pages take, and with how many queries, as the registry grows. `make bench` runs it."""

import statistics
import time
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path
from stdnum.cn import uscc

from accounts import roles
from cases import steps
from cases.models import Case
from cities.models import Programme
from portal.urls import urlpatterns as all_addresses
from providers import registry
from providers.listed import ListedUnit
from providers.models import Registration
from publicity import steps as publicity_steps
from publicity.models import PublicityPeriod
from tests.conftest import NOW, at, office, review

SHOWN = at("2026-09-28 10:00")
ROUNDS = 15


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [path("empty/", empty), *all_addresses]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("size", [1, 100, 10_000])
def test_pages_with_registrations(
    programme: Programme,
    apply: Callable[..., Case],
    clerk: Any,
    decider: Any,
    client: Client,
    stopped_clock: Any,
    size: int,
):
    grow(programme, apply, clerk, decider, size)
    stopped_clock(SHOWN)
    client.force_login(clerk)
    pages = {
        "empty view": "/empty/",
        "list": f"/lists/{programme.slug}/",
        "board": "/publicity/",
        "worklist": "/admin/cases/case/",
    }

    print(f"\n{size:>6} registrations    queries   median")
    for name, address in pages.items():
        queries, seconds = measured(client, address)
        print(f"       {name:<16} {queries:>7} {seconds * 1000:>7.1f} ms")


def measured(client: Client, address: str) -> tuple[int, float]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    count = len(queries)  # now: the next request empties the log that it looks into
    spans = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        client.get(address)
        spans.append(time.perf_counter() - began)
    return count, statistics.median(spans)


def grow(programme: Programme, apply: Callable[..., Case], clerk: Any, decider: Any, size: int) -> None:
    """That many registrations; each has a case, every other one on the desk, the rest in publicity."""
    industry = programme.industries.order_by("order")[0]
    units = [
        ListedUnit(code(n), f"示例单位{n:05}", date(2023, 12, 15), entries=(("lead_unit", industry.key),))
        for n in range(size)
    ]
    registry.enter(registry.lock(programme), units, at=at("2024-01-10 09:00"))
    first, *others = Registration.objects.select_related("organisation").order_by("organisation__name")

    manager = office("manager", "陈办事", roles.PROVIDER_MANAGER, first.organisation)
    case = steps.submit(apply(first, manager), by=manager, at=NOW)
    on_desk = Case.objects.get(pk=case.pk), list(case.deadlines.all())
    publicity_steps.open_period(review(case, clerk, decider, NOW), by=clerk, at=SHOWN)
    case = Case.objects.get(pk=case.pk)
    shown = case, list(case.deadlines.all())
    period = PublicityPeriod.objects.get()

    for chosen, rows in ((others[::2], on_desk), (others[1::2], shown)):
        repeat(chosen, *rows, period if rows is shown else None)


def repeat(
    registrations: list[Registration], case: Case, deadlines: list[Any], period: PublicityPeriod | None
) -> None:
    """The rows of one case once for each of these; written in bulk, because only their number matters here."""
    made: dict[type, list[Any]] = {}

    def again(row: Any, **changed: Any) -> Any:
        values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        values["id"] = uuid.uuid4() if isinstance(row.pk, uuid.UUID) else None
        new = type(row)(**{**values, **changed})
        made.setdefault(type(row), []).append(new)
        return new

    for registration in registrations:
        batch = again(case.batch).pk if case.batch else None
        number = f"{case.number}-{registration.pk}"
        owner = {"organisation_id": registration.organisation_id, "registration_id": registration.pk}
        mine = again(case, number=number, batch_id=batch, **owner).pk
        for deadline in deadlines:
            again(deadline, case_id=mine)
        if period:
            shown = again(period, number=f"{period.number}-{registration.pk}", batch_id=batch).pk
            for item in period.items.all():
                again(item, case_id=mine, period_id=shown)
    for model, rows in made.items():
        model.objects.bulk_create(rows, batch_size=500)  # type: ignore[attr-defined]


def code(number: int) -> str:
    body = f"91990001{number:09}"
    return body + uscc.calc_check_digit(body)
