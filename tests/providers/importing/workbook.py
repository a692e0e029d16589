"""What these tests share."""

from datetime import date
from pathlib import Path
from typing import Any

from cities.models import Programme
from providers import importing
from tests.providers.codes import code
from tests.providers.conftest import moment

AT = moment("2026-03-01T10:00")

UNIT_ROWS: list[list[Any]] = [
    [code(1), "示例智造科技有限公司", "示例市", "牵引单位", "食品饮料", date(2025, 12, 15)],
    [code(1), "示例智造科技有限公司", "示例市", "牵引单位", "纺织服装", date(2025, 12, 15)],
    [code(2), "范例数字科技有限公司", None, "牵引单位", "食品饮料", date(2025, 12, 16)],
]

PARTNER_ROWS: list[list[Any]] = [
    [code(1), "食品饮料", code(101), "样例物联技术有限公司"],
    [code(1), "纺织服装", code(101), "样例物联技术有限公司"],
    [code(2), "食品饮料", code(102), "假想冷链数据有限公司"],
]

ITEM_ROWS: list[list[Any]] = [
    [code(1), "P-01", "排产软件", "36,000 元／年", "面向小微企业"],
    [code(2), "P-01", "质检软件", 500, None],
]


def problems(path: Path, programme: Programme, **options: Any) -> list[str]:
    plan = importing.read(path, programme, at=AT, **options)
    return [str(line) for line in plan.problems]


def row(rows: list[list[Any]], number: int, **changed: Any) -> list[list[Any]]:
    """The rows with cells of one replaced, by place."""
    copy = [list(one) for one in rows]
    copy[number] += [None] * (7 - len(copy[number]))
    for place, value in changed.items():
        copy[number][int(place[1:])] = value
    return copy
