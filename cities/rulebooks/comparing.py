"""Two versions of a programme's rules side by side: which articles, which rows, which values differ, in plain Chinese."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from cities.models import Article, Rulebook
from cities.rulebooks import content, schema
from cities.rulebooks.content import Content, Difference
from cities.rulebooks.describe import describe
from cities.rulebooks.schema import Key

HEAD, ARTICLES = "文本", "条款"
NOTHING = "无"


@dataclass(frozen=True)
class Changed:
    """One line of the comparison. `mark` is add, end or edit; `field` is empty where a whole row came or went."""

    mark: str
    article: str
    section: str
    place: str
    field: str
    old: str
    new: str


def before(rulebook: Rulebook) -> Rulebook | None:
    """The version it was made from, else the one with the number before."""
    if rulebook.based_on is not None:
        return rulebook.based_on
    earlier = Rulebook.objects.filter(programme=rulebook.programme_id, version__lt=rulebook.version)
    return earlier.select_related("programme__city").order_by("version").last()


def compare(old: Rulebook, new: Rulebook) -> list[Changed]:
    """A fixed number of queries, whatever differs. That a draft has no first day yet is no difference."""
    was, now = _Version(old), _Version(new)
    return [
        _changed(one, was, now)
        for one in content.differences(was.content, now.content)
        if not (one.field == "effective_from" and one.new is None)
    ]


def articles_of(changes: Iterable[Changed]) -> list[str]:
    return list(dict.fromkeys(one.article for one in changes if one.article))


class _Version:
    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.content: Content = content.of_rulebook(rulebook)
        self.rows = {
            (section.name, content.place_of(row)): row
            for section in schema.every_section()
            for row in content.rows_sharing(rulebook, section.model)
        }

    def article(self, section: str, place: str) -> str:
        if section == "rulebook":
            return self.rulebook.validity_article
        if section == "articles":
            return place if place in self.content.articles else ""
        row = self.rows.get((section, place))
        return row.article.number if row else ""

    def whole(self, section: str, place: str) -> str:
        if section == "articles":
            return str(self.content.articles.get(place, {}).get("heading", NOTHING))
        row = self.rows.get((section, place))
        return describe(row) if row else NOTHING

    def value(self, difference: Difference, key: Key | None) -> str:
        of = {
            "rulebook": {"": self.content.rulebook},
            "articles": self.content.articles,
            **self.content.rows,
        }
        said = of.get(difference.section, {}).get(difference.place, {})
        return _shown(key, said.get(difference.field, key.default if key else None))


def _changed(one: Difference, was: _Version, now: _Version) -> Changed:
    article = now.article(one.section, one.place) or was.article(one.section, one.place)
    title, keys = _section(one.section)
    if not one.field:
        mark = "add" if one.old is None else "end"
        old, new = was.whole(one.section, one.place), now.whole(one.section, one.place)
        return Changed(mark, article, title, one.place, "", old, new)
    key = keys.get(one.field)
    field = str(key.field.verbose_name) if key else "次序"
    return Changed("edit", article, title, one.place, field, was.value(one, key), now.value(one, key))


def _section(name: str) -> tuple[str, dict[str, Key]]:
    if name in ("rulebook", "articles"):
        return (HEAD, schema.head(Rulebook)) if name == "rulebook" else (ARTICLES, schema.head(Article))
    section = next(section for section in schema.every_section() if section.name == name)
    return section.title, section.keys


def _shown(key: Key | None, value: Any) -> str:
    """A value as staff know it: a choice by its name, yes and no, a list one after the other, a reading as a sentence."""
    if value in (None, "", []):
        return NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "；".join(_one(item) for item in value)
    labels = dict(key.field.flatchoices) if key and isinstance(key.field, models.CharField) else {}
    return str(labels.get(value, value))


def _one(item: Any) -> str:
    """A name, or a reading with what else could be meant."""
    if not isinstance(item, dict):
        return str(item)
    others = [_alternative(one) for one in item.get("alternatives", [])]
    besides = f"（还可以：{'；'.join(others)}）" if others else ""
    about = f"〔{'、'.join(item['of'])} 由此而来〕" if item.get("of") else ""
    return f"{item.get('question', '')}{item.get('reading', '')}{about}{besides}"


def _alternative(one: Any) -> str:
    if not isinstance(one, dict):
        return str(one)
    if "why_not" in one:
        return f"{one['reading']}〔{one['why_not']}〕"
    sets = "、".join(f"{name} {value}" for name, value in one.get("sets", {}).items())
    return f"{one.get('reading', '')}〔{sets}〕"
