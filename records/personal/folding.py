"""Letters and digits as they are meant, however they are written, each still at its place in the text."""

import unicodedata

from records.unseen import is_unseen

_NUMERALS = dict(
    zip(
        "〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖〡〢〣〤〥〦〧〨〩",
        "00123456789" + "1" + "123456789" * 2,
        strict=True,
    )
)
# Stands for what cannot be seen or only marks the letter before it: any number of them may stand within a number.
UNSEEN = "\u200b"


class _Folds(dict[int, str]):
    """One character for one: what is found in the folded text stands at the same place in the typed one."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _fold(chr(code))
        return found


def _fold(letter: str) -> str:
    if letter in _NUMERALS:
        return _NUMERALS[letter]
    if (digit := unicodedata.digit(letter, None)) is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", letter)
    if len(plain) == 1 and plain.isascii() and plain.isprintable():
        return plain
    kind = unicodedata.category(letter)
    if kind in ("Mn", "Me") or is_unseen(letter):
        return UNSEEN
    if kind == "Zs" or letter == "\t":
        return " "
    return "-" if kind == "Pd" else letter


_folds = _Folds()


def folded(text: str) -> str:
    return text.translate(_folds)
