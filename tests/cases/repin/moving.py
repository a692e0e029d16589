"""What these tests share."""

from typing import Any

from cases import engine
from cases.models import Case
from cases.versions import repin
from cities.models import Rulebook
from tests.conftest import at
from tests.rulebooks import stage

NEXT = at("2026-09-18 09:00")

WHY = "工作专班通知第 2 号"

THREE, FIVE = (
    "2026年9月18日 至 2026年9月21日 24:00，3 个工作日",
    "2026年9月18日 至 2026年9月23日 24:00，5 个工作日",
)


def days(span: int, key: str = "review", counting: str = "working_next") -> Any:
    return lambda content: stage(content, key).update(span=span, counting=counting)


def moved(case: Case, rulebook: Rulebook, by: Any, moment: Any = NEXT) -> Case:
    repin(case, rulebook, reason=WHY, by=by, at=moment)
    return engine.load(case.pk)


def renamed_desk(content: Any) -> None:
    days(5)(content)
    stage(content, "review")["key"] = "first_desk"
    for row in content["procedures"][0]["stages"]:
        for outcome in row["outcomes"]:
            if outcome.get("next_stage") == "review":
                outcome["next_stage"] = "first_desk"
