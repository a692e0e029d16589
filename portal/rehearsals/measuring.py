"""Sanctions, rectification and removal: grounds, the cases over them, service and answers."""

from typing import Any

from cases import engine, inbox
from cases import steps as case_steps
from cases.models import Case, GroundFound
from cities.models import Ground
from cities.rulebooks.describe import consequence
from clearance import answers, followups, partners, queries, serving, steps
from clearance.kinds import grounds_of
from clearance.models import RectificationOrder, Service
from portal.rehearsals import deciding
from portal.rehearsals.reading import Step
from portal.rehearsals.scene import Misspelt, Scene
from providers.models import Organisation, Registration

EVIDENCE, FACTS, DEMANDS = "演练：已核实。", "演练：事实和理由。", "演练：改到符合要求。"
HOW = {str(label): value for value, label in Service.How.choices}


def enter(step: Step, scene: Scene) -> None:
    """A clerk notes a ground, and no more."""
    unit = scene.unit(step.facts["enter_ground"])
    for label in step.facts.get("grounds") or []:
        _enter(unit, label, step, scene)


def propose(step: Step, scene: Scene) -> None:
    """A clerk begins a case over what is named, entered first where it was not found, writes it and files it."""
    unit, by = scene.unit(step.facts["propose"]), scene.person(step, "经办人")
    found = _found(unit, step) if step.facts.get("found") else []
    found += [_enter(unit, label, step, scene) for label in step.facts.get("grounds") or []]
    if not found:
        raise Misspelt("propose 要写 grounds，或者 found: true")
    case = steps.begin(found[0], by=by, at=step.at)
    for more in found[1:]:
        steps.combine(case, more, by=by, at=step.at)
    scene.latest = step.facts.get("as") or f"第 {len(scene.cases) + 1} 件"
    scene.cases[scene.latest] = case
    steps.save(
        case,
        facts=step.facts.get("reason", FACTS),
        demands=step.facts.get("demands", DEMANDS),
        afterwards="\n".join(step.facts.get("afterwards") or []),
        at=step.at,
    )
    case_steps.submit(engine.load(case.pk), by=by, at=step.at)


def propose_everywhere(step: Step, scene: Scene) -> None:
    """A clerk notes grounds about a partner and files a case for every unit behind which it stands: each is called by the name of
    the story with the unit's own after it, and the batch by that name alone."""
    about = {"partner": step.facts["propose_everywhere"]}
    told = Step(step.line, step.action, {**step.facts, **about})
    unit, by = scene.unit(step.facts.get("unit", "")), scene.person(step, "经办人")
    found = [_enter(unit, label, told, scene) for label in step.facts.get("grounds") or []]
    if not found:
        raise Misspelt("propose_everywhere 要写 grounds 和 unit")
    words = {"facts": step.facts.get("reason", FACTS), "demands": step.facts.get("demands", DEMANDS)}
    begun = partners.begin_all(found[0], **words, by=by, at=step.at)
    name = step.facts.get("as", "")
    for case in begun.cases:
        scene.latest = name + scene.companies.short(case.organisation.credit_code)
        scene.cases[scene.latest] = case
    if begun.batch:
        scene.batches[name] = begun.batch


def follow_up(step: Step, scene: Scene) -> None:
    """A clerk ticks off what was listed, on the day of the step."""
    what, by = step.facts["follow_up"], scene.person(step, "经办人")
    with engine.locked(scene.case(step).pk) as (case, _):
        found = case.followups.filter(what=what).first()
        if found is None:
            raise Misspelt(f"{case} 没有后续事项“{what}”")
        followups.finish(case, found, step.at.date(), EVIDENCE, by=by, at=step.at)


def serve(step: Step, scene: Scene) -> None:
    """By the hand of a clerk; `served` is the day, else that of the step."""
    how = step.facts["serve"]
    if how not in HOW:
        raise Misspelt(f"没有送达方式“{how}”（有：{'、'.join(HOW)}）")
    by, day = scene.person(step, "经办人"), step.facts.get("served") or step.at.date()
    with engine.locked(scene.case(step).pk) as (case, _):
        serving.serve(case, how=HOW[how], served_on=day, by=by, at=step.at)


def open_letters(step: Step, scene: Scene) -> None:
    """Somebody of the unit opens what has come into its inbox."""
    unit = scene.unit(step.facts["open_letters"])
    reader = scene.people.applicant(unit.organisation)
    for letter in inbox.letters_for(reader).order_by("written_at", "pk"):
        inbox.confirm(letter, reader, step.at)
        inbox.open_letter(letter, reader, step.at)


def answer(step: Step, scene: Scene) -> None:
    case, received = scene.case(step), step.facts.get("received")
    by = scene.person(step, "经办人") if received else scene.people.applicant(case.organisation)
    with engine.locked(case.pk) as (fresh, _):
        answers.answer(fresh, step.facts["answer"], [], received_on=received, by=by, at=step.at)


def write_exit(case: Case, step: Step) -> None:
    """What a unit fills in that wants to leave."""
    known = step.facts.get("acknowledged", True)
    steps.save_exit(
        case, facts=step.facts.get("reason", "演练：自己要求退出。"), acknowledged=known, at=step.at
    )


def latest_found(scene: Scene) -> str:
    """What was found last, by the row it falls under."""
    rows = GroundFound.objects.filter(programme=scene.programme, kind="ground").select_related("ground")
    found = rows.order_by("-found_at", "-pk").first()
    return found.ground.label if found and found.ground else ""


def follows(case: Case) -> str:
    """What the rules say follows from the grounds of a case, in the text's own word."""
    return "、".join(dict.fromkeys(consequence(one) for one in grounds_of(case)))


def orders(case: Case) -> int:
    """How often the unit of a case was ordered to put something right."""
    rows = RectificationOrder.objects.filter(registration=case.registration)
    return rows.exclude(state=RectificationOrder.State.REVOKED).count()


def _found(unit: Registration, step: Step) -> list[GroundFound]:
    rows = GroundFound.objects.filter(registration=unit, kind="ground", state=GroundFound.State.OPEN)
    found = list(rows.select_related("ground").order_by("found_at", "pk"))
    if not found:
        raise Misspelt("这家单位没有待处理的情形")
    first = found[0].ground
    return [one for one in found if first and one.ground and one.ground.procedure_key == first.procedure_key]


def _enter(unit: Registration, label: str, step: Step, scene: Scene) -> GroundFound:
    by, partner = scene.person(step, "经办人"), step.facts.get("partner")
    about: dict[str, Any] = {}
    if partner:
        about["partner"] = Organisation.objects.get(credit_code=scene.companies.code(partner))
    row = _row(label, step, scene)
    return steps.enter(row, unit, evidence=step.facts.get("evidence", EVIDENCE), by=by, at=step.at, **about)


def _row(label: str, step: Step, scene: Scene) -> Ground:
    """By its label or its article, whichever the story writes; where no version is in force, of the latest there was, so that the
    engine itself says why nothing can be entered."""
    rows = queries.grounds_in_force(scene.programme, step.at) or list(deciding.latest(scene).grounds.all())
    found = [row for row in rows if label in (row.label, row.article.number)]
    if len(found) != 1:
        known = "、".join(row.label for row in rows)
        raise Misspelt(f"规则里叫“{label}”的情形有 {len(found)} 个（有：{known}）")
    return found[0]
