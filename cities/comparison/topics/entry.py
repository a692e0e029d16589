"""Entry: into which categories, under which conditions, and how many are meant to be taken."""

from collections.abc import Sequence

from cities import keys
from cities.comparison import items
from cities.comparison.cells import STRICTNESS, Line, cited, cites
from cities.comparison.facts import Facts
from cities.comparison.topics.topic import Group, Topic
from cities.comparison.words import limit_line
from cities.models import Category, Condition, Limit, Quota

ENTRY, REENTRY = "entry", "reentry_after_clearance"
MEASURES = [key for key, one in keys.LIMITS.items() if ENTRY in one.kinds and key != REENTRY]


def _categories(facts: Facts) -> list[Line]:
    return [cited(one, one.name) for one in facts.of(Category)]


def _conditions(facts: Facts) -> list[Line]:
    """Article by article; an item that only a limit carries out is one of its article's items all the same."""
    rows: list[Condition | Limit] = [*facts.belong(Condition, ENTRY), *_limit_rows(facts)]
    return [_of_article(found) for found in items.by_article(rows) if _conditions_among(found)]


def _of_article(rows: Sequence[Condition | Limit]) -> Line:
    conditions = _conditions_among(rows)
    words = dict.fromkeys(one.get_strictness_display() for one in conditions)
    only = {str(one.category or "") for one in conditions}
    about = only.pop() if len(only) == 1 else ""
    return Line(_how_many(rows), f"，{'、'.join(words)}", about, cites=cites(*rows))


def _how_many(rows: Sequence[Condition | Limit]) -> str:
    if all(items.is_item(one.article.number) for one in rows):
        return f"{items.count(rows)} 项"
    return f"{items.count(_conditions_among(rows))} 个条件"


def _conditions_among(rows: Sequence[Condition | Limit]) -> list[Condition]:
    return [one for one in rows if isinstance(one, Condition)]


def _numbers(facts: Facts) -> list[Line]:
    return [_number(one) for one in facts.belong(Condition, ENTRY) if one.number is not None]


def _number(row: Condition) -> Line:
    only = f"，限{row.category}" if row.category else ""
    back = f"，看最近 {row.lookback_months} 个月" if row.lookback_months else ""
    in_principle = row.strictness == Condition.Strictness.IN_PRINCIPLE
    tag = STRICTNESS[Limit.Strictness.IN_PRINCIPLE] if in_principle else None
    return cited(row, f"{row.get_comparator_display()} {row.number} {row.unit}", only + back, row.label, tag)


def _quotas(facts: Facts) -> list[Line]:
    planned = STRICTNESS[Limit.Strictness.PLANNED]
    return [
        cited(one, f"{one.get_per_display()} {_range(one)} 家", about=str(one.category), tag=planned)
        for one in facts.of(Quota)
    ]


def _range(row: Quota) -> str:
    return str(row.at_least) if row.at_least == row.at_most else f"{row.at_least}—{row.at_most}"


def _limits(facts: Facts) -> list[Line]:
    return [limit_line(facts, one, about=one.get_measure_display()) for one in _limit_rows(facts)]


def _limit_rows(facts: Facts) -> list[Limit]:
    return [one for measure in MEASURES for one in facts.limits(measure)]


GROUP = Group(
    "入库",
    (
        Topic("类别", _categories),
        Topic("条件有几项", _conditions),
        Topic("条件里的数值", _numbers),
        Topic("申报的限制", _limits),
        Topic("计划数", _quotas),
    ),
)
