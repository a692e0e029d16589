"""Writes that a unit leaves a list, for `providers.registry` alone: it and all that stands under it, at one moment."""

from collections import Counter
from datetime import datetime

from providers import queries
from providers.models import CatalogueVersion, Partnership, Registration, RegistrationEntry
from providers.snapshots import Difference, departure


def carry_out(registration: Registration, *, moment: datetime) -> tuple[list[Difference], Counter[str]]:
    """What was written, and by what the list has shrunk."""
    lines = departure(
        queries.profile(registration.organisation, moment), queries.snapshot(registration, moment)
    )
    ended = {
        "partners": Partnership.objects.current().filter(entry__registration=registration),
        "items": CatalogueVersion.objects.current().filter(item__registration=registration),
        "entries": RegistrationEntry.objects.current().filter(registration=registration),
        "units": Registration.objects.current().filter(pk=registration.pk),
    }
    shrunk: Counter[str] = Counter()
    for counted, rows in ended.items():
        for row in rows:
            row.valid_to = moment
            row.save(update_fields=["valid_to"])
            shrunk[counted] -= 1
    registration.valid_to = moment
    return lines, shrunk
