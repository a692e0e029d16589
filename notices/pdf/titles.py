"""Where a title that takes several lines is broken: into lines of about the same length, and not within a word or a name
(GB/T 9704-2012, 7.3.1)."""

import re
from collections.abc import Container, Iterable, Mapping
from math import ceil
from typing import NamedTuple

# Characters of 二号 in a line of 156 mm.
WIDEST = 20
# What stands in titles of documents of any office; longer ones first.
WORDS = (
    "中小企业",
    "数字化转型",
    "有限责任公司",
    "有限公司",
    "通报批评",
    "限期整改",
    "合作伙伴",
    "产品和服务目录",
    "关于",
    *("公告", "通知", "通报", "决定", "公示"),
    *("予以", "取消", "清退", "责令", "撤销", "撤回", "更正", "变更", "新增", "资格", "单位", "名单", "合作"),
    *("试点", "服务商", "有关"),
)
# A line that begins with one of these reads on from the one above.
NEVER_FIRST = "的、，。；：）》”与和"


def lines(title: str, names: Iterable[str] = ()) -> list[str]:
    """As few as it fits on. `names` are kept whole where they fit on a line."""
    number = ceil(len(title) / WIDEST)
    if number < 2:
        return [title]
    inside = _inside(title, [*names, *WORDS])
    best: dict[int, Broken] = {0: Broken((0, 0), ())}
    for _ in range(number):
        best = _one_more(title, best, inside)
    return list(best[len(title)].parts) if len(title) in best else [title]


class Broken(NamedTuple):
    """The beginning of a title in lines: how many breaks part something, then the squares of their lengths."""

    cost: tuple[int, int]
    parts: tuple[str, ...]


def _one_more(title: str, best: Mapping[int, Broken], inside: Container[int]) -> dict[int, Broken]:
    """The best ways to fill one line more, by the place they reach."""
    found: dict[int, Broken] = {}
    for start, (cost, parts) in best.items():
        for end in range(start + 1, min(start + WIDEST, len(title)) + 1):
            if end < len(title) and title[end] in NEVER_FIRST:
                continue
            to_here = cost[0] + (end in inside), cost[1] + (end - start) ** 2
            if end not in found or to_here < found[end].cost:
                found[end] = Broken(to_here, (*parts, title[start:end]))
    return found


def _inside(title: str, kept: Iterable[str]) -> set[int]:
    """The places at which a break would part something."""
    whole = [re.escape(one) for one in kept if one and len(one) <= WIDEST]
    spans = [found.span() for one in [*whole, r"[0-9A-Za-z]+"] for found in re.finditer(one, title)]
    return {place for start, end in spans for place in range(start + 1, end)}
