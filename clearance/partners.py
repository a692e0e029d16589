"""A partner that is to go: behind whom it stands, and the cases over it, one for every unit concerned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from cases import batches, engine, grounds
from cases import steps as case_steps
from cases.errors import Refused
from cases.models import Batch, Case, GroundFound
from cities.models import Programme
from clearance import queries, steps
from providers import registry
from providers.models import Organisation, Registration


@dataclass(frozen=True)
class Concerned:
    """A unit behind which the partner stands, with the case about it that is on its way, if there is one. `is_dealt_with`: all that
    waits now was decided for it before."""

    unit: Registration
    case: Case | None = None
    is_dealt_with: bool = False


@dataclass(frozen=True)
class Begun:
    """What was begun at once; there is a batch where several were."""

    cases: list[Case]
    batch: Batch | None = None


def concerned(
    programme: Programme, partner: Organisation, found: GroundFound | None = None
) -> list[Concerned]:
    """Every unit of the programme behind which a partner stands now, and whether a case over what was found is to be begun for it."""
    rows = Registration.objects.current().filter(
        Exists(queries.partnerships(OuterRef("pk"), partner)), programme=programme
    )
    units = list(rows.select_related("organisation", "programme__city").order_by("organisation__name", "pk"))
    going = {case.registration_id: case for case in _going(units, partner)}
    left = _left(units, _waiting(found)) if found else {}
    return [Concerned(unit, going.get(unit.pk), left.get(unit.pk) == []) for unit in units]


def begin_all(found: GroundFound, *, facts: str, demands: str, by: Any, at: datetime) -> Begun:
    """File one case for every unit behind which the partner stands and that has none yet, all with the same grounds, facts and
    demands, in one batch where there are several: all of them or none. Raises Refused."""
    partner = found.partner
    assert partner is not None
    with transaction.atomic():
        registry.lock(found.programme)
        everybody = concerned(found.programme, partner, found)
        fresh = [one.unit for one in everybody if one.case is None and not one.is_dealt_with]
        _refuse_nobody(found, fresh)
        left = _left(fresh, _waiting(found))
        cases = [_file(unit, left[unit.pk], facts, demands, by=by, at=at) for unit in fresh]
        if len(cases) == 1:
            return Begun(cases)
        procedure = cases[0].procedure
        label = f"{partner}：{procedure}"[:60]
        batch = batches.create(procedure, cases, label=label, by=by, at=at, article=procedure.article.number)
        return Begun(cases, batch)


def _refuse_nobody(found: GroundFound, fresh: Sequence[Registration]) -> None:
    if not fresh:
        raise Refused(
            f"{found.partner}现在支持的单位都已立案或者以前处理过，或者已经没有单位由它支持。情形不用再立案的，写明理由不立案。"
        )


def _waiting(found: GroundFound) -> list[GroundFound]:
    """What waits of the same partner and is dealt with in the same way, of whichever unit it was noted; the one asked for first."""
    assert found.ground is not None
    rows = GroundFound.objects.filter(
        programme=found.programme,
        partner=found.partner,
        state=GroundFound.State.OPEN,
        ground__procedure_key=found.ground.procedure_key,
    )
    listed = rows.select_related("ground__article", "registration", "programme").order_by("found_at", "pk")
    return sorted(listed, key=lambda one: one.pk != found.pk)


def _left(units: Sequence[Registration], alike: list[GroundFound]) -> dict[int, list[GroundFound]]:
    """By the key of each unit, what has not been decided for it before. One query."""
    sources = [_source(one, unit) for unit in units for one in alike]
    known = GroundFound.objects.filter(kind="ground", source__in=sources).exclude(
        state=GroundFound.State.OPEN
    )
    handled = set(known.values_list("source", flat=True))
    return {unit.pk: [one for one in alike if _source(one, unit) not in handled] for unit in units}


def _source(found: GroundFound, unit: Registration) -> str:
    return f"{found.source}@{unit.pk}"[-80:]


def _file(
    unit: Registration, alike: list[GroundFound], facts: str, demands: str, *, by: Any, at: datetime
) -> Case:
    own = [_of_unit(one, unit, alike, by=by, at=at) for one in alike]
    unique = list({one.pk: one for one in own}.values())
    case = steps.begin(unique[0], by=by, at=at)
    for more in unique[1:]:
        steps.combine(case, more, by=by, at=at)
    steps.save(case, facts=facts, demands=demands, afterwards="", at=at)
    return case_steps.submit(engine.load(case.pk), by=by, at=at)


def _of_unit(
    found: GroundFound, unit: Registration, alike: list[GroundFound], *, by: Any, at: datetime
) -> GroundFound:
    """The same ground as this unit has it: its own, or noted for it too, from the same evidence."""
    assert found.ground is not None
    key = found.ground.key
    own = (one for one in alike if one.registration_id == unit.pk and one.ground and one.ground.key == key)
    return next(own, None) or _note_too(found, unit, by=by, at=at)


def _note_too(found: GroundFound, unit: Registration, *, by: Any, at: datetime) -> GroundFound:
    return grounds.find(
        found.kind,
        _source(found, unit),
        unit,
        label=found.source_label,
        evidence=found.evidence,
        files=[row.file for row in found.files.select_related("file")],
        by=by,
        at=at,
        ground=found.ground,
        partner=found.partner,
    )


def _going(units: Iterable[Registration], partner: Organisation) -> QuerySet[Case]:
    rows = Case.objects.filter(
        registration__in=list(units), measure__partner=partner, status=Case.Status.OPEN
    )
    return rows.filter(procedure__kind=queries.PARTNER_REMOVAL).select_related("procedure", "stage")
