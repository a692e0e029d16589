"""Unified social credit codes (GB 32100): what is wrong with one, and whether its check digit fails.

The format is ours: the library refuses registering authorities that are legal. The check digit is the library's. Some
genuine codes fail it, so that is a warning which a recorded reason overrides.
"""

import re
import unicodedata

from stdnum.cn.uscc import calc_check_digit

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# Registering authority and kind of entity, as the standard with its amendment lists them.
KINDS = (
    *("11", "12", "13", "19", "21", "29", "31", "32", "33", "34", "35", "39", "41", "49"),
    *("51", "52", "53", "59", "61", "62", "69", "71", "72", "79", "81", "89", "91", "92", "93"),
    *("A1", "A9", "N1", "N2", "N3", "N9", "Y1"),
)
MISTAKEN = {"O": "0", "I": "1", "Z": "2", "S": "5"}
DIVISION = slice(2, 8)


def normalise(text: str) -> str:
    """Full-width to half-width, capitals, no spaces or hyphens; letters are never guessed at."""
    return re.sub(r"[\s\-‐-―]", "", unicodedata.normalize("NFKC", text)).upper()


def problem(code: str) -> str | None:
    """What is wrong with the form of a normalised code, in one sentence; None where nothing is."""
    if not code:
        return "写统一社会信用代码，18 位"
    if len(code) != LENGTH:
        return f"信用代码要有 18 位，现在是 {len(code)} 位"
    for place, letter in enumerate(code, start=1):
        if letter not in ALPHABET:
            return f"信用代码第 {place} 位是“{letter}”，信用代码不用这个字符{_suggestion(letter)}"
    if code[:2] not in KINDS:
        return f"信用代码以“{code[:2]}”开头，没有这种登记管理部门和机构类别：对照营业执照核对前两位"
    if not code[DIVISION].isdigit():
        return f"信用代码第 3 至 8 位是“{code[DIVISION]}”，这里是行政区划，只能是数字"
    return None


def check_digit_fails(code: str) -> bool:
    """Whether the last character is not what the first 17 ask for. Only for a code without a problem."""
    return str(calc_check_digit(code[:-1])) != code[-1]


def _suggestion(letter: str) -> str:
    return f"，是不是数字 {MISTAKEN[letter]}" if letter in MISTAKEN else ""
