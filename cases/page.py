"""What the pages of a case have in common: its line of stages and its story, as plain values."""

from datetime import datetime
from typing import Any

from cases.models import Case, Deadline
from cities.models import Stage
from records import words


def current_deadline(case: Case) -> Deadline | None:
    """The one that runs or is held."""
    return case.deadlines.filter(state__in=Deadline.OPEN).first()


def stage_line(case: Case, at: datetime) -> list[dict[str, str]]:
    """The stages of the procedure in order, each with its date and actor; a case sent back shows where it stands now."""
    today = words.local_day(at)
    done = {event["stage"]: event["at"] for event in _left(case)}
    rows = []
    for stage in case.procedure.stages.select_related("counting_rule", "article").order_by("order"):
        state = _state(case, stage)
        rows.append({"label": stage.label, "state": state, "note": _note(case, stage, state, done, today)})
    if case.status == Case.Status.CLOSED and case.result != Case.Result.PUBLISHED:
        assert case.closed_at is not None
        stop = {
            "label": case.get_result_display(),
            "state": "fail",
            "note": words.moment(case.closed_at, today),
        }
        rows = [row for row in rows if row["state"] == "done"] + [stop]
    return rows


def _left(case: Case) -> list[dict[str, Any]]:
    """When each kind of stage was last left, from the events."""
    found = []
    for event in case.events.order_by("at"):
        stage, dot, _ = event.verb.partition(".")
        if dot:
            found.append({"stage": stage, "at": event.at})
    return found


def _state(case: Case, stage: Stage) -> str:
    if case.status == Case.Status.CLOSED:
        reached = case.stage.order if case.stage else 0
        was_published = case.result == Case.Result.PUBLISHED
        return "done" if stage.order < reached or (was_published and stage.order == reached) else ""
    if case.stage is None:
        return ""
    if stage.pk == case.stage_id:
        return "held" if case.waiting_for == "provider" and case.submitted_at else "now"
    return "done" if stage.order < case.stage.order else ""


def _note(case: Case, stage: Stage, state: str, done: dict[str, datetime], today: Any) -> str:
    if state == "done" and stage.kind in done:
        return words.moment(done[stage.kind], today)
    if state == "held":
        return "等单位补正"
    if state == "now":
        who = case.owner.display_name if case.owner else stage.get_actor_display()
        return f"{who}，{words.day(case.stage_since, today)} 起" if case.stage_since else who
    if stage.span_number and stage.counting_rule:
        return f"{words.count(stage.span_number, stage.counting_rule.unit)}（{stage.article}）"
    return ""
