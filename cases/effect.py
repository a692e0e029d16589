"""How a decided case changes the registry, and what happens when it cannot."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import QuerySet

from cases import announcing, checks, engine, kinds, stages
from cases.checks import Check
from cases.errors import Refused
from cases.models import Case, CheckRun
from cases.queries import last_hand
from cities import decisions, frozen
from cities.models import Outcome, Stage
from providers import registry
from providers.models import ListEdition, Register
from providers.snapshots import StaleOperation

logger = logging.getLogger(__name__)


class Publication(stages.StageKind):
    """The list is published by itself, or after a clerk confirms: as the row's `release` says."""

    key = "publication"
    actors = frozenset({"system", "clerk"})

    def waiting_for(self, case: Case) -> str:
        return self.stands(case)[0]

    def is_told(self, case: Case) -> bool:
        return True

    def wake_at(self, case: Case) -> datetime | None:
        return self.stands(case)[1]

    def stands(self, case: Case) -> tuple[str, datetime | None]:
        return ("system", case.stage_since) if releases_itself(case) else ("clerk", None)

    def due(self, case: Case, *, at: datetime) -> bool:
        wakes = self.wake_at(case)
        if wakes is None or wakes > at:
            return False
        take_effect(case, case.programme.register, by=None, at=at)
        return True


class EffectFailed(Exception):
    def __init__(self, message: str, failed: list[Check]) -> None:
        super().__init__(message)
        self.failed = failed


def releases_itself(case: Case) -> bool:
    """Whether nobody need confirm: as the publicity says that went before, or, where nothing is shown, who publishes."""
    if case.stage_since is None:
        return False
    shown = [stage for stage in frozen.stages_of(case.procedure) if stage.release]
    if not shown:
        return case.stage is not None and case.stage.actor == "system"
    bound = decisions.binding(case.procedure.rulebook, case.stage_since)
    return any(bound.settle(stage).release == Stage.Release.AT_CLOSE for stage in shown)


def take_effect(case: Case, register: Register, *, by: Any, at: datetime) -> bool:
    """Publish a case under its locks (`engine.locked`), in one edition with those of its batch that wait for the same; what
    cannot be published goes back to the desk that decided it. Says whether this case was."""
    left_out: list[UUID] = []
    while others := engine.lock_more(
        case, waiting_with(case, at, but=left_out).order_by().values_list("pk", flat=True)
    ):
        try:
            with transaction.atomic():
                return _publish(case, others, register, by=by, at=at)
        except Spoilt as spoilt:
            logger.exception("case left out of its batch's edition", extra={"case": spoilt.case.number})
            left_out.append(spoilt.case.pk)
            case.refresh_from_db()
            register.refresh_from_db()
    return _publish(case, [], register, by=by, at=at)


def take_effect_at_desk(case: Case, outcome: Outcome, *, by: Any, at: datetime) -> ListEdition:
    """Change the list by what a desk decides, under the case's locks; the caller follows the outcome. Raises Refused, and the
    desk keeps the case, where the list has moved on."""
    edition = registry.Draft(registry.lock(case.programme), at=at, kind=kinds.of(case).edition_kind)
    try:
        found = _change(case, edition, kinds.of(case).question(case, at=edition.moment))
    except (EffectFailed, StaleOperation) as failure:
        raise Refused(f"还不能作出“{outcome.label}”：{failure}。") from failure
    case.edition = edition.number(_label([case], edition.units))
    _keep_found(case, found, at=edition.moment)
    return case.edition


class Spoilt(Exception):
    """One of a batch cannot be ended with its edition; without it the edition is made again, and the sweep finds it when it
    wakes it itself."""

    def __init__(self, case: Case) -> None:
        super().__init__(str(case))
        self.case = case


@contextmanager
def _blaming(case: Case, woken: Case) -> Iterator[None]:
    """What goes wrong with another case than the one that was woken is that other's. The database's own trouble is everybody's."""
    try:
        yield
    except OperationalError:
        raise
    except Exception as error:
        if case.pk == woken.pk:
            raise
        raise Spoilt(case) from error


def _publish(case: Case, others: list[Case], register: Register, *, by: Any, at: datetime) -> bool:
    cases = sorted([case, *others], key=lambda one: (one.submitted_at, one.number))
    edition = registry.Draft(register, at=at, kind=kinds.of(case).edition_kind)
    changed, failed = _change_all(case, cases, edition)
    if changed:
        _number(edition, changed, case, by=by)
    for one, failure in failed:
        with engine.beside(case, one):
            _send_back(one, failure, by=by, at=at)
    return any(one is case for one, _ in changed)


def waiting_with(case: Case, at: datetime, *, but: Iterable[UUID] = ()) -> QuerySet[Case]:
    """The others of its batch that wait to be published as this one does."""
    if case.is_alone:
        return Case.objects.none()
    waiting = Case.objects.filter(batch=case.batch_id, status=Case.Status.OPEN, set_aside_at=None)
    waiting = waiting.filter(stage__kind=Publication.key, waiting_for=case.waiting_for)
    if case.waiting_for == "system":
        waiting = waiting.filter(wake_at__lte=at)
    return waiting.exclude(pk__in=[case.pk, *but])


@dataclass(frozen=True)
class Trial:
    """What came of publishing cases on trial: what the checks of each said, with the question where it was put beforehand, or
    why it could not be."""

    found: dict[UUID, tuple[list[Check], Any]] = field(default_factory=dict)
    failed: dict[UUID, Exception] = field(default_factory=dict)


def try_out(cases: list[Case], register: Register, *, at: datetime) -> Trial:
    """Publish these in one edition, each after those before it, under the lock. Nothing stays of it but what is told."""
    trial = Trial()
    if not cases:
        return trial
    with transaction.atomic():
        kind = kinds.of(cases[0])
        edition = registry.Draft(register, at=at, kind=kind.edition_kind)
        read = kind.questions(cases, at=edition.moment)
        for case in cases:
            question = read.get(case.pk) or kind.question(case, at=edition.moment)
            try:
                with edition.together():
                    trial.found[case.pk] = _change(case, edition, question), read.get(case.pk)
            except (EffectFailed, StaleOperation) as failure:
                trial.failed[case.pk] = failure
        transaction.set_rollback(True)
    return trial


Changed = list[tuple[Case, list[Check]]]
Failed = list[tuple[Case, Exception]]


def _change_all(woken: Case, cases: list[Case], edition: registry.Draft) -> tuple[Changed, Failed]:
    changed: Changed = []
    failed: Failed = []
    for case in cases:
        with engine.beside(woken, case):
            # The loader lets no other row in; a case must never end as published without an edition.
            assert _outcome(case, Outcome.Role.FORWARD).effect == Outcome.Effect.REGISTRY
            try:
                with edition.together():
                    found = _change(case, edition, kinds.of(case).question(case, at=edition.moment))
            except (EffectFailed, StaleOperation) as failure:
                failed.append((case, failure))
            else:
                changed.append((case, found))
    return changed, failed


def _change(case: Case, edition: registry.Draft, question: Any) -> list[Check]:
    """Ask the state once more and add the case's change to the edition; what the checks said."""
    kind = kinds.of(case)
    found = kind.state_checks(case, at=edition.moment, question=question)
    if left := checks.unresolved(case, found):
        raise EffectFailed("；".join(check.message for check in left), left)
    kind.take_effect(case, edition, question)
    return found


def _number(draft: registry.Draft, changed: Changed, woken: Case, *, by: Any) -> None:
    """One edition, and each of the cases ended with it. Raises Spoilt."""
    edition = draft.number(_label([case for case, _ in changed], draft.units))
    for case, found in changed:
        with _blaming(case, woken):
            _end(case, edition, found, by=by, at=draft.moment)
    announcing.announce("published", edition, [case for case, _ in changed], by=by, at=draft.moment)


def _end(case: Case, edition: ListEdition, found: list[Check], *, by: Any, at: datetime) -> None:
    case.edition = edition
    _keep_found(case, found, at=at)
    outcome = _outcome(case, Outcome.Role.FORWARD)
    engine.follow(case, outcome, by=by, at=at, summary=f"发布{edition}名单：{edition.summary}")


def _keep_found(case: Case, found: list[Check], *, at: datetime) -> None:
    CheckRun.objects.create(
        case=case,
        purpose=CheckRun.Purpose.STATE,
        moment=CheckRun.Moment.EFFECT,
        at=at,
        checks=[check.to_json() for check in found],
    )


def _label(cases: list[Case], units: int) -> str:
    """Of whom the edition is: a correction may reach units that have no case in it."""
    first, applying = cases[0], len({case.organisation_id for case in cases})
    if len(cases) == 1:
        return f"{first.organisation.name}等 {units} 家" if units > 1 else first.organisation.name
    return f"{first.batch}，{len(cases)} 件" + (f"，共 {units} 家" if units > applying else "")


def _send_back(case: Case, failure: Exception, *, by: Any, at: datetime) -> None:
    """Nothing was changed; the desk that decided gets it back with the finding, its owner and a due date."""
    outcome = _outcome(case, Outcome.Role.FAILED)
    engine.follow(
        case,
        outcome,
        by=by,
        at=at,
        summary=f"没有发布：{failure}",
        owner=last_hand(case, outcome.next_stage),
        attention=f"{_before(case)}没有发布：{failure}",
        data={"checks": [check.to_json() for check in getattr(failure, "failed", [])]},
    )


def _before(case: Case) -> str:
    was_shown = any(stage.kind == "publicity" for stage in frozen.stages_of(case.procedure))
    return "公示已结束，" if was_shown else ""


def _outcome(case: Case, role: str) -> Outcome:
    assert case.stage is not None
    return frozen.outcome_of(case.stage, role)
