"""What must not be written where others read it."""

import re
import unicodedata

from records import personal

# What records.personal calls it.
IDENTITY = "身份证号码"


def personal_number(text: str) -> str:
    """What personal number a text holds, also written wide or in groups; empty where it holds none."""
    plain = unicodedata.normalize("NFKC", text)
    return personal.found_in(plain) or personal.found_in(re.sub(r"(?<=\d)[\s-]+(?=[\dXx])", "", plain))
