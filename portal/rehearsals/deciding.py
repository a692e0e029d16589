"""What an office does about its rules in a story: decide what a text leaves open, adopt a text for comment."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cities import decisions
from cities.decisions import Matter, WrongDecision
from cities.models import Rulebook
from cities.queries import rulebook_in_force
from cities.rulebooks import copying, publishing
from portal.rehearsals.people import NOBODY
from portal.rehearsals.scene import Misspelt, Scene

__all__ = ["WrongDecision", "adopt", "decide", "latest", "usual_procedure"]

BASIS = "演练会议纪要第 1 号"


def decide(scene: Scene, told: dict[str, Any], *, by: str, at: datetime) -> None:
    """Proposed by one and confirmed by another, unless nobody confirms."""
    matter = _matter(scene, told, at)
    value, wording = _value(matter, told)
    today = timezone.localtime(at).date()
    decision = decisions.propose(
        scene.programme,
        matter,
        value=value,
        wording=wording,
        basis=BASIS,
        decided_on=today,
        effective_from=told.get("from") or today,
        by=scene.people.called(by),
        at=at,
    )
    confirmed_by = told.get("confirmed_by", "审定人")
    if confirmed_by != NOBODY:
        decisions.confirm(decision, by=scene.people.called(confirmed_by), at=at)


def _matter(scene: Scene, told: dict[str, Any], at: datetime) -> Matter:
    question = told.get("question", "")
    open_matters = decisions.matters(latest(scene), at)
    of_row = [one for one in open_matters if one.place == told["row"]]
    for one in of_row:
        if (one.name == question) if question else (one.is_value and one.columns):
            return one
    known = "、".join(one.name for one in of_row) or "这一行没有"
    raise Misspelt(f"“{told['row']}”没有未写明的事项“{question or '天数'}”（有：{known}）")


def _value(matter: Matter, told: dict[str, Any]) -> tuple[dict[str, Any], str]:
    if span := told.get("span"):
        return decisions.span_value(span["number"], span["unit"], span["first_day"], span["roll"])
    reading = told.get("choose", "")
    if reading and reading not in matter.choices:
        raise Misspelt(f"“{matter.name}”没有“{reading}”这种理解（有：{'；'.join(matter.choices)}）")
    return decisions.chosen(matter, reading)


def latest(scene: Scene) -> Rulebook:
    rows = Rulebook.objects.filter(programme=scene.programme).select_related("programme__city")
    found = rows.exclude(standing=Rulebook.Standing.DRAFT).order_by("-version").first()
    assert found is not None
    return found


def usual_procedure(scene: Scene) -> str:
    """The key of the procedure by which partners are changed, whatever the rulebook calls it."""
    found = latest(scene).procedures.filter(kind="partner_change").order_by("order").first()
    return found.key if found else "partner_change"


def adopt(scene: Scene, text: Rulebook, day: date, *, at: datetime) -> None:
    """As the work group does it in the admin: one copies the text to a draft with its day, another publishes it."""
    by = scene.people.called("规则编辑")
    draft = copying.copy_to_draft(
        text, change=Rulebook.Change.ADOPTION, reason="演练采纳", effective_from=day, by=by, at=at
    )
    publishing.publish(draft, effective_from=day, by=scene.people.called("审定人"), at=at)


def in_force(scene: Scene, at: datetime) -> int:
    """The number of the version in force; 0 where there is none."""
    found = rulebook_in_force(scene.programme, at)
    return found.version if found else 0
