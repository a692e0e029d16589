"""A list of as many units as a test needs, and a case of each."""

from datetime import date
from typing import Any

from django.db import transaction

from cases import engine
from cases.models import Batch, Case
from cities.models import Programme
from cities.queries import procedure_in_force
from providers import registry
from providers.listed import ListedUnit
from providers.models import Registration
from tests.conftest import NOW, PARTNERS, at, review, submitted
from tests.providers.codes import code
from tests.remembered import remembered


@remembered
def enter_units(programme: Programme, number: int) -> list[Registration]:
    """A list of this many units, all in the second industry, with nobody behind them."""
    industry = programme.industries.order_by("order")[1]
    units = [
        ListedUnit(
            code(500 + one),
            f"示例{one:03d}有限公司",
            entered_on=date(2023, 12, 15),
            entries=(("lead_unit", industry.key),),
        )
        for one in range(number)
    ]
    with transaction.atomic():
        registry.enter(registry.lock(programme), units, at=at("2024-01-10 09:00"))
    return list(Registration.objects.filter(programme=programme).order_by("organisation__credit_code"))


def item(number: int) -> tuple[str, dict[str, Any]]:
    return "add_item", {"item_code": f"P-{number:04d}", "item_name": f"产品 {number}"}


def partner(registration: Registration, key: str = "shared") -> tuple[str, dict[str, Any]]:
    industry = registration.entries.get().industry
    code_, name = PARTNERS[key]
    return "add_partner", {"industry": industry, "partner_code": code_, "partner_name": name}


def file(apply: Any, registration: Registration, by: Any, operation: Any, moment: Any = NOW) -> Case:
    case = apply(registration, by, [operation], channel="paper", received_on=moment.date(), moment=moment)
    return submitted(case, by=by, at=moment)


def filed(apply: Any, programme: Programme, number: int, clerk: Any) -> list[Case]:
    units = enter_units(programme, number)
    return [file(apply, unit, clerk, item(place)) for place, unit in enumerate(units)]


def approved(cases: list[Case], clerk: Any, decider: Any) -> list[Case]:
    return [review(case, clerk, decider, NOW) for case in cases]


def fresh(cases: list[Case]) -> list[Case]:
    return [engine.load(case.pk) for case in cases]


def procedure_of(programme: Programme) -> Any:
    return procedure_in_force(programme, "partner_change", NOW)


def batch_of(case: Case) -> Batch | None:
    return engine.load(case.pk).batch
