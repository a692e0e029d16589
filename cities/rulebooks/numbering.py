"""How texts number their articles: which one an item stands under."""

import re
from collections.abc import Iterable

# 第十五条（三）, 4.6.1, 二（一）1; what follows is a title that the text writes into the number.
NUMBER = re.compile(
    r"""(?: 第[〇零一二三四五六七八九十百]+条(?:之[一二三四五六七八九十]+)?
        | [〇一二三四五六七八九十百]+ (?=（) | \d+(?:\.\d+)* )
        (?:（[^（）]+）)* \d* """,
    re.VERBOSE,
)
LAST_PART = re.compile(r"(?:（[^（）]+）|\.\d+|(?<=）)\d+)$")


def bare(number: str) -> str:
    """二（一） of 二（一）基本条件; the whole of what is numbered in no such way."""
    found = NUMBER.match(number)
    return found.group() if found else number


def above(number: str) -> str:
    """The number an item stands under: 4.6 of 4.6.1, 二（一） of 二（一）1; empty at the top."""
    numbered = bare(number)
    last = LAST_PART.search(numbered)
    return numbered[: last.start()] if last else ""


def items(numbers: Iterable[str]) -> set[str]:
    """Those that stand under another one of these."""
    known = list(numbers)
    tops = {bare(one) for one in known}
    return {one for one in known if above(one) in tops}
