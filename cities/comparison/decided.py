"""What the office has decided of a row, beside the text that left it open."""

from typing import Any

from cities.decisions import decided_of, sentence
from cities.models import CitedRow


def decided(row: CitedRow, matter: str | None = None) -> str:
    """The decisions of a row, or of one matter of it, as a page cites them; empty where there is none."""
    found: list[Any] = [one for one in decided_of(row) if matter in (None, one.matter)]
    return "；".join(sentence(row.rulebook.programme.office_term, one) for one in found)
