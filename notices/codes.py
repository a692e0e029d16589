"""The short code by which anybody looks a document up."""

import secrets
import unicodedata

# Without what is mistaken for something else when it is read from paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 10


def new() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    return f"{code[:5]}-{code[5:]}"


def read(typed: str) -> str:
    """What somebody typed, as a code is kept: any width, case and dashes."""
    wide = unicodedata.normalize("NFKC", typed).upper()
    return "".join(character for character in wide if character.isalnum())[:40]
