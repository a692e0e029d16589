"""What stands before a story begins: the list, the districts, office decisions, an adopted text."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cities.models import Category, District, Programme, Rulebook
from portal.rehearsals import deciding
from portal.rehearsals.people import Companies, People
from portal.rehearsals.reading import Rehearsal
from portal.rehearsals.scene import Misspelt, Scene
from providers import registry
from providers.listed import ListedItem, ListedPartner, ListedUnit


def arrange(rehearsal: Rehearsal, at: datetime) -> Scene:
    programme = Programme.objects.select_related("city").filter(slug=rehearsal.programme).first()
    if programme is None:
        raise Misspelt(f"规则文件 {rehearsal.rulebook.name} 不是项目“{rehearsal.programme}”的")
    scene = Scene(rehearsal, programme, People(programme, at))
    for name in rehearsal.given.get("districts") or []:
        District.objects.get_or_create(city=programme.city, name=name)
    if adopted := rehearsal.given.get("adopted"):
        _adopt(scene, adopted, at)
    for decision in rehearsal.given.get("decisions") or []:
        deciding.decide(scene, decision, by="规则编辑", at=at)
    units = rehearsal.given.get("units") or {}
    if units:
        published_on = timezone.localtime(at).date()
        listed = [_unit(scene, name, facts, published_on) for name, facts in units.items()]
        registry.enter(registry.lock(programme), listed, at=at)
    return scene


def _unit(scene: Scene, name: str, facts: dict[str, Any], published_on: date) -> ListedUnit:
    companies, category = scene.companies, _category(scene, facts.get("category"))
    partners = facts.get("partners") or {}
    if len(set(facts["industries"])) < len(facts["industries"]):
        raise Misspelt(f"“{name}”的行业写了两次")
    return ListedUnit(
        companies.code(name),
        Companies.full(name),
        entered_on=facts.get("entered_on") or published_on,
        place=facts.get("place", ""),
        district=facts.get("district", ""),
        entries=tuple((category, industry(scene, called)) for called in facts["industries"]),
        partners=tuple(
            ListedPartner(industry(scene, called), companies.code(partner), Companies.full(partner))
            for called, some in partners.items()
            for partner in some
        ),
        items=tuple(ListedItem(code, title) for code, title in (facts.get("items") or {}).items()),
    )


def industry(scene: Scene, name: str) -> str:
    """The key of an industry by its name."""
    found = scene.programme.industries.filter(name=name).first()
    if found is None:
        known = "、".join(scene.programme.industries.values_list("name", flat=True))
        raise Misspelt(f"没有行业“{name}”（有：{known}）")
    return str(found.key)


def _category(scene: Scene, name: str | None) -> str:
    rows = Category.objects.filter(rulebook__programme=scene.programme).order_by("rulebook__version", "order")
    found = rows.filter(name=name).first() if name else rows.first()
    if found is None:
        raise Misspelt(f"没有类别“{name or '（规则里一类也没有）'}”")
    return str(found.key)


def _adopt(scene: Scene, day: date, at: datetime) -> None:
    text = Rulebook.objects.filter(programme=scene.programme, standing=Rulebook.Standing.CONSULTATION).first()
    if text is None:
        raise Misspelt("没有征求意见稿可采纳")
    deciding.adopt(scene, text, day, at=at)
