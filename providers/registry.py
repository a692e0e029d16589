"""The only writer of the registry.

Everything one edition changes carries one moment, later than the moment of the edition before: a row that ends and
the row that follows it meet there.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from cities.models import District, Programme
from providers import chain, credit_code, entering, listed, queries, wording
from providers.listed import ListedUnit
from providers.models import (
    CatalogueItem,
    CatalogueVersion,
    ListEdition,
    Organisation,
    OrganisationProfile,
    Partnership,
    Register,
    Registration,
)
from providers.operations import ListOperation
from providers.snapshots import Difference, StaleOperation, after, differences, tally


class AlreadyListed(Exception):
    """A list can be entered only where there is none yet."""


def lock(programme: Programme) -> Register:
    """Hold the programme's list until the transaction ends; must be taken first and inside one."""
    Register.objects.get_or_create(programme=programme)
    return Register.objects.select_for_update().get(programme=programme)


def moment(register: Register, at: datetime) -> datetime:
    """Now, or just after the last edition where the clock stood still or went back."""
    if register.last_moment is None or at > register.last_moment:
        return at
    return register.last_moment + timedelta(microseconds=1)


def publish(
    register: Register,
    registration: Registration,
    operations: Iterable[ListOperation],
    *,
    at: datetime,
    kind: str,
    label: str = "",
) -> ListEdition:
    """Carry out a change under the lock and number the edition; `label` comes before its summary.

    Raises StaleOperation, before anything is written, when the list no longer is what the operations were meant for.
    """
    operations, published_at = list(operations), moment(register, at)
    _refuse_ended(registration)
    before = queries.snapshot(registration, published_at)
    change = _Change(registration, operations, moment=published_at, at=at)
    for line in differences(before, after(before, operations)):
        change.carry_out(line)
    written = differences(before, queries.snapshot(registration, published_at))
    unit = {"code": registration.organisation.credit_code, "name": registration.organisation.name}
    return _number(
        register,
        published_at,
        kind=kind,
        summary="：".join(filter(None, [label, tally(written, register.programme.partner_term)])),
        changes=[{"unit": unit, "differences": written}],
    )


def enter(
    register: Register, units: Iterable[ListedUnit], *, at: datetime, published_at: datetime | None = None
) -> ListEdition:
    """Make an existing list edition 1, as of the moment it was published elsewhere; its digest is that of the list."""
    if register.last_number:
        raise AlreadyListed(f"{register.programme}已有名单，到第 {register.last_number} 版")
    units, published_at = list(units), published_at or at
    entering.write(register.programme, units, moment=published_at, at=at)
    counts = queries.counts(register.programme, published_at)
    return _number(
        register,
        published_at,
        kind=ListEdition.Kind.IMPORT,
        summary=f"导入 {wording.size(register.programme, counts)}",
        changes=[],
        digest=listed.digest(units),
    )


def set_district(
    register: Register, registration: Registration, district: District | None
) -> District | None:
    """Say under the lock to which district of the city a unit belongs; what it was before is returned."""
    if district and district.city_id != register.programme.city_id:
        raise ValueError(f"{district} is not a district of {register.programme.city}")
    row = Registration.objects.select_related("district").get(
        pk=registration.pk, programme=register.programme
    )
    before = row.district
    if before != district:
        row.district = district
        row.save()
    return before


def _refuse_ended(registration: Registration) -> None:
    if not Registration.objects.current().filter(pk=registration.pk).exists():
        raise StaleOperation(f"{registration.organisation}已不在名单，不能变更")


def _number(
    register: Register,
    published_at: datetime,
    *,
    kind: str,
    summary: str,
    changes: list[Any],
    digest: str = "",
) -> ListEdition:
    """Editions are chained: each digest covers the one before, so none can be altered without all that follow."""
    last = register.programme.editions.filter(number=register.last_number).first()
    number = register.last_number + 1
    edition = ListEdition(
        programme=register.programme,
        number=number,
        published_at=published_at,
        kind=kind,
        summary=summary[:200],
        changes=changes,
        counts=queries.counts(register.programme, published_at),
    )
    edition.digest = digest or chain.digest(last.digest if last else "", edition)
    edition.save()
    register.last_number, register.last_moment = number, published_at
    register.save()
    return edition


class _Change:
    """Writes the rows of one registration's change, all with one moment."""

    def __init__(
        self, registration: Registration, operations: list[ListOperation], *, moment: datetime, at: datetime
    ) -> None:
        self.registration = registration
        self.notes = {
            operation.partner_code: operation.note for operation in operations if operation.partner_code
        }
        self.moment = moment
        self.dated = {"valid_from": moment, "recorded_at": at}

    def carry_out(self, line: Difference) -> None:
        if line["mark"] in ("end", "edit"):
            self._end(line)
        if line["mark"] in ("add", "edit"):
            self._add(line)

    def _end(self, line: Difference) -> None:
        for row in self._partnerships(line) if line["subject"] == "partner" else self._versions(line):
            row.valid_to = self.moment
            row.save()

    def _add(self, line: Difference) -> None:
        facts: Any = line["after"]
        if line["subject"] == "item":
            item, _ = CatalogueItem.objects.get_or_create(registration=self.registration, code=line["code"])
            words = {"name": facts["name"], "price": facts["price"], "summary": facts["summary"]}
            CatalogueVersion.objects.create(item=item, **words, **self.dated)
        else:
            entries = self.registration.entries.current().filter(industry__key=line["industry"])
            partner = self._organisation(line["code"], facts["name"])
            Partnership.objects.create(entry=entries.order_by("pk")[0], organisation=partner, **self.dated)

    def _partnerships(self, line: Difference) -> Any:
        return Partnership.objects.current().filter(
            entry__registration=self.registration,
            entry__industry__key=line["industry"],
            organisation__credit_code=line["code"],
        )

    def _versions(self, line: Difference) -> Any:
        return CatalogueVersion.objects.current().filter(
            item__registration=self.registration, item__code=line["code"]
        )

    def _organisation(self, code: str, name: str) -> Organisation:
        """The one of that code, under the name it has; a new one takes the name the change gives it."""
        override = self.notes.get(code, "") if credit_code.check_digit_fails(code) else ""
        organisation, is_new = Organisation.objects.get_or_create(
            credit_code=code, defaults={"name": name, "code_override": override}
        )
        if is_new:
            OrganisationProfile.objects.create(organisation=organisation, name=name, **self.dated)
        return organisation
