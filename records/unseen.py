"""Letters that nobody sees, and by which one text passes for another: of no width, blank, or turning the direction."""

import unicodedata

# Letters and signs by their category.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def is_unseen(letter: str) -> bool:
    return letter in _BLANK or unicodedata.category(letter) == "Cf"


def seen(text: str) -> str:
    """Without them. Marks stay: some rare Chinese characters are written with one."""
    return text if text.isascii() else "".join(letter for letter in text if not is_unseen(letter))
