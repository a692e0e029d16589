"""How a decided case changes the registry, and what happens when it cannot."""

from datetime import datetime
from typing import Any

from django.db import transaction

from cases import checks, engine, kinds, stages
from cases.checks import Check
from cases.models import Case, CheckRun
from cases.queries import last_hand
from cities import decisions
from cities.models import Outcome, Stage
from providers import registry
from providers.models import Register
from providers.snapshots import StaleOperation


class Publication(stages.StageKind):
    """The list is published by itself, or after a clerk confirms: as the row's `release` says."""

    key = "publication"
    actors = frozenset({"system", "clerk"})

    def waiting_for(self, case: Case) -> str:
        return self.stands(case)[0]

    def wake_at(self, case: Case) -> datetime | None:
        return self.stands(case)[1]

    def stands(self, case: Case) -> tuple[str, datetime | None]:
        return ("system", case.stage_since) if releases_itself(case) else ("clerk", None)

    def due(self, case: Case, *, at: datetime) -> None:
        take_effect(case, registry.lock(case.programme), by=None, at=at)


class EffectFailed(Exception):
    def __init__(self, message: str, failed: list[Check]) -> None:
        super().__init__(message)
        self.failed = failed


def releases_itself(case: Case) -> bool:
    """Whether nobody need confirm; a procedure whose rows do not say is confirmed by a clerk."""
    if case.stage_since is None:
        return False
    shown = case.procedure.stages.exclude(release="").select_related("procedure", "rulebook", "counting_rule")
    bound = decisions.binding(case.procedure.rulebook, case.stage_since)
    return any(bound.settle(stage).release == Stage.Release.AT_CLOSE for stage in shown)


def take_effect(case: Case, register: Register, *, by: Any, at: datetime) -> bool:
    """Publish a case under its locks (`engine.locked`), or send it back to the desk that decided it; says which."""
    try:
        with transaction.atomic():
            _publish(case, register, by=by, at=at)
    except (EffectFailed, StaleOperation) as failure:
        _send_back(case, failure, by=by, at=at)
        return False
    return True


def _publish(case: Case, register: Register, *, by: Any, at: datetime) -> None:
    moment = registry.moment(register, at)
    outcome = _outcome(case, Outcome.Role.FORWARD)
    # The loader lets no other row in; a case must never end as published without an edition.
    assert outcome.effect == Outcome.Effect.REGISTRY, f"{outcome.key} does not change the list"
    kind = kinds.of(case)
    found = kind.state_checks(case, at=moment)
    if left := checks.unresolved(case, found):
        raise EffectFailed("；".join(check.message for check in left), left)
    case.edition = kind.take_effect(case, register, at=moment)
    CheckRun.objects.create(
        case=case,
        purpose=CheckRun.Purpose.STATE,
        moment=CheckRun.Moment.EFFECT,
        at=moment,
        checks=[check.to_json() for check in found],
    )
    engine.follow(case, outcome, by=by, at=moment, summary=f"发布{case.edition}名单：{case.edition.summary}")


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
        attention=f"公示已结束，没有发布：{failure}",
        data={"checks": [check.to_json() for check in getattr(failure, "failed", [])]},
    )


def _outcome(case: Case, role: str) -> Outcome:
    assert case.stage is not None
    return case.stage.outcomes.select_related("next_stage", "stage", "article").get(role=role)
