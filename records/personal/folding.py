"""Letters and digits as they are meant, however they are written, each still at its place in the text."""

import unicodedata

_NUMERALS = dict(zip("〇零一二三四五六七八九", "00123456789", strict=True))


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
    if kind in ("Zs", "Cf") or letter == "\t":
        return " "
    return "-" if kind == "Pd" else letter


_folds = _Folds()


def folded(text: str) -> str:
    return text.translate(_folds)
