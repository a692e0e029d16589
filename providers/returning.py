"""Writes that a unit comes back to a list from which it was removed in error, for `providers.registry` alone: a registration that
goes on from the one that ended, with all that stood under that, at one moment."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from providers import queries
from providers.models import (
    CatalogueItem,
    CatalogueVersion,
    Partnership,
    Registration,
    RegistrationEntry,
    Removal,
)
from providers.operations import Action, ListOperation
from providers.rows import create
from providers.snapshots import Difference, after, differences
from records.words import full_moment

RESTORING = ListOperation(Action.RESTORE_UNIT)


def can_come_back() -> Q:
    """Of registrations: removed, and nothing has come after it."""
    removed = Removal.objects.filter(registration=OuterRef("pk"), lifted_at__isnull=True)
    own = {"programme": OuterRef("programme"), "organisation": OuterRef("organisation")}
    later = Registration.objects.filter(**own, valid_from__gte=OuterRef("valid_to"))
    return Q(Exists(removed), valid_to__isnull=False) & ~Q(Exists(later))


def why_not(registration: Registration) -> str:
    """Why a registration cannot be taken up again; empty where it can."""
    unit = registration.organisation
    if registration.valid_to is None:
        return f"{unit}在名单内，没有要恢复的"
    own = Registration.objects.filter(programme=registration.programme_id, organisation=unit)
    again = own.filter(valid_from__gte=registration.valid_to).order_by("valid_from").first()
    if again:
        return f"{unit}已于 {full_moment(again.valid_from)} 再次列入名单，不能恢复原来的入库"
    if not registration.removals.filter(lifted_at__isnull=True).exists():
        return f"{unit}没有移出的记录，不能恢复"
    return ""


def carry_out(
    registration: Registration, *, moment: datetime, at: datetime
) -> tuple[Registration, list[Difference]]:
    """What goes on from now, and what was written."""
    before = queries.state(registration, [RESTORING], moment)
    dated = {"valid_from": moment, "recorded_at": at}
    restored = Registration.objects.create(
        programme=registration.programme,
        organisation=registration.organisation,
        entered_on=registration.entered_on,
        district=registration.district,
        continues=registration,
        **dated,
    )
    _write_entries(registration, restored, dated)
    _write_items(registration, restored, dated)
    return restored, differences(before, after(before, [RESTORING]))


def _write_entries(was: Registration, now: Registration, dated: dict[str, Any]) -> None:
    """With those who stood behind each."""
    ended = list(was.entries.filter(valid_to=was.valid_to).select_related("industry").order_by("pk"))
    written = create(
        RegistrationEntry,
        [
            RegistrationEntry(registration=now, category=one.category, industry=one.industry, **dated)
            for one in ended
        ],
    )
    entries = dict(zip((one.pk for one in ended), written, strict=True))
    behind = Partnership.objects.filter(entry__in=ended, valid_to=was.valid_to).select_related("organisation")
    create(
        Partnership,
        [
            Partnership(entry=entries[one.entry_id], organisation=one.organisation, **dated)
            for one in behind.order_by("pk")
        ],
    )


def _write_items(was: Registration, now: Registration, dated: dict[str, Any]) -> None:
    ended = list(
        CatalogueVersion.objects.filter(item__registration=was, valid_to=was.valid_to)
        .annotate(code=F("item__code"))
        .order_by("pk")
    )
    items = create(CatalogueItem, [CatalogueItem(registration=now, code=one.code) for one in ended])
    create(
        CatalogueVersion,
        [
            CatalogueVersion(item=item, name=one.name, price=one.price, summary=one.summary, **dated)
            for item, one in zip(items, ended, strict=True)
        ],
    )
