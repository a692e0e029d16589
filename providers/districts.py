"""Recording which district a unit belongs to. It is no change of the list and makes no edition."""

from datetime import datetime
from typing import Any

from django.db import transaction

from cities.models import District
from providers import registry
from providers.models import Registration
from records import events


@transaction.atomic
def record(registration: Registration, district: District | None, *, by: Any, at: datetime) -> None:
    """Raises ValueError for a district of another city."""
    register = registry.lock(registration.programme)
    before = registry.set_district(register, registration, district)
    if before == district:
        return
    events.record(
        "district",
        f"登记所属区市：{district.name if district else '无'}" + (f"，原为{before.name}" if before else ""),
        at=at,
        by=by,
        data={"registration": registration.pk, "district": district.pk if district else None},
        city=registration.programme.city,
        programme=registration.programme,
        organisation=registration.organisation,
    )
