"""Spans that a story asks for: of a stage as if it began now, of a reporting duty before or after an event."""

from datetime import datetime
from typing import Any

from cases import deadlines
from cities import decisions, duties
from cities.models import ReportingDuty, Stage
from cities.queries import rulebook_in_force
from portal.rehearsals.scene import Counted, Misspelt, Scene


def count(scene: Scene, told: dict[str, Any], *, at: datetime) -> Counted:
    if place := told.get("stage"):
        stage = decisions.settled(_stage(scene, place, at), at)
        span = deadlines.counted_span(stage, at)
        return Counted(span, stage.article.number, decisions.words(stage))
    duty, event = decisions.settled(_duty(scene, told.get("duty", ""), at), at), told.get("event")
    if event is None:
        raise Misspelt("数报告义务的期限，写明 event：办理的那一天")
    return Counted(duties.span_of(duty, event, at=at), duty.article.number, decisions.words(duty))


def _stage(scene: Scene, place: str, at: datetime) -> Stage:
    procedure, _, key = place.partition(".")
    rows = Stage.objects.filter(
        rulebook=rulebook_in_force(scene.programme, at), procedure__key=procedure, key=key
    )
    found = rows.select_related("article", "counting_rule", "procedure", "rulebook__programme").first()
    if found is None:
        raise Misspelt(f"现行规则里没有环节“{place}”")
    return found


def _duty(scene: Scene, key: str, at: datetime) -> ReportingDuty:
    rows = ReportingDuty.objects.filter(rulebook=rulebook_in_force(scene.programme, at), key=key)
    found = rows.select_related("article", "counting_rule", "rulebook__programme").first()
    if found is None:
        raise Misspelt(f"现行规则里没有报告义务“{key}”")
    return found
