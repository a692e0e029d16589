"""Demonstration cases, each walked through its stages by the real engine at the moments its story names."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import User
from cases import batches, engine, steps
from cases.models import Case
from cases.queries import required_materials
from cases.sweep import sweep
from changes import steps as change_steps
from cities.models import Programme
from cities.queries import procedure_in_force
from providers.models import Registration
from publicity import steps as publicity_steps
from publicity.models import Objection, PublicityItem
from records import clock, files

SAMPLE = Path(settings.BASE_DIR) / "fixtures/demo/sample.pdf"


@dataclass(frozen=True)
class Telling:
    """Where and when the stories stand: their programme, people and year."""

    programme: Programme
    people: dict[str, User]
    year: int
    now: datetime

    def moment(self, text: str) -> datetime:
        """`09-17T10:32` in the demonstration's year."""
        return timezone.make_aware(datetime.fromisoformat(f"{self.year}-{text}"))


def tell(story: dict[str, Any], telling: Telling) -> Case:
    """Carry out one story from draft to where it ends."""
    begun = telling.moment(story["steps"][0]["at"]) if story["steps"] else telling.now
    by = telling.people[story["by"]]
    with clock.stopped_at(begun):
        case = _draft(story, telling, by, begun)
    for step in story["steps"]:
        _take(step, case, telling, by)
    return case


def gather(told: dict[str, Any], telling: Telling) -> None:
    """Make a batch of what came in within its window and is not shown yet."""
    at = telling.moment(told["at"])
    procedure = procedure_in_force(telling.programme, told.get("procedure", "partner_change"), at)
    assert procedure is not None
    first, last = (date.fromisoformat(f"{telling.year}-{told[end]}") for end in ("from", "to"))
    window = batches.Window(first, last)
    with clock.stopped_at(at):
        batches.create(procedure, by=telling.people[told["by"]], at=at, label=told["label"], window=window)


def _draft(story: dict[str, Any], telling: Telling, by: User, at: datetime) -> Case:
    unit = Registration.objects.current().get(
        programme=telling.programme, organisation__credit_code=story["unit"]
    )
    procedure = procedure_in_force(telling.programme, story.get("procedure", "partner_change"), at)
    assert procedure is not None
    received = story.get("paper_received")
    paper: dict[str, Any] = (
        {"channel": Case.Channel.PAPER, "received_on": date.fromisoformat(f"{telling.year}-{received}")}
        if received
        else {}
    )
    case = steps.draft(procedure, unit, by=by, at=at, **paper)
    is_filed = bool(story["steps"])
    change_steps.save(
        case, reason=story["reason"], explanation=story.get("explanation", ""), truthful=is_filed, at=at
    )
    for operation in story["operations"]:
        _add(case, dict(operation), at)
    for document in required_materials(case) if is_filed else []:
        row = document.row
        upload = SimpleUploadedFile(f"{document.label}（演示）.pdf", SAMPLE.read_bytes(), "application/pdf")
        stored = files.store(upload, **row.file_limits, by=by, at=at)
        steps.add_material(case, row.key, stored, by=by, at=at, subject=document.subject)
    return case


def _add(case: Case, operation: dict[str, Any], at: datetime) -> None:
    if key := operation.pop("industry", None):
        operation["industry"] = case.programme.industries.get(key=key)
    change_steps.add_operation(case, operation.pop("action"), at=at, **operation)


def _take(step: dict[str, Any], case: Case, telling: Telling, applicant: User) -> None:
    at = telling.moment(step["at"])
    by = telling.people.get(step.get("by", ""), applicant)
    take = STEPS.get(step["do"], _decide)
    with clock.stopped_at(at):  # what is kept of the rows is dated by it too
        take(case, step, by, at)


def _submit(case: Case, step: dict[str, Any], by: User, at: datetime) -> None:
    steps.submit(case, by=by, at=at)


def _decide(case: Case, step: dict[str, Any], by: User, at: datetime) -> None:
    """Any other step is an outcome of the desk the case is at; the clerk looks at the seals first."""
    stage = engine.load(case.pk).stage
    if stage and stage.actor == "clerk":
        sealed = case.procedure.materials.filter(sealed=True).values("key")
        for material in case.materials.filter(replaced_at=None, key__in=sealed):
            steps.verify_seal(material, by=by, at=at)
    steps.decide(case, step["do"], by=by, at=at, opinion=step.get("opinion", ""))


def _publicity(case: Case, step: dict[str, Any], by: User, at: datetime) -> None:
    publicity_steps.open_period(case, by=by, at=at)


def _object(case: Case, step: dict[str, Any], by: User, at: datetime) -> None:
    item = PublicityItem.objects.get(case=case)
    publicity_steps.lodge(
        item,
        at=at,
        person=Objection.Person.INDIVIDUAL,
        name="演示投诉人（虚构）",
        contact="演示电话（虚构）",
        matter=step["matter"],
    )


def _sweep(case: Case, step: dict[str, Any], by: User, at: datetime) -> None:
    sweep(at)


STEPS: dict[str, Callable[[Case, dict[str, Any], User, datetime], None]] = {
    "submit": _submit,
    "publicity": _publicity,
    "object": _object,
    "sweep": _sweep,
}
