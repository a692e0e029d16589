"""Numbers that nobody has but everybody might: made by their rules, from a seed."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from stdnum import luhn
from stdnum.cn import ric

from records.personal.numbers import _PROVINCES

LOOKALIKES = ["０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "⓪①②③④⑤⑥⑦⑧⑨", "٠١٢٣٤٥٦٧٨٩", "〇一二三四五六七八九"]
GAPS = [" ", "-", "—", "\u3000", "\u00a0", "\u200b", "·", "－", "_", " -"]


def seeded(number: int) -> Random:
    return Random(number)  # noqa: S311 -- the same numbers every time, and nobody's secret


def digits(random: Random, count: int) -> str:
    return "".join(random.choice("0123456789") for _ in range(count))


def _born(random: Random) -> date:
    return date(1930, 1, 1) + timedelta(days=random.randrange(95 * 365))


def identity(random: Random) -> str:
    area = random.choice(sorted(_PROVINCES)) + digits(random, 4)
    number = f"{area}{_born(random):%Y%m%d}{digits(random, 3)}"
    return number + ric.calc_check_digit(f"{number}0")


def old_identity(random: Random) -> str:
    area = random.choice(sorted(_PROVINCES)) + digits(random, 4)
    born = date(1930, 1, 1) + timedelta(days=random.randrange(69 * 365))
    return f"{area}{born:%y%m%d}{digits(random, 3)}"


def mobile(random: Random) -> str:
    return f"1{random.choice('3456789')}{digits(random, 9)}"


def card(random: Random) -> str:
    begins, length = random.choice(
        [
            ("62", 19),
            ("62", 16),
            ("62", 17),
            ("62", 18),
            ("955", 19),
            ("4", 16),
            ("53", 16),
            ("35", 16),
            ("37", 15),
        ]
    )
    number = begins + digits(random, length - len(begins) - 1)
    return number + luhn.calc_check_digit(number)


def spelt(random: Random, number: str) -> str:
    """The same number as people write it: wide, in circles, in words, in groups."""
    ways: list[Callable[[str], str]] = [
        lambda text: text,
        lambda text: text.lower(),
        lambda text: _grouped(random, text, random.choice(GAPS)),
        lambda text: random.choice(GAPS).join(text),
        lambda text: text.translate(str.maketrans("0123456789X", random.choice(LOOKALIKES) + "Ｘ")),
        lambda text: _grouped(
            random,
            text.translate(str.maketrans("0123456789", random.choice(LOOKALIKES))),
            random.choice(GAPS),
        ),
    ]
    return random.choice(ways)(number)


def _grouped(random: Random, text: str, gap: str) -> str:
    size = random.choice([2, 3, 4, 6])
    return gap.join(text[place : place + size] for place in range(0, len(text), size))
