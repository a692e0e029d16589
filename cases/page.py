"""What a provider's pages of a case have in common: its line of stages and its story, as plain values."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects

from cases import passage
from cases.meetings import meeting_words
from cases.models import Case, Deadline, Decision
from cases.queries import demand_words, is_desk
from cases.unit_notes import note_words
from cities import keys
from cities.models import Outcome, Stage
from records import words

# What the office and the system do among themselves; the unit's own page is silent about it.
INTERNAL_VERBS = {
    "set_aside",
    "retry",
    "assign",
    "material.open",
    "material.seal",
    "answer.open",
    "service.open",
    "dossier.export",
    "objection.remove",
    "objection.open",
    "objection.note",
    "objection.tell",
    "objection.correct",
    "objection.erase",
    "letter.retry",
    "ground.found",
    "ground.set_aside",
    "ground.take_up",
    "ground.give_back",
    "ground.open",
    "ground.put_back",
    "measure.take_out",
    "measure.announce",
    "measure.followup",
}
# Outcomes whose reasons are meant for the unit.
TOLD = {Outcome.Role.RETURN, Outcome.Role.REFUSE}
# A stage behind that was left without what it asked.
FELL_SHORT = "short"
BY_OUTCOME = (Case.Result.COMPLETED, Case.Result.DECLINED)
LINE = (
    *("decisions__stage", "decisions__outcome__stage", "deadlines", "carried_out_by__stage", "events"),
    *("procedure__stages__counting_rule", "procedure__stages__article", "procedure__stages__outcomes"),
)


def with_line(cases: Iterable[Case]) -> list[Case]:
    """Cases with all that their lines of stages need; a fixed number of queries however many there are."""
    rows = list(cases)
    prefetch_related_objects(rows, *LINE)
    return rows


def current_deadline(case: Case) -> Deadline | None:
    """The one that runs or is held."""
    return next((deadline for deadline in case.deadlines.all() if deadline.state in Deadline.OPEN), None)


def story(case: Case) -> list[dict[str, Any]]:
    """What happened to a case as far as it concerns its unit, the last first."""
    outcomes = Outcome.objects.filter(stage__procedure=case.procedure).select_related("stage", "next_stage")
    by_verb = {f"{outcome.stage.kind}.{outcome.key}": outcome for outcome in outcomes}
    return [
        {
            "at": event.at,
            "actor_name": event.actor_name,
            "summary": event.summary,
            "article": event.article,
            "note": words.lines(
                meeting_words(event.data),
                _told(by_verb.get(event.verb), event.data),
                demand_words(event.data),
            ),
        }
        for event in case.events.all()
        if not _is_internal(case, event.verb, by_verb.get(event.verb))
    ]


def meetings(case: Case) -> list[Decision]:
    """The councils that have decided on a case, as facts for its unit; not those that gave it back to a desk."""
    held = case.decisions.filter(met_on__isnull=False).exclude(outcome__role=Outcome.Role.BACK)
    return list(held.select_related("stage").order_by("at", "pk"))


def _is_internal(case: Case, verb: str, outcome: Outcome | None) -> bool:
    if verb in INTERNAL_VERBS or outcome is None:
        return verb in INTERNAL_VERBS
    if outcome.role == Outcome.Role.RETURN:  # of what the office has begun, from one of its people to another
        return case.channel == Case.Channel.OFFICE
    return outcome.role == Outcome.Role.BACK and is_desk(outcome.next_stage)


def _told(outcome: Outcome | None, data: dict[str, Any]) -> str:
    """The reason given, where the outcome ends the case or asks the unit for something; opinions between desks stay there."""
    if outcome is None or outcome.role not in TOLD:
        return ""
    is_between_desks = outcome.next_stage is not None and outcome.role == Outcome.Role.REFUSE
    return "" if is_between_desks else str(data.get("opinion", ""))


def stage_line(case: Case, at: datetime) -> list[dict[str, str]]:
    """The stages of the procedure in order, each with its date and actor; a case sent back shows where it stands now.
    One that it went past is left out, and one that it may go past is not promised."""
    prefetch_related_objects([case], *LINE)
    left = passage.left(case)
    stages = sorted(case.procedure.stages.all(), key=lambda stage: stage.order)
    rows = []
    for stage in stages:
        state = _state(case, stage)
        if state == "done" and passage.was_passed_by(stage, stages, left):
            continue
        note = _note(case, stage, state, left, at)
        outcome = passage.way_out(case, stage) if state == "done" else None
        if outcome and passage.fell_short(outcome):
            state, note = FELL_SHORT, f"{outcome.label}，{note}" if note else outcome.label
        rows.append({"label": stage.label, "state": state, "note": note})
    if case.status == Case.Status.CLOSED and case.result != Case.Result.PUBLISHED:
        rows = [row for row in rows if row["state"] in ("done", FELL_SHORT)] + [_stop(case, at)]
    return rows


def _stop(case: Case, at: datetime) -> dict[str, str]:
    """How it ended, in the words of the rows where an outcome of theirs ended it."""
    assert case.closed_at is not None
    outcome = passage.way_out(case, case.stage) if case.stage and case.result in BY_OUTCOME else None
    when = words.moment(case.closed_at, words.local_day(at))
    return {
        "label": case.get_result_display(),
        "state": "fail" if case.result == Case.Result.REFUSED else "ended",
        "note": f"{outcome.label}，{when}" if outcome else when,
    }


def _state(case: Case, stage: Stage) -> str:
    if case.status == Case.Status.CLOSED:
        reached = case.stage.order if case.stage else 0
        was_published = case.result == Case.Result.PUBLISHED
        return "done" if stage.order < reached or (was_published and stage.order == reached) else ""
    if case.stage is None:
        return ""
    if stage.pk == case.stage_id:
        return "held" if case.is_editable and case.submitted_at and case.waiting_for == "provider" else "now"
    return "done" if stage.order < case.stage.order else ""


def _note(case: Case, stage: Stage, state: str, left: passage.Left, at: datetime) -> str:
    today = words.local_day(at)
    if state == "done":
        when = passage.left_at(stage, left)
        return words.moment(when, today) if when else ""
    if state == "held":
        return "等单位补正"
    if state == "now":
        if told := note_words(case, current_deadline(case), at):
            return told
        deadline = current_deadline(case)
        since = deadline.started_at if deadline else case.stage_since
        return (
            f"{_whose_turn(case, stage)}，{words.day(since, today)} 起" if since else _whose_turn(case, stage)
        )
    return "，".join(_promise(stage))


def _promise(stage: Stage) -> Iterable[str]:
    """What is said of a stage that lies ahead."""
    if stage.requires != Stage.Requires.ALWAYS:
        yield "需要时经过"
    if stage.span_number and stage.counting_rule:
        yield f"{words.count(stage.span_number, stage.counting_rule.unit)}，{stage.article}"


def _whose_turn(case: Case, stage: Stage) -> str:
    if case.owner:
        return case.owner.display_name
    return keys.ACTORS.get(case.waiting_for) or str(stage.get_actor_display())
