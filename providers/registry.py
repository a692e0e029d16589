"""The only writer of the registry.

Everything one edition changes carries one moment, later than the moment of the edition before: a row that ends and
the row that follows it meet there.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from cities.models import District, Programme
from providers import along, chain, entering, leaving, listed, mending, queries, returning, wording
from providers.changing import Change
from providers.listed import ListedUnit
from providers.models import Erratum, ListEdition, Register, Registration
from providers.operations import ListOperation
from providers.snapshots import Difference, Snapshot, StaleOperation, after, differences, tally


class AlreadyListed(Exception):
    """A list can be entered only where there is none yet."""


def lock(programme: Programme) -> Register:
    """Hold the programme's list until the transaction ends; must be taken first and inside one."""
    register, _ = Register.objects.select_for_update().get_or_create(programme=programme)
    register.programme = programme
    return register


def lock_of(programme_id: int) -> Register:
    """The same for whoever knows the programme's key; the programme comes with it."""
    rows = Register.objects.select_for_update(of=("self",)).select_related("programme__city")
    found = rows.filter(pk=programme_id).first()
    return found or lock(Programme.objects.select_related("city").get(pk=programme_id))


def moment(register: Register, at: datetime) -> datetime:
    """Now, or just after the last edition where the clock stood still or went back."""
    if register.last_moment is None or at > register.last_moment:
        return at
    return register.last_moment + timedelta(microseconds=1)


class Draft:
    """An edition in the making, under the lock: the changes of one or several units, published together at one moment."""

    def __init__(self, register: Register, *, at: datetime, kind: str) -> None:
        self.register, self.at, self.kind = register, at, kind
        self.moment = moment(register, at)
        self.changes: list[dict[str, Any]] = []
        self.errata: list[Erratum] = []
        self.grown_by: Counter[str] = Counter()
        self.recounts = False  # the units of each industry are not added up along the way

    @property
    def units(self) -> int:
        """How many it changes so far."""
        return len({change["unit"]["code"] for change in self.changes})

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is done inside stands or falls together: of what raises nothing is left, here and in the tables."""
        kept, errata, grown_by = len(self.changes), len(self.errata), self.grown_by.copy()
        try:
            with transaction.atomic():
                yield
        except BaseException:
            del self.changes[kept:], self.errata[errata:]
            self.grown_by = grown_by
            raise

    def change(
        self, registration: Registration, operations: Iterable[ListOperation], before: Snapshot | None = None
    ) -> None:
        """Raises StaleOperation, before anything is written, when the list no longer is what the operations were meant for.
        Whoever has read the unit and its list under this lock, as of the draft's moment, hands both over."""
        self._carry_out(registration, list(operations), before)

    def correct(
        self,
        registration: Registration,
        operations: Iterable[ListOperation],
        before: Snapshot | None = None,
        *,
        corrects: ListEdition,
        reason: str,
    ) -> None:
        """The same, as an erratum: which edition was wrong, and in what. A name put right is put right of every unit of the
        list behind which that organisation stands, each with the edition that first had it wrong there."""
        operations = list(operations)
        others = along.of(registration, operations, self.moment)
        self._carry_out(registration, operations, before)
        self._note(registration, corrects, reason)
        for one in others:
            self._keep(one.registration, one.differences)
            if one.corrects:
                self._note(one.registration, one.corrects, one.reason)

    def end(self, registration: Registration) -> None:
        """The unit leaves the list, with all that stands under it there. Raises StaleOperation where it has left already."""
        _refuse_ended(registration, is_fresh=False)
        written, shrunk = leaving.carry_out(registration, moment=self.moment)
        self._keep(registration, written)
        self.grown_by.update(shrunk)
        self.recounts = True

    def restore(self, registration: Registration, *, corrects: ListEdition, reason: str) -> Registration:
        """As an erratum: a unit that left comes back with all that stood under it then. What says that it was gone stays, and what
        begins now is returned. Raises StaleOperation where it cannot come back."""
        row = Registration.objects.select_related("organisation", "programme").get(pk=registration.pk)
        if why := returning.why_not(row):
            raise StaleOperation(why)
        restored, written = returning.carry_out(row, moment=self.moment, at=self.at)
        self._keep(row, written)
        self._note(row, corrects, reason)
        self.recounts = True
        return restored

    def _note(self, registration: Registration, corrects: ListEdition, reason: str) -> None:
        """What was wrong in what was kept last."""
        self.changes[-1] |= {"corrects": corrects.number, "reason": reason}
        self.errata.append(Erratum(corrects=corrects, registration=registration, reason=reason))

    def _carry_out(
        self, registration: Registration, operations: list[ListOperation], before: Snapshot | None
    ) -> None:
        _refuse_ended(registration, is_fresh=before is not None)
        before = before or queries.state(registration, operations, self.moment)
        change = Change(registration, operations, moment=self.moment, at=self.at)
        written = change.carry_out(differences(before, after(before, operations)))
        if mending.carry_out(registration, operations, moment=self.moment, at=self.at):
            written = differences(before, queries.state(registration, operations, self.moment))
        self._keep(registration, written)
        self.grown_by.update(change.grown_by)

    def _keep(self, registration: Registration, written: list[Difference]) -> None:
        unit = {"code": registration.organisation.credit_code, "name": registration.organisation.name}
        self.changes.append({"unit": unit, "differences": written})

    def number(self, label: str = "") -> ListEdition:
        """Make it an edition; `label` comes before its summary."""
        written = [line for change in self.changes for line in change["differences"]]
        counted = tally(written, self.register.programme.partner_term)
        corrected = sorted({one.corrects.number for one in self.errata})
        told = f"更正第 {'、'.join(map(str, corrected))} 版，" if corrected else ""
        edition = _number(
            self.register,
            self.moment,
            kind=self.kind,
            summary="：".join(filter(None, [label, f"{told}{counted}"])),
            changes=self.changes,
            grown_by=None if self.recounts else self.grown_by,
        )
        for erratum in self.errata:
            erratum.edition = edition
        Erratum.objects.bulk_create(self.errata)
        return edition


def publish(
    register: Register,
    registration: Registration,
    operations: Iterable[ListOperation],
    *,
    at: datetime,
    kind: str,
    label: str = "",
) -> ListEdition:
    """Carry out the change of one unit under the lock and number the edition."""
    draft = Draft(register, at=at, kind=kind)
    draft.change(registration, operations)
    return draft.number(label)


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


def _refuse_ended(registration: Registration, *, is_fresh: bool) -> None:
    row = registration if is_fresh else Registration.objects.get(pk=registration.pk)
    if row.valid_to:
        raise StaleOperation(f"{registration.organisation}已不在名单，不能变更")


def _number(
    register: Register,
    published_at: datetime,
    *,
    kind: str,
    summary: str,
    changes: list[Any],
    digest: str = "",
    grown_by: Counter[str] | None = None,
) -> ListEdition:
    """Editions are chained: each digest covers the one before, so none can be altered without all that follow. With what
    the list has grown by since the last one nothing need be counted, however long it is."""
    last = _last(register)
    number = register.last_number + 1
    edition = ListEdition(
        programme=register.programme,
        number=number,
        published_at=published_at,
        kind=kind,
        summary=summary[:200],
        changes=changes,
        counts=_counts(register.programme, published_at, last, grown_by),
    )
    edition.digest = digest or chain.digest(last["digest"] if last else "", edition)
    edition.save()
    register.last_number, register.last_moment = number, published_at
    register.save()
    return edition


def _last(register: Register) -> Any:
    """Of the last edition what the next one needs; what it changed may be long."""
    rows = ListEdition.objects.filter(programme=register.programme, number=register.last_number)
    return rows.order_by("pk").values("digest", "counts").first()


def _counts(
    programme: Programme, published_at: datetime, last: Any, grown_by: Counter[str] | None
) -> dict[str, Any]:
    if last is None or grown_by is None:
        return queries.counts(programme, published_at)
    counts = last["counts"]
    return {**counts, **{what: counts[what] + number for what, number in grown_by.items()}}
