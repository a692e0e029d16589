"""Limits on serving pilot enterprises: a row for each measure that the vocabulary knows of them."""

from collections.abc import Callable

from cities import keys
from cities.comparison.cells import Line
from cities.comparison.facts import Facts
from cities.comparison.topics.topic import Group, Topic
from cities.comparison.words import limit_line

MEASURES = {key: one.title for key, one in keys.LIMITS.items() if one.kinds == ("pilot_project",)}


def _limited(measure: str) -> Callable[[Facts], list[Line]]:
    def answer(facts: Facts) -> list[Line]:
        return [limit_line(facts, one) for one in facts.limits(measure)]

    return answer


GROUP = Group("服务试点企业", tuple(Topic(title, _limited(key)) for key, title in MEASURES.items()))
