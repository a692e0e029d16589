"""Entry: into which categories, under which conditions, and how many are meant to be taken."""

from collections import Counter

from cities import keys
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
    rows = facts.belong(Condition, ENTRY)
    if not rows:
        return []
    tally = Counter(one.get_strictness_display() for one in rows)
    parts = "，".join(f"{word} {number} 条" for word, number in tally.items())
    return [Line(f"{len(rows)} 条", f"：{parts}", cites=cites(*rows))]


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
    rows = [one for measure in MEASURES for one in facts.limits(measure)]
    return [limit_line(facts, one, about=one.get_measure_display()) for one in rows]


GROUP = Group(
    "入库",
    (
        Topic("类别", _categories),
        Topic("条件几条", _conditions),
        Topic("条件里的数值", _numbers),
        Topic("申报的限制", _limits),
        Topic("计划数", _quotas),
    ),
)
