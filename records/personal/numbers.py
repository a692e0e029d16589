"""Numbers that belong to a person: of identity cards, mobile telephones, bank cards and passports."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from records.personal.folding import UNSEEN, folded


class Kind(StrEnum):
    """What it is, in words."""

    IDENTITY = "身份证号码"
    CARD = "银行卡号"
    MOBILE = "手机号码"
    PASSPORT = "护照号码"
    MAIL = "个人邮箱"


# Not even to who is logged in.
NOWHERE = frozenset({Kind.IDENTITY})


@dataclass(frozen=True)
class Found:
    kind: Kind
    start: int
    end: int
    # Without what was written between its digits.
    plain: str

    @property
    def masked(self) -> str:
        """Of a mobile what tells two apart, of an address where it is; of the rest nothing."""
        if self.kind == Kind.MOBILE:
            return f"{self.plain[:3]}****{self.plain[-4:]}"
        return f"***@{self.plain.partition('@')[2]}" if self.kind == Kind.MAIL else "***"


# Between two digits of one number. A line ends it.
_GAP = f"{UNSEEN}*(?:[ .·•_-]{UNSEEN}*){{0,2}}"
# Letters run on on both sides where a number is part of something else, a credit code or a digest for one.
_ALONE, _ENDS = "(?<![0-9A-Za-z])", "(?![0-9A-Za-z])"
# As in "tel13800138000", where a word leads up to a number.
_CALLED = r"(?:(?<![A-Za-z])(?:tel|phone|mobile|mob|wechat|weixin|wx|vx|sj|dh)[:.]?|(?<![0-9A-Za-z]))"
_COUNTRY = rf"(?:(?:\+|00)?86{_GAP})?"
_AMOUNT = r"(?!\s*(?:亿|万|元))"

# Where digits are enough for any of them; only there is anything looked at closely.
_RUN = re.compile(rf"[0-9](?:{_GAP}[0-9]){{9,}}")
# What may belong to it on either side: the word that leads up to it, a last letter and what ends it.
_BEFORE, _AFTER = 12, 4


def _digits(count: int) -> str:
    return rf"[0-9](?:{_GAP}[0-9]){{{count - 1}}}"


def _at(pattern: str) -> re.Pattern[str]:
    """Looked for at each place anew, so that of two that overlap both are tried."""
    return re.compile(rf"{_ALONE}(?=({pattern}){_ENDS})")


_IDENTITY = _at(rf"{_digits(17)}{_GAP}[0-9Xx]")
_OLD_IDENTITY = _at(_digits(15))
_CARDS = [_at(_digits(length)) for length in (19, 18, 17, 16, 15)]
_MOBILE = re.compile(rf"{_CALLED}{_COUNTRY}(1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}){_ENDS}{_AMOUNT}", re.IGNORECASE)
_PASSPORT = re.compile(rf"护照[^0-9A-Za-z]{{0,8}}([A-Za-z]{{1,2}}\d{{7,8}}){_ENDS}")
# Whose name is a number is nobody's office.
_MAIL = re.compile(r"(?<![\w.+-])(\d{5,}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")

_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
# By length: with what the numbers of cards issued here, and of the large networks, begin.
_ISSUERS: dict[int, tuple[str, ...]] = {
    19: ("62", "60", "69", "955"),
    18: ("62",),
    17: ("62",),
    16: ("62", "60", "4", "51", "52", "53", "54", "55", "35"),
    15: ("34", "37"),
}


# Its groups of digits are no number of anybody.
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def find(text: str) -> list[Found]:
    """Every personal number in a text, however it is written, in its order; none lies in another."""
    plain = folded(text)
    found = list(_named(plain))
    for run in _RUN.finditer(_UUID.sub(_blank, plain) if "-" in plain else plain):
        span = max(0, run.start() - _BEFORE), min(len(plain), run.end() + _AFTER)
        found += _in(plain, *span)
    return sorted(_apart(found), key=lambda one: one.start)


def found_in(text: str) -> str:
    """What personal number a text holds, in words; empty where it holds none."""
    found = find(text)
    return str(found[0].kind) if found else ""


def _blank(match: re.Match[str]) -> str:
    return "#" * len(match[0])


def _apart(found: Iterable[Found]) -> list[Found]:
    """The surest first: what they take, no other kind does."""
    taken: list[Found] = []
    for one in found:
        if not any(one.start < other.end and other.start < one.end for other in taken):
            taken.append(one)
    return taken


def _named(text: str) -> Iterator[Found]:
    """What only a word or a sign beside it makes personal."""
    if "@" in text:
        yield from _matching(Kind.MAIL, _MAIL, text, 0, len(text))
    if "护照" in text:
        yield from _matching(Kind.PASSPORT, _PASSPORT, text, 0, len(text))


def _in(text: str, start: int, end: int) -> Iterator[Found]:
    yield from _matching(Kind.IDENTITY, _IDENTITY, text, start, end, _is_identity)
    for pattern in _CARDS:
        yield from _matching(Kind.CARD, pattern, text, start, end, _is_card)
    yield from _matching(Kind.IDENTITY, _OLD_IDENTITY, text, start, end, _is_old_identity)
    yield from _matching(Kind.MOBILE, _MOBILE, text, start, end)


def _matching(
    kind: Kind,
    pattern: re.Pattern[str],
    text: str,
    start: int,
    end: int,
    holds: Callable[[str], bool] = lambda _: True,
) -> Iterator[Found]:
    for match in pattern.finditer(text, start, end):
        written = match[1]
        plain = written if kind == Kind.MAIL else re.sub(r"[^0-9A-Za-z]", "", written).upper()
        if holds(plain) and not _is_decimal(written):
            yield Found(kind, match.start(1), match.end(1), plain)


def _is_decimal(written: str) -> bool:
    """One dot and nothing else between digits: an amount or a measure."""
    return re.fullmatch(r"\d+\.\d+", written) is not None


def _is_identity(number: str) -> bool:
    return (
        number[:2] in _PROVINCES
        and number[6:8] in ("18", "19", "20")
        and _is_day(number[6:14])
        and ric.calc_check_digit(number) == number[-1]
    )


def _is_old_identity(number: str) -> bool:
    return number[:2] in _PROVINCES and _is_day(f"19{number[6:12]}")


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def _is_card(number: str) -> bool:
    if not number.startswith(_ISSUERS[len(number)]):
        return False
    try:
        luhn.validate(number)
    except ValidationError:
        return False
    return True
