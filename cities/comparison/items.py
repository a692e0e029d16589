"""Counting as a text counts: by its items, where one of them may be carried out by several rows."""

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from cities.models import CitedRow

Row = TypeVar("Row", bound=CitedRow)

# Items are 第七条（一）, 二（一）1 and 4.4.1; an article such as 第七条 or 4.4 may hold several rules that have no number.
ITEM = re.compile(r"(.+)（[一二三四五六七八九十百]+）|(.+）)\d+|(\d+\.\d+)\.\d+")


def count(rows: Iterable[CitedRow]) -> int:
    """Rows of one item count once, rows of an article without items each."""
    places = ((row.article.number, row.pk) for row in rows)
    return len({number if is_item(number) else f"{number} {pk}" for number, pk in places})


def by_article(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows of each article with those of its items, in the order of the rows."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(_whole(row.article.number), []).append(row)
    return list(found.values())


def is_item(number: str) -> bool:
    return ITEM.fullmatch(number) is not None


def _whole(number: str) -> str:
    match = ITEM.fullmatch(number)
    return next(filter(None, match.groups())) if match else number
