"""One thing that comes out differently, in plain values for pages and events."""

from dataclasses import asdict, dataclass
from typing import Any

from cities.models import CitedRow


@dataclass(frozen=True)
class Side:
    """What one version says. `unnamed` is what of it is told to whoever may not see cases, where the text may name somebody."""

    text: str
    article: str = ""
    basis: str = ""
    unnamed: str = ""


@dataclass(frozen=True)
class Difference:
    """`stays`: it would come out differently, and stays as it is when the case is moved. `unnamed` as of a side."""

    what: str
    before: Side
    after: Side
    stays: bool = False
    unnamed: str = ""

    @property
    def is_there(self) -> bool:
        return self.before.text != self.after.text

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def said_of(row: CitedRow, text: str, basis: str = "") -> Side:
    return Side(text, row.article.number, basis)
