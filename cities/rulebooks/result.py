from dataclasses import dataclass, field

from cities.models import Rulebook

OUTCOMES = {
    "loaded": "已载入",
    "replaced": "草稿已按文件重写",
    "corrected": "已作为更正发布",
    "unchanged": "未变",
}


@dataclass(frozen=True)
class LoadResult:
    """What became of one file. `outcome` is loaded, replaced (a draft), corrected (a later version) or unchanged."""

    file: str
    rulebook: Rulebook
    outcome: str
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"{self.file}：{self.rulebook} {OUTCOMES[self.outcome]}", *self.notes]
        return "\n  ".join(lines)
