"""The city with its districts, the programme and its industries: created when missing, never overwritten, for staff keep them from then on."""

from typing import Any

from django.db import models

from cities.models import City, District, Industry, Programme
from cities.rulebooks import schema
from cities.rulebooks.draft import Draft, Part


def settle(draft: Draft) -> tuple[Programme | None, list[str]]:
    """The programme of a draft and what is to be said about it; None, with a problem, if it is not free to be this one."""
    notes: list[str] = []
    city = _keep(City, {"slug": draft.city.values["slug"]}, draft.city, notes)
    for part in draft.districts:
        _keep(District, {"city": city, "name": part.values["name"]}, part, notes)
    slug = draft.programme.values["slug"]
    if _is_taken(draft, city, slug):
        return None, notes
    programme = _keep(Programme, {"slug": slug, "city": city}, draft.programme, notes)
    for order, part in enumerate(draft.industries, start=1):
        if not _name_is_taken(draft, programme, part):
            _keep(Industry, {"programme": programme, "key": part.values["key"]}, part, notes, order=order)
    return (None if draft.problems.errors else programme), notes


def _keep(
    model: type[models.Model], identity: dict[str, Any], part: Part, notes: list[str], **placed: Any
) -> Any:
    found = model._default_manager.filter(**identity).first()
    if found is None:
        return model._default_manager.create(**{**part.values, **identity, **placed})
    for key in schema.head(model).values():
        told = part.get(key.column)
        if told is not None and told != getattr(found, key.column):
            notes.append(
                f"{part.path}.{key.name} 与已有的不同，没有改动：{getattr(found, key.column) or '空'}（文件里是 {told}）"
            )
    return found


def _is_taken(draft: Draft, city: City, slug: str) -> bool:
    """Whether another city already has this programme, or another programme this prefix."""
    other = Programme.objects.filter(slug=slug).exclude(city=city).first()
    if other is not None:
        line = draft.programme.line_of("slug")
        draft.problems.add(line, "programme.slug", f"“{slug}”已是{other}的代码（应换一个）")
    prefix = draft.programme.values["number_prefix"]
    holder = Programme.objects.filter(number_prefix=prefix).exclude(slug=slug).first()
    if holder is not None:
        line = draft.programme.line_of("number_prefix")
        draft.problems.add(line, "programme.number_prefix", f"编号前缀“{prefix}”已由{holder}使用（应换一个）")
    return other is not None or holder is not None


def _name_is_taken(draft: Draft, programme: Programme, part: Part) -> bool:
    same = Industry.objects.filter(programme=programme, name=part.values["name"]).exclude(
        key=part.values["key"]
    )
    if (found := same.first()) is None:
        return False
    draft.problems.add(
        part.line, f"{part.path}.name", f"行业“{found.name}”已有，代码是 {found.key}（应用这个代码）"
    )
    return True
