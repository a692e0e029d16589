from dataclasses import dataclass, field
from datetime import datetime

from cities.models import Programme
from providers.listed import ListedUnit


@dataclass(frozen=True)
class Line:
    """What a row of the workbook would do, or what is wrong with it. No sheet: the workbook as a whole."""

    text: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    is_problem: bool = False

    def __str__(self) -> str:
        place = f"{self.sheet} 第 {self.row} 行" if self.row else self.sheet
        place = f"{place} {self.column}".strip()
        return f"{place}：{self.text}" if place else self.text


@dataclass
class ImportPlan:
    programme: Programme
    published_at: datetime
    units: list[ListedUnit] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def problems(self) -> list[Line]:
        return [line for line in self.lines if line.is_problem]
