"""A person's name for a file, kept for people and trusted by nothing: the file itself lies under a random one."""

import re
import unicodedata

# What most file systems hold; a letter of Chinese takes three.
MOST_BYTES = 255
MOST_LETTERS = 200
LONGEST_SUFFIX = 10
RESERVED = re.compile(r'[<>:"|?*\\/]')
NAMELESS = "文件"


def safe_name(given: str) -> str:
    """Its last part alone, without letters that cannot be seen or that turn the direction of the text."""
    last = re.split(r"[/\\]", given)[-1]
    seen = "".join(letter for letter in unicodedata.normalize("NFC", last) if _is_seen(letter))
    name = re.sub(r"\s+", " ", RESERVED.sub("_", seen)).strip(" .")
    return _shortened(name) or NAMELESS


def suffix_of(name: str) -> str:
    stem, dot, end = name.rpartition(".")
    return f".{end.lower()}" if stem and dot else ""


def _is_seen(letter: str) -> bool:
    return letter == "\t" or unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _shortened(name: str) -> str:
    """The suffix stays: by it people's machines know what opens a file."""
    end = name[-len(suffix_of(name)) :] if 0 < len(suffix_of(name)) <= LONGEST_SUFFIX else ""
    stem = name.removesuffix(end)
    stem = stem[: MOST_LETTERS - len(end)]
    room = MOST_BYTES - len(end.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .") + end
