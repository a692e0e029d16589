"""Where a title that takes several lines is broken: into lines of about the same length, and not within a word or a name
(GB/T 9704-2012, 7.3.1)."""

import re
from collections.abc import Container, Iterable, Mapping
from math import ceil
from typing import NamedTuple

# Characters of 二号 in a line of 156 mm.
WIDEST = 20
# How many lines more than it takes at least a title may have, if that keeps something whole.
MORE = 2
# What stands in titles of documents of any office; longer ones first.
WORDS = (
    "中小企业",
    "数字化转型",
    "有限责任公司",
    "股份有限公司",
    "有限公司",
    "通报批评",
    "限期整改",
    "合作伙伴",
    "产品和服务目录",
    "关于",
    *("公告", "通知", "通报", "决定", "公示", "批评", "警告"),
    *("予以", "取消", "清退", "责令", "撤销", "撤回", "更正", "变更", "新增", "公布", "退出", "移出"),
    *("资格", "单位", "名单", "合作", "试点", "城市", "服务商", "有关", "评价", "不合格", "数字化"),
)
# Between these a title in the office's own words is made of phrases, which are kept whole as long as they are short.
PARTING = "关于|[的和与对将及并、，：；（）《》“”]"
LONGEST_PHRASE = 8
# A line that begins with one of these reads on from the one above; one that ends so reads on below, where there is another way.
NEVER_FIRST = "的、，。；：）》”"
NEVER_LAST = "（《“"
RATHER_NOT_LAST = "与和对将及并"


def lines(title: str, names: Iterable[str] = ()) -> list[str]:
    """Nothing that fits on a line is parted; then as few lines as it fits on. `names` are kept whole where they fit on one."""
    number = ceil(len(title) / WIDEST)
    if number < 2:
        return [title]
    inside = _inside(title, list(names))
    best: dict[int, Broken] = {0: Broken((0, 0, 0), ())}
    found: list[Broken] = []
    for _ in range(number + MORE):
        best = _one_more(title, best, inside)
        if len(title) in best:
            found.append(best[len(title)])
    return list(min(found, key=lambda one: one.cost).parts) if found else [title]


class Broken(NamedTuple):
    """The beginning of a title in lines: what its breaks cost, how many lines there are, then the squares of their lengths."""

    cost: tuple[int, int, int]
    parts: tuple[str, ...]


def _one_more(title: str, best: Mapping[int, Broken], inside: Container[int]) -> dict[int, Broken]:
    """The best ways to fill one line more, by the place they reach."""
    found: dict[int, Broken] = {}
    for start, ((parted, many, squares), parts) in best.items():
        for end in range(start + 1, min(start + WIDEST, len(title)) + 1):
            if end < len(title) and (title[end] in NEVER_FIRST or title[end - 1] in NEVER_LAST):
                continue
            wrong = _wrong(title, end, inside)
            to_here = parted + wrong, many + 1, squares + (end - start) ** 2
            if end not in found or to_here < found[end].cost:
                found[end] = Broken(to_here, (*parts, title[start:end]))
    return found


def _wrong(title: str, place: int, inside: Container[int]) -> int:
    """What a break there costs: most where it parts something."""
    if place in inside:
        return 2
    return int(place < len(title) and title[place - 1] in RATHER_NOT_LAST)


def _inside(title: str, names: list[str]) -> set[int]:
    """The places at which a break would part something: a name, a word, a number, or a short phrase between the names."""
    known = "|".join(re.escape(one) for one in sorted(names, key=len, reverse=True) if one)
    phrases = re.split(f"{known}|{PARTING}" if known else PARTING, title)
    short = [one for one in phrases if one and len(one) <= LONGEST_PHRASE]
    whole = [re.escape(one) for one in (*names, *WORDS, *short) if one and len(one) <= WIDEST]
    spans = [found.span() for one in [*whole, r"[0-9A-Za-z]+"] for found in re.finditer(one, title)]
    return {place for start, end in spans for place in range(start + 1, end)}
