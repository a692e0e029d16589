"""What a step brought about, and where that is not what was expected."""

import re
from collections.abc import Callable
from typing import Any

from django.utils.timezone import localtime

from cases import checks, kinds
from cases.errors import Refused
from cases.models import Deadline, GroundFound
from cases.steps import filing_checks
from changes.allowance import allowances
from cities import keys
from cities.calendar import BackSpan
from cities.models import Category
from cities.queries import procedure_in_force
from cities.rulebooks import page
from cities.rulebooks.values import closest
from clearance import followups
from portal.rehearsals import correcting, deciding, measuring
from portal.rehearsals.people import NOBODY
from portal.rehearsals.reading import Step
from portal.rehearsals.scene import Counted, Difference, Misspelt, Scene
from providers import bars
from providers.models import Registration
from providers.queries import edition_at, snapshot
from publicity import aftermath
from publicity.models import Objection, PublicityItem
from records.models import Event

ABSENT, NOT, NONE = "不在", "没有", "无"


def differences(step: Step, scene: Scene) -> list[Difference]:
    """Every expectation that was not met; a refusal that nobody expected is one too."""
    expected, refusal = step.expected, scene.refusal
    if refusal and "refused" not in expected:
        return [_told(step, scene, "refused", "照办", said(refusal))]
    found = []
    for what, wanted in expected.items():
        got = LOOKS[what](step, scene, wanted)
        if got != wanted:
            found.append(_told(step, scene, what, wanted, got))
    return found


def _told(step: Step, scene: Scene, what: str, wanted: Any, got: Any) -> Difference:
    return Difference(step, what, wanted, got, _events(scene))


def _events(scene: Scene) -> tuple[str, ...]:
    case = scene.cases.get(scene.latest)
    rows = Event.objects.filter(case=case).order_by("at", "pk") if case else []
    return tuple(f"{localtime(row.at):%Y-%m-%d %H:%M} {row.actor_name} {row.summary}" for row in rows)


def said(refusal: Refused) -> str:
    """Everything a refusal says, its problems one by one."""
    return "；".join([refusal.message, *(f"{one.message}（{one.article}）" for one in refusal.problems)])


def _refused(step: Step, scene: Scene, wanted: str) -> str:
    """The wanted words where they are among what was said, else all that was said."""
    if scene.refusal is None:
        return "照办了"
    told = said(scene.refusal)
    return wanted if wanted in told else told


def _because(step: Step, scene: Scene, wanted: str) -> str:
    """The article that the refusal, the counted span or the running deadline rests on."""
    if scene.refusal:
        cited = [one.article for one in scene.refusal.problems]
        cited += [wanted] if _is_cited(wanted, scene.refusal.message) else []
        return wanted if wanted in cited else "、".join(filter(None, cited)) or scene.refusal.message
    if scene.counted:
        return scene.counted.article
    if step.expected.get("asks"):
        asked = _asks(step, scene, [])
        return wanted if wanted in asked else "、".join(asked)
    deadline = _deadline(step, scene)
    return str(deadline.article) if deadline else _article_of_stage(step, scene)


def _is_cited(article: str, sentence: str) -> bool:
    """As a whole: 第十五条 is not cited by 第十五条（三）, nor 2 by 12 or 2026."""
    return bool(re.search(rf"(?<![\d.第]){re.escape(article)}(?![\d.（])", sentence))


def _article_of_stage(step: Step, scene: Scene) -> str:
    if scene.latest not in scene.cases:
        return _rulebook_article(scene)
    case = scene.case(step)
    return str(case.stage.article) if case.stage else str(case.procedure.article)


def _rulebook_article(scene: Scene) -> str:
    return str(deciding.latest(scene).validity_article)


def _asks(step: Step, scene: Scene, wanted: list[str]) -> list[str]:
    case = scene.case(step)
    asked = checks.asking([*filing_checks(case), *kinds.of(case).state_checks(case, at=step.at)])
    return sorted({check.article for check in asked})


def _stage(step: Step, scene: Scene, wanted: str) -> str:
    case = scene.case(step)
    known = [*case.procedure.stages.values_list("label", flat=True), NOBODY]
    if wanted not in known:
        raise Misspelt(f"规则里没有环节“{wanted}”（{closest(wanted, known)}）")
    return case.stage.label if case.stage else NOBODY


def _published_with(step: Step, scene: Scene, wanted: list[str]) -> list[str]:
    edition = scene.case(step).edition
    others = {name: one.pk for name, one in scene.cases.items() if one.pk != scene.case(step).pk}
    same = set(edition.cases.values_list("pk", flat=True)) if edition else set()
    return sorted(name for name, key in others.items() if key in same)


def _waits_for(step: Step, scene: Scene, wanted: str) -> str:
    waiting = scene.case(step).waiting_for
    return keys.ACTORS[waiting] if waiting else NOBODY


def _result(step: Step, scene: Scene, wanted: str) -> str:
    return str(scene.case(step).get_result_display())


def _owner(step: Step, scene: Scene, wanted: str) -> str:
    owner = scene.case(step).owner
    return owner.full_name if owner else NOBODY


def _pinned(step: Step, scene: Scene, wanted: int) -> int:
    rulebook = scene.case(step).rulebook
    return rulebook.version if rulebook else 0


def _deadline(step: Step, scene: Scene) -> Deadline | None:
    if not (step.facts.get("case") or scene.latest):
        return None
    return scene.case(step).deadlines.exclude(state=Deadline.State.VOID).first()


def _span(step: Step, scene: Scene) -> Counted | Deadline:
    found = scene.counted or _deadline(step, scene)
    if found is None:
        raise Misspelt("这一步没有期限可看")
    return found


def _first_day(step: Step, scene: Scene, wanted: Any) -> Any:
    found = _span(step, scene)
    return found.span.opens_on if isinstance(found, Counted) else found.opens_on


def _last_day(step: Step, scene: Scene, wanted: Any) -> Any:
    found = _span(step, scene)
    return found.span.closes_on if isinstance(found, Counted) else found.closes_on


def _counted(step: Step, scene: Scene, wanted: int) -> int:
    found = _span(step, scene)
    if isinstance(found, Counted):
        return len(found.span.counted)
    return sum(day["ordinal"] is not None for day in found.counted)


def _report_by(step: Step, scene: Scene, wanted: Any) -> Any:
    found = _span(step, scene)
    if not (isinstance(found, Counted) and isinstance(found.span, BackSpan)):
        raise Misspelt("report_by 只用于办理之前的报告义务（count: {duty: …}）")
    return found.span.report_by


def _basis(step: Step, scene: Scene, wanted: str) -> str:
    told = _span(step, scene).basis
    return wanted if wanted in told else told


def _edition(step: Step, scene: Scene, wanted: int) -> int:
    edition = edition_at(scene.programme, step.at)
    return edition.number if edition else 0


def _partners(step: Step, scene: Scene, wanted: dict[str, list[str]]) -> dict[str, list[str]]:
    """As they were named where they are these: their order means nothing."""
    now = {name: _behind(scene, name, step) for name in wanted}
    return {name: wanted[name] if set(wanted[name]) == now[name] else sorted(now[name]) for name in wanted}


def _behind(scene: Scene, name: str, step: Step) -> set[str]:
    return {scene.companies.short(one["code"]) for one in snapshot(scene.unit(name), step.at)["partners"]}


def _listed(step: Step, scene: Scene, wanted: str) -> str:
    name = wanted.removesuffix(ABSENT)
    code = scene.companies.code(name)
    there = Registration.objects.current().filter(programme=scene.programme, organisation__credit_code=code)
    return name if there.exists() else f"{name}{ABSENT}"


def _barred(step: Step, scene: Scene, wanted: str) -> str:
    """Whether something that nobody can waive would stand in the way of its applying to come back."""
    name = wanted.removesuffix(NOT)
    organisation = scene.unit(name).organisation
    found = bars.standing([organisation], scene.programme, step.at)[organisation.pk]
    return name if any(one.forbids for one in found) else f"{name}{NOT}"


def _category(step: Step, scene: Scene, wanted: dict[str, str]) -> dict[str, str]:
    """As the public list names it."""
    names = dict(Category.objects.filter(rulebook=deciding.latest(scene)).values_list("key", "name"))
    entries = {name: scene.unit(name).entries.order_by("pk").first() for name in wanted}
    return {
        name: names.get(entry.category, entry.category) if entry else "" for name, entry in entries.items()
    }


def _standing(step: Step, scene: Scene, wanted: str) -> str:
    face = page.standing(deciding.latest(scene), step.at)
    told = f"{face.word}：{face.sentence}"
    return wanted if wanted in told else told


def _applications_left(step: Step, scene: Scene, wanted: str) -> str:
    """As the panel above the application says it, for the first unit of the story."""
    named = next(iter(scene.rehearsal.given.get("units") or {}), None)
    if named is None:
        raise Misspelt("given.units 里没有单位，看不了还可申请几次")
    unit = scene.unit(named)
    procedure = procedure_in_force(scene.programme, deciding.usual_procedure(scene), step.at)
    lines = allowances(unit, procedure, step.at) if procedure else []
    return next((line.left for line in lines if line.left.startswith("还可")), "没有次数限制")


def _in_force(step: Step, scene: Scene, wanted: int) -> int:
    return deciding.in_force(scene, step.at)


def _shown(step: Step, scene: Scene, wanted: list[str]) -> list[str]:
    """The companies of what publicity shows as changed."""
    item = PublicityItem.objects.filter(case=scene.case(step)).order_by("-period__opened_at").first()
    rows = item.shown["differences"] if item else []
    return [scene.companies.short(row["code"]) for row in rows]


def _ground(step: Step, scene: Scene, wanted: str) -> str:
    found = GroundFound.objects.filter(programme=scene.programme).order_by("-found_at", "-pk").first()
    return str(found.get_state_display()) if found else NONE


def _corrects(step: Step, scene: Scene, wanted: int) -> int:
    return correcting.corrected(scene, step.at)


def _became(step: Step, scene: Scene, wanted: str) -> str:
    """As the receipt says it to who lodged the objection."""
    rows = Objection.objects.filter(item__case__programme=scene.programme).select_related("edition")
    objection = rows.order_by("-entered_at").first()
    after = aftermath.of(objection) if objection else None
    told = after.words if after else NONE
    return wanted if wanted in told else told


LOOKS: dict[str, Callable[[Step, Scene, Any], Any]] = {
    "published_with": _published_with,
    "refused": _refused,
    "because": _because,
    "asks": _asks,
    "stage": _stage,
    "waits_for": _waits_for,
    "result": _result,
    "owner": _owner,
    "first_day": _first_day,
    "last_day": _last_day,
    "counted": _counted,
    "report_by": _report_by,
    "basis": _basis,
    "edition": _edition,
    "partners": _partners,
    "listed": _listed,
    "barred": _barred,
    "category": _category,
    "standing": _standing,
    "applications_left": _applications_left,
    "in_force": _in_force,
    "pinned": _pinned,
    "shown": _shown,
    "ground": _ground,
    "found_last": lambda step, scene, wanted: measuring.latest_found(scene) or NONE,
    "follows": lambda step, scene, wanted: measuring.follows(scene.case(step)) or NONE,
    "orders": lambda step, scene, wanted: measuring.orders(scene.case(step)),
    "followups": lambda step, scene, wanted: len(followups.open_of(scene.case(step))),
    "corrects": _corrects,
    "became": _became,
}
