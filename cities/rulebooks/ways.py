"""Where a case gets to in a procedure, and which stages it cannot get past."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from cities import keys
from cities.models import Outcome, Stage
from cities.rulebooks.draft import Row
from cities.rulebooks.errors import Problems

P = TypeVar("P")
# A stage, and whether the list has been changed on the way there.
Place = tuple[str, bool]
END = ""


def check_ways(stages: list[Row], problems: Problems) -> None:
    _check_ends(stages, problems)
    _check_requires(stages, problems)
    _check_refusals(stages, problems)


def _check_refusals(stages: list[Row], problems: Problems) -> None:
    """A desk that is against it ends the case or reports so to a later desk; what is asked of who agrees is not asked here."""
    for number, stage in enumerate(stages):
        later = {row.key for row in stages[number + 1 :] if row.get("kind") in keys.DESKS}
        for outcome in stage.inside("outcomes"):
            leads = outcome.get("next_stage")
            if outcome.get("role") == Outcome.Role.REFUSE and leads and leads not in later:
                reason = "不同意只能办结或报后面的审核环节（应写 result，或 next_stage 为后面 kind: review 的环节）"
                problems.add(outcome.line_of("next_stage"), f"{outcome.path}.next_stage", reason)


def _check_ends(stages: list[Row], problems: Problems) -> None:
    """Every stage can be reached from the first, and from every stage an end."""
    onward = {
        stage.key: {outcome.get("next_stage") for outcome in stage.inside("outcomes")} for stage in stages
    }
    reached = closure({stages[0].key}, onward)
    ending = {
        stage.key
        for stage in stages
        if any("result" in outcome.lines for outcome in stage.inside("outcomes"))
    }
    backward = {key: {origin for origin, targets in onward.items() if key in targets} for key in onward}
    can_end = closure(ending, backward)
    for stage in stages:
        if stage.key not in reached:
            problems.add(
                stage.line, stage.path, f"没有一条路走到这个环节（应有某个结果写 next_stage: {stage.key}）"
            )
        elif stage.key not in can_end and stage.inside("outcomes"):
            problems.add(stage.line, stage.path, "从这个环节走不到办结（应有一条路通向写了 result 的结果）")


def _check_requires(stages: list[Row], problems: Problems) -> None:
    """Nobody gets past a stage that is always required before the list is changed, and somebody does past one by choice.
    Where a procedure never changes the list, it has no end that all must come to."""
    changes_list = (END, True) in _forward(stages)
    for stage in stages:
        requires = stage.get("requires") if "requires" in stage.lines else Stage.Requires.ALWAYS
        is_avoidable = (END, changes_list) in _forward(stages, without=stage.key)
        if requires == Stage.Requires.ALWAYS and changes_list and is_avoidable:
            _add(
                problems,
                stage,
                "写的是必经，却有一条路不经过它就变更名单（应改好 next_stage，或写 requires: choice）",
            )
        if requires == Stage.Requires.CHOICE and not is_avoidable:
            _add(
                problems,
                stage,
                "由前一环节决定经不经过，却没有一条路越过它（应有某个结果转到它后面，或去掉 requires）",
            )


def _add(problems: Problems, stage: Row, reason: str) -> None:
    problems.add(stage.line_of("requires"), f"{stage.path}.requires", reason)


def _forward(stages: list[Row], without: str = END) -> set[Place]:
    """Wherever a case gets to from the first stage, never through one stage."""
    ways = {
        (stage.key, changed): {_target(outcome, changed) for outcome in _onward(stage)}
        for stage in stages
        for changed in (False, True)
        if stage.key != without
    }
    return closure({(stages[0].key, False)}, ways)


def _onward(stage: Row) -> Iterable[Row]:
    """Whatever its role: a refusal reports to a later desk, and what leads back passes nothing by that it does not come to
    again. A role that cannot be read leads nowhere yet."""
    rows = stage.inside("outcomes")
    return (row for row in rows if "role" not in row.lines or row.get("role"))


def _target(outcome: Row, changed: bool) -> Place:
    is_changed = changed or outcome.get("effect") == Outcome.Effect.REGISTRY
    return (outcome.get("next_stage") or END, is_changed)


def closure(start: set[P], ways: Mapping[P, set[P]]) -> set[P]:
    seen: set[P] = set()
    waiting: Iterable[P] = start
    while waiting:
        seen |= set(waiting)
        waiting = {target for key in waiting for target in ways.get(key, ())} - seen
    return seen
