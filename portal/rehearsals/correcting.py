"""What the office does about what was published wrongly."""

from typing import Any

from cases import engine, grounds
from cases import steps as case_steps
from cases.models import GroundFound
from corrections import steps
from portal.rehearsals.reading import Step
from portal.rehearsals.scene import Misspelt, Scene
from providers import queries
from providers.models import ListEdition, Registration
from publicity import steps as publicity_steps

REASON, EVIDENCE = "演练：名单有误。", "演练：核对了公布的原件。"


def correct(step: Step, scene: Scene, operation: Any) -> None:
    """Begin a correction, from what was found or of the office itself, write it and file it. `operation` reads a change."""
    unit, by = scene.unit(step.facts["correct"]), scene.person(step, "经办人")
    ground = latest_ground(scene, GroundFound.State.OPEN) if step.facts.get("found") else None
    case = steps.begin(unit, by=by, at=step.at, ground=ground)
    scene.latest = step.facts.get("as") or f"第 {len(scene.cases) + 1} 件"
    scene.cases[scene.latest] = case
    for change in step.facts.get("changes") or []:
        action, facts = _mended(change, unit, step, scene) or operation(change, case, scene)
        steps.add_operation(case, action, at=step.at, **facts)
    written = engine.load(case.pk).correction
    steps.save(
        case,
        corrects=_corrects(step, scene) or written.corrects,
        reason=step.facts.get("reason", REASON),
        evidence=written.evidence or EVIDENCE,
        at=step.at,
    )
    case_steps.submit(engine.load(case.pk), by=by, at=step.at)


def set_aside(step: Step, scene: Scene) -> None:
    ground, by = latest_ground(scene, GroundFound.State.OPEN), scene.person(step, "经办人")
    grounds.set_aside(ground, reason=step.facts["set_aside"], by=by, at=step.at)


def keep(step: Step, scene: Scene) -> None:
    by = scene.person(step, "审定人")
    publicity_steps.keep(scene.case(step), reason=step.facts["keep"], by=by, at=step.at)


def latest_ground(scene: Scene, *states: str) -> GroundFound:
    rows = GroundFound.objects.filter(programme=scene.programme)
    found = (rows.filter(state__in=states) if states else rows).order_by("-found_at", "-pk").first()
    if found is None:
        raise Misspelt("没有发现的情形")
    return found


def corrected(scene: Scene, at: Any) -> int:
    """The edition that the latest one corrects, 0 where it is no erratum."""
    edition = queries.edition_at(scene.programme, at)
    erratum = edition.errata.select_related("corrects").first() if edition else None
    return erratum.corrects.number if erratum else 0


def _corrects(step: Step, scene: Scene) -> ListEdition | None:
    number = step.facts.get("corrects")
    return scene.programme.editions.get(number=number) if number else None


def _mended(
    change: dict[str, Any], unit: Registration, step: Step, scene: Scene
) -> tuple[str, dict[str, Any]] | None:
    if named := change.get("mend_unit"):
        now = queries.profile(unit.organisation, step.at)
        return "mend_unit", {"unit_code": now["code"], "unit_name": named, "unit_place": now["place"]}
    if named := change.get("mend_partner"):
        code = scene.companies.code(named)
        return "mend_partner", {"partner_code": code, "partner_name": change.get("name", "")}
    return None
