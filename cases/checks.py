"""What a check answers, and which answers stand in the way. Checks never raise, save or send."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from cases.models import Case, Waiver
from cities import limits
from cities.models import Limit


@dataclass(frozen=True)
class Check:
    """A yes/no test that cites a rule. `passed` None: a person decides. `value` is what a waiver would be good for."""

    key: str
    title: str
    passed: bool | None
    message: str = ""
    article: str = ""
    article_url: str = ""
    strictness: str = Limit.Strictness.HARD
    limit_id: int | None = None
    value: int | None = None
    value_text: str = ""
    evidence: list[str] = field(default_factory=list)
    advice: str = ""
    anchor: str = ""

    @property
    def state(self) -> str:
        """fail, ask, hand or pass: how pages mark it."""
        if self.passed is None:
            return "hand"
        if self.passed or self.strictness in (Limit.Strictness.PLANNED, Limit.Strictness.FLAGGED):
            return "pass"
        return "ask" if self.strictness == Limit.Strictness.IN_PRINCIPLE else "fail"

    def to_json(self) -> dict[str, Any]:
        return dict(vars(self))

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data)


def forbidding(checks: Iterable[Check]) -> list[Check]:
    """Those that 不得 stands against: nobody can waive them."""
    return [check for check in checks if check.state == "fail"]


def asking(checks: Iterable[Check]) -> list[Check]:
    """Those that 原则上 stands against: a decider may waive them with a reason."""
    return [check for check in checks if check.state == "ask"]


def unresolved(case: Case, checks: Iterable[Check]) -> list[Check]:
    """What still stands in the way once the case's waivers are counted."""
    checks = list(checks)
    asked = asking(checks)
    waivers = list(case.waivers.select_related("limit")) if asked else []
    return forbidding(checks) + [check for check in asked if not is_waived(check, waivers)]


def is_waived(check: Check, waivers: Iterable[Waiver]) -> bool:
    """A waiver is good for the value it was given for and any better one."""
    return any(
        waiver.check_key == check.key
        and check.value is not None
        and not limits.is_worse(waiver.limit.comparator, check.value, waiver.value)
        for waiver in waivers
    )
