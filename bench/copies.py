"""A case that was told through the real steps, once more for other units: rows written in bulk."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import models

from cases.models import Case, CheckRun, Deadline, Decision
from changes.models import Operation
from cities.models import Industry
from providers import registry
from providers.models import ListEdition, Registration
from publicity.models import PublicityItem
from records.models import Event

ROWS_AT_ONCE = 1000
# Fifty thousand units would not fit into the memory as rows.
UNITS_AT_ONCE = 2000

# By the place of a unit among the others, from 1, and the unit: what its application asks for.
Asked = Callable[[int, Registration], list[dict[str, Any]]]


@dataclass
class _Copies:
    """Rows to be written, by model in the order in which they were first made: what is pointed to comes first."""

    made: dict[type[models.Model], list[models.Model]] = field(default_factory=dict)

    def add(self, row: Any, **changed: Any) -> Any:
        values = {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields}
        if "id" in values:
            values["id"] = uuid.uuid4() if isinstance(row.pk, uuid.UUID) else None
        return self.make(type(row), **{**values, **changed})

    def make(self, model: type[models.Model], **values: Any) -> Any:
        made = model(**values)
        self.made.setdefault(model, []).append(made)
        return made

    def write(self) -> None:
        for model, rows in self.made.items():
            model._default_manager.bulk_create(rows, batch_size=ROWS_AT_ONCE)
            rows.clear()


def repeat(case: Case, registrations: Iterable[Registration], asked: Asked | None = None) -> None:
    """The case, its publicity and its edition once more for each of these units.

    With what each asks for the copies can be carried out; without, they only stand there to be counted and shown. What was
    frozen (submission, shown) stays the first one's in either.
    """
    registrations = list(registrations)
    editions = _editions(case, len(registrations)) if case.edition else []
    copies, own = _Copies(), _own_rows(case)
    industries = dict(Industry.objects.filter(programme=case.programme).values_list("key", "pk"))
    item = PublicityItem.objects.select_related("period").filter(case=case).first()
    for n, unit in enumerate(registrations):
        batch = copies.add(case.batch) if case.batch else None
        mine = copies.add(
            case,
            number=f"{case.number}-{unit.pk}",
            organisation_id=unit.organisation_id,
            registration_id=unit.pk,
            batch_id=batch and batch.pk,
            edition_id=editions[n].pk if editions else None,
        )
        for row in own:
            copies.add(row, case_id=mine.pk)
        if asked:
            copies.add(case.partner_change, case_id=mine.pk)
            for order, wanted in enumerate(asked(n + 1, unit)):
                _add_operation(copies, mine, wanted, industries, order)
        if item and batch:
            period = copies.add(item.period, number=f"{item.period.number}-{unit.pk}", batch_id=batch.pk)
            copies.add(item, case_id=mine.pk, period_id=period.pk)
        if n % UNITS_AT_ONCE == 0:
            copies.write()
    copies.write()


def _add_operation(
    copies: _Copies, case: Case, wanted: dict[str, Any], industries: dict[str, int], order: int
) -> None:
    facts = {key: value for key, value in wanted.items() if key != "industry"}
    industry = industries[wanted["industry"]] if "industry" in wanted else None
    copies.make(Operation, change_id=case.pk, industry_id=industry, order=order, **facts)


def _own_rows(case: Case) -> list[models.Model]:
    """What a worklist reads beside an open case; of a closed one only its deadlines are worth their room."""
    kinds: list[Any] = [Deadline]
    if case.status == Case.Status.OPEN:
        kinds += [CheckRun, Decision, Event]
    return [row for kind in kinds for row in kind.objects.filter(case=case)]


def _editions(case: Case, count: int) -> list[ListEdition]:
    """As many editions more, a minute apart; the register then stands at the last of them."""
    first = case.edition
    assert first is not None
    copies = _Copies()
    rows = [
        copies.add(first, number=first.number + n, published_at=first.published_at + timedelta(minutes=n))
        for n in range(1, count + 1)
    ]
    copies.write()
    if rows:
        register = registry.lock(case.programme)
        register.last_number, register.last_moment = rows[-1].number, rows[-1].published_at
        register.save()
    return rows
