"""What can happen at a step, done by the very functions that the pages call."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from cases import checks, effect, engine, kinds, paper, steps, sweep
from cases.deadlines import acts as deadline_acts
from cases.errors import Refused
from cases.models import Case
from cases.queries import is_desk, required_materials
from changes import ordered
from changes import steps as change_steps
from cities.models import Procedure
from cities.queries import procedure_in_force
from cities.rulebooks import standing
from clearance.queries import CLEARANCE
from portal.rehearsals import batching, correcting, counting, deciding, measuring
from portal.rehearsals.given import industry
from portal.rehearsals.people import Companies
from portal.rehearsals.reading import Step
from portal.rehearsals.scene import Misspelt, Scene
from portal.rehearsals.vocabulary import CONCLUSIONS
from providers.models import Registration
from publicity import steps as publicity_steps
from publicity.models import Objection, PublicityItem
from records import files

PAPER = (settings.BASE_DIR / "fixtures/rehearsals/paper.pdf").read_bytes()
LONGER = "演练：须再核实。"
REASON, MATTER = "演练：按需要变更。", "演练：对公示内容有异议，事实和理由如下。"


def take(step: Step, scene: Scene) -> None:
    """Do the step; a refusal is kept, to be compared with what was expected."""
    scene.refusal = scene.counted = None
    try:
        ACTS[step.action](step, scene)
    except Refused as refusal:
        scene.refusal = refusal
    except (standing.WrongEnd, deciding.WrongDecision) as wrong:
        scene.refusal = Refused(str(wrong))


def _file(step: Step, scene: Scene) -> None:
    unit, on_paper = scene.unit(step.facts["file"]), step.facts.get("received")
    by = scene.person(step, "经办人") if on_paper else scene.people.applicant(unit.organisation)
    procedure = _procedure(step, scene)
    _drop_draft(unit, by, step)
    case = (
        paper.begin(unit, procedure, on_paper, by=by, at=step.at, ordered=step.facts.get("ordered", False))
        if on_paper
        else steps.draft(procedure, unit, by=by, at=step.at)
    )
    scene.latest = step.facts.get("as") or f"第 {len(scene.cases) + 1} 件"
    scene.cases[scene.latest] = case
    _write(case, step, scene, by)
    steps.submit(case, by=by, at=step.at)


def _carry_out(step: Step, scene: Scene) -> None:
    """The unit of an order files the change that it was ordered to make."""
    order = scene.case(step)
    by = scene.people.applicant(order.organisation)
    case = ordered.begin(order, by=by, at=step.at)
    scene.latest = step.facts.get("as") or f"第 {len(scene.cases) + 1} 件"
    scene.cases[scene.latest] = case
    _write(case, Step(step.line, step.action, {**step.facts, "reason": step.facts["carry_out"]}), scene, by)
    steps.submit(case, by=by, at=step.at)


def _drop_draft(unit: Registration, by: Any, step: Step) -> None:
    """What an application that was refused left behind: each one in a story is written anew."""
    for draft in Case.objects.filter(registration=unit, status=Case.Status.DRAFT):
        steps.discard(draft, by=by, at=step.at)


def _procedure(step: Step, scene: Scene) -> Procedure:
    """The one in force; else the latest there was, so that the engine itself says why nothing can be filed."""
    key = step.facts.get("procedure") or deciding.usual_procedure(scene)
    latest = Procedure.objects.filter(rulebook__programme=scene.programme, key=key).order_by(
        "-rulebook__version"
    )
    found = (
        procedure_in_force(scene.programme, key, step.at)
        or latest.select_related("article", "rulebook").first()
    )
    if found is None:
        raise Misspelt(f"规则里没有程序“{key}”")
    return found


def _write(case: Case, step: Step, scene: Scene, by: Any) -> None:
    if case.procedure.kind == CLEARANCE:
        measuring.write_exit(case, step)
    else:
        _write_change(case, step, scene)
    missing = set(step.facts.get("without") or [])
    for document in required_materials(engine.load(case.pk)):
        if document.row.label not in missing and not document.is_there:
            _attach(case, document, by, step)


def _write_change(case: Case, step: Step, scene: Scene) -> None:
    for change in step.facts.get("changes") or []:
        action, facts = _operation(change, case, scene)
        change_steps.add_operation(case, action, at=step.at, **facts)
    change_steps.save(
        case,
        reason=step.facts.get("reason", REASON),
        explanation=step.facts.get("explanation", ""),
        truthful=True,
        at=step.at,
    )


def _attach(case: Case, document: Any, by: Any, step: Step) -> None:
    row = document.row
    upload = SimpleUploadedFile(f"{row.key}.pdf", PAPER, "application/pdf")
    stored = files.store(upload, **row.file_limits, by=by, at=step.at)
    steps.add_material(case, row.key, stored, by=by, at=step.at, subject=document.subject)


def _operation(change: dict[str, Any], case: Case, scene: Scene) -> tuple[str, dict[str, Any]]:
    action = next((key for key in change if key.endswith(("_partner", "_item"))), "")
    if not action:
        raise Misspelt("changes 的每一项写明做什么，如 add_partner")
    facts: dict[str, Any] = {}
    if called := change.get("industry"):
        facts["industry"] = case.programme.industries.get(key=industry(scene, called))
    named = change[action]
    if action.endswith("_item"):
        return action, {**facts, "item_code": named, "item_name": change.get("name", "")}
    leaving = named if action == "end_partner" else change.get("leaving")
    if leaving:
        facts |= {"leaving_code": scene.companies.code(leaving), "leaving_name": Companies.full(leaving)}
    if action != "end_partner":
        facts |= {"partner_code": scene.companies.code(named), "partner_name": Companies.full(named)}
    return action, facts


def _refile(step: Step, scene: Scene) -> None:
    scene.latest = step.facts["refile"] or scene.latest
    case = scene.case(step)
    by = scene.people.applicant(case.organisation)
    _write(case, step, scene, by)
    steps.submit(case, by=by, at=step.at)


def _withdraw(step: Step, scene: Scene) -> None:
    scene.latest = step.facts["withdraw"] or scene.latest
    case = scene.case(step)
    steps.withdraw(case, by=scene.people.applicant(case.organisation), at=step.at, reason="演练撤回")


def _decide(step: Step, scene: Scene) -> None:
    """By the label of the outcome; seals are looked at before, unless the story says otherwise."""
    case, by = scene.case(step), scene.person(step, "经办人")
    label = step.facts["decide"]
    outcome = case.stage.outcomes.filter(label=label).first() if case.stage else None
    if outcome is None and case.stage and is_desk(case.stage):
        known = "、".join(case.stage.outcomes.values_list("label", flat=True))
        raise Misspelt(f"“{case.stage}”没有结果“{label}”（有：{known}）")
    if step.facts.get("seals", True):
        _look_at_seals(case, by, step)
    asked = checks.asking([*steps.filing_checks(case), *kinds.of(case).state_checks(case, at=step.at)])
    waive = step.facts.get("waive", "")
    steps.decide(
        case,
        outcome.key if outcome else label,
        by=by,
        at=step.at,
        opinion=step.facts.get("opinion", ""),
        waivers={check.key: waive for check in asked} if waive else {},
        named_day=step.facts.get("named_day"),
        met_on=step.facts.get("met_on"),
        minutes=step.facts.get("minutes", ""),
        demands=step.facts.get("demands", measuring.DEMANDS),
    )


def _look_at_seals(case: Case, by: Any, step: Step) -> None:
    sealed = case.procedure.materials.filter(sealed=True).values("key")
    for material in case.materials.filter(replaced_at=None, seal_checked_at=None, key__in=sealed):
        try:
            steps.verify_seal(material, by=by, at=step.at)
        except Refused:
            return  # who may not look will be told by the decision itself


def _publicise(step: Step, scene: Scene) -> None:
    publicity_steps.open_period(scene.case(step), by=scene.person(step, "经办人"), at=step.at)


def _publicise_elsewhere(step: Step, scene: Scene) -> None:
    where = step.facts["publicise_elsewhere"]
    elsewhere = publicity_steps.Elsewhere(where["url"], where["since"])
    by = scene.person(step, "经办人")
    publicity_steps.open_period(scene.case(step), by=by, at=step.at, elsewhere=elsewhere)


def _object(step: Step, scene: Scene) -> None:
    publicity_steps.lodge(
        _item(scene.case(step)),
        at=step.at,
        person=Objection.Person.INDIVIDUAL,
        name="演练人（虚构）",
        contact="演练电话（虚构）",
        matter=step.facts["object"] or MATTER,
        received_on=step.facts.get("received"),
        by=scene.person(step, "经办人") if step.facts.get("received") else None,
    )


def _item(case: Case) -> PublicityItem:
    item = (
        PublicityItem.objects.filter(case=case)
        .select_related("period")
        .order_by("-period__opened_at")
        .first()
    )
    if item is None:
        raise Misspelt(f"{case} 还没有公示过")
    return item


def _objection(scene: Scene, step: Step) -> Objection:
    """The first that is not concluded."""
    open_ones = Objection.objects.filter(item__case=scene.case(step), state__in=Objection.OPEN)
    objection = open_ones.select_related("item").order_by("entered_at").first()
    if objection is None:
        raise Misspelt("没有待处理的异议")
    return objection


def _accept(step: Step, scene: Scene) -> None:
    publicity_steps.accept(_objection(scene, step), by=scene.person(step, "经办人"), at=step.at)


def _not_accept(step: Step, scene: Scene) -> None:
    said, by = step.facts["not_accept"], scene.person(step, "经办人")
    refusals = {str(label): value for value, label in Objection.Refusal.choices}
    if said not in refusals:
        raise Misspelt(f"没有不予受理的原因“{said}”（有：{'、'.join(refusals)}）")
    publicity_steps.not_accept(
        _objection(scene, step), refusal=refusals[said], words="演练：不予受理。", by=by, at=step.at
    )


def _settle(step: Step, scene: Scene) -> None:
    """The conclusion, with whatever has to come before it."""
    said, by = step.facts["settle"], scene.person(step, "经办人")
    objection = _objection(scene, step)
    if objection.state == Objection.State.RECEIVED:
        publicity_steps.accept(objection, by=by, at=step.at)
    publicity_steps.note(objection, words="演练：已核实。", by=by, at=step.at)
    publicity_steps.conclude(
        objection, conclusion=CONCLUSIONS[said], words="演练：经核实。", by=by, at=step.at
    )


def _take_down(step: Step, scene: Scene) -> None:
    period = _item(scene.case(step)).period
    reason = step.facts["take_down"]
    publicity_steps.take_down(period, by=scene.person(step, "经办人"), at=step.at, reason=reason)


def _send_back(step: Step, scene: Scene) -> None:
    by, reason = scene.person(step, "经办人"), step.facts["send_back"]
    publicity_steps.send_back(scene.case(step), by=by, at=step.at, reason=reason)


def _release(step: Step, scene: Scene) -> None:
    with engine.locked(scene.case(step).pk) as (case, register):
        effect.take_effect(case, register, by=scene.person(step, "经办人"), at=step.at)


def _correct(step: Step, scene: Scene) -> None:
    correcting.correct(step, scene, _operation)


def _hold(step: Step, scene: Scene) -> None:
    _change(deadline_acts.hold, step, scene, reason=step.facts["hold"])


def _resume(step: Step, scene: Scene) -> None:
    _change(deadline_acts.resume, step, scene, reason=step.facts["resume"])


def _extend(step: Step, scene: Scene) -> None:
    reason = step.facts.get("reason", LONGER)
    _change(deadline_acts.extend, step, scene, reason=reason, number=step.facts["extend"])


def _change(act: Callable[..., Any], step: Step, scene: Scene, **how: Any) -> None:
    by = scene.person(step, "审定人")
    with engine.locked(scene.case(step).pk) as (case, _):
        act(case, by=by, at=step.at, **how)


def _sweep(step: Step, scene: Scene) -> None:
    report = sweep.sweep(step.at)
    if report.failed:
        raise Misspelt(f"系统办理失败：{report.failed}")


def _office_decides(step: Step, scene: Scene) -> None:
    deciding.decide(scene, step.facts["office_decides"], by=step.facts.get("by", "规则编辑"), at=step.at)


def _end_rulebook(step: Step, scene: Scene) -> None:
    told, by = step.facts["end_rulebook"], scene.person(step, "规则编辑")
    rulebook = deciding.latest(scene)
    standing.record_end(rulebook, ends_on=told["on"], event=told["event"], by=by, at=step.at)


def _count(step: Step, scene: Scene) -> None:
    scene.counted = counting.count(scene, step.facts["count"], at=step.at)


def _look(step: Step, scene: Scene) -> None:
    """Nothing happens; what is expected is looked at."""


ACTS: dict[str, Callable[[Step, Scene], None]] = {
    "file": _file,
    "refile": _refile,
    "withdraw": _withdraw,
    "decide": _decide,
    "publicise": _publicise,
    "publicise_elsewhere": _publicise_elsewhere,
    "gather": batching.gather,
    "take_out": batching.take_out,
    "split_off": batching.split_off,
    "publicise_batch": batching.publicise,
    "object": _object,
    "accept": _accept,
    "not_accept": _not_accept,
    "settle": _settle,
    "take_down": _take_down,
    "send_back": _send_back,
    "release": _release,
    "correct": _correct,
    "set_aside": correcting.set_aside,
    "enter_ground": measuring.enter,
    "propose": measuring.propose,
    "propose_everywhere": measuring.propose_everywhere,
    "carry_out": _carry_out,
    "follow_up": measuring.follow_up,
    "serve": measuring.serve,
    "open_letters": measuring.open_letters,
    "answer": measuring.answer,
    "keep": correcting.keep,
    "hold": _hold,
    "resume": _resume,
    "extend": _extend,
    "sweep": _sweep,
    "office_decides": _office_decides,
    "end_rulebook": _end_rulebook,
    "count": _count,
    "look": _look,
}
