"""Whether a case can walk a procedure as it is written: begin, get everywhere it should, and end."""

from collections.abc import Iterable

from cities import keys
from cities.rulebooks.draft import Row
from cities.rulebooks.errors import Problems
from cities.rulebooks.values import closest
from cities.rulebooks.ways import check_ways

# What the engine asks each kind of stage for by role, once each (cities.models.Outcome.Role).
ROLES_ASKED_FOR = {
    "submission": ("forward",),
    "publicity": ("forward", "upheld"),
    "publication": ("forward", "failed"),
    "statement": ("forward", "lapsed"),
    "service": ("forward",),
    "rectification": ("forward",),
}
PUBLICITY_ONLY = ("channel", "release")
OF_OBJECTIONS = (
    "objection_kinds",
    "objection_required",
    "objection_optional",
    "objection_article",
    "objection_days",
    "objection_counting",
)


def check_procedure(procedure: Row, problems: Problems) -> None:
    stages = procedure.inside("stages")
    for stage in stages:
        _check_stage(stage, problems)
    if not any(stage.get("kind") == "submission" for stage in stages):
        if all(stage.get("kind") for stage in stages):
            problems.add(
                procedure.line,
                f"{procedure.path}.stages",
                "程序没有提交环节（应有一个 kind: submission，排在最前）",
            )
    elif stages[0].get("kind") not in (None, "submission"):
        problems.add(stages[0].line, stages[0].path, "程序从提交开始（应把 kind: submission 的环节排在最前）")
    elif _ways_are_known(stages):
        check_ways(stages, problems)


def _check_stage(stage: Row, problems: Problems) -> None:
    kind, outcomes = stage.get("kind"), stage.inside("outcomes")
    if not outcomes:
        problems.add(
            stage.line, f"{stage.path}.outcomes", "环节没有结果，进去就出不来（应至少写一个 outcomes）"
        )
    for outcome in outcomes:
        _check_outcome(outcome, problems)
    for role in ROLES_ASKED_FOR.get(str(kind), ()) if outcomes else ():
        count = sum(
            (outcome.get("role") or "forward") == role for outcome in outcomes if _role_is_readable(outcome)
        )
        if count != 1 and all(map(_role_is_readable, outcomes)):
            problems.add(
                stage.line, f"{stage.path}.outcomes", f"role: {role} 的结果有 {count} 个（应正好 1 个）"
            )
    _check_publicity(stage, problems)
    _check_objections(stage, problems)


def _role_is_readable(outcome: Row) -> bool:
    return "role" not in outcome.lines or bool(outcome.get("role"))


def _check_publicity(stage: Row, problems: Problems) -> None:
    if stage.get("kind") is None:
        return
    is_publicity = stage.get("kind") == "publicity"
    for name in PUBLICITY_ONLY:
        if is_publicity and name not in stage.lines:
            column = stage.section.keys[name].field
            choices = "、".join(f"{code} {label}" for code, label in column.flatchoices if code)
            problems.add(stage.line, f"{stage.path}.{name}", f"公示环节缺少这个键（应为 {choices} 之一）")
        if not is_publicity and name in stage.lines:
            problems.add(stage.line_of(name), f"{stage.path}.{name}", "只有公示环节才写（应去掉）")
    if is_publicity and "span" not in stage.lines and not stage.get("span_set_by_office"):
        problems.add(
            stage.line,
            f"{stage.path}.span",
            "公示没有天数（应有 span 和 counting，条文没写就写 span_set_by_office: true）",
        )


def _check_objections(stage: Row, problems: Problems) -> None:
    if stage.get("kind") not in (None, "publicity"):
        for name in OF_OBJECTIONS:
            if name in stage.lines:
                problems.add(stage.line_of(name), f"{stage.path}.{name}", "只有公示环节才写（应去掉）")
        return
    _check_known(stage, "objection_kinds", keys.OBJECTION_KINDS, problems)
    for name in ("objection_required", "objection_optional"):
        _check_known(stage, name, keys.OBJECTION_FIELDS, problems)
    for both in set(stage.get("objection_required") or []) & set(stage.get("objection_optional") or []):
        problems.add(
            stage.line_of("objection_optional"),
            f"{stage.path}.objection_optional",
            f"“{both}”既必填又选填（应只写一处）",
        )
    has_days, has_rule = "objection_days" in stage.lines, "objection_counting" in stage.lines
    if has_days != has_rule or stage.get("objection_days") == 0:
        problems.add(
            stage.line_of("objection_days" if has_days else "objection_counting"),
            f"{stage.path}.objection_days",
            "处理时限要写 1 以上的天数和怎么计算（objection_days 和 objection_counting 应都写，或都不写）",
        )


def _check_known(stage: Row, name: str, known: Iterable[str], problems: Problems) -> None:
    for value in stage.get(name) or []:
        if value not in known:
            problems.add(
                stage.line_of(name), f"{stage.path}.{name}", f"不认识“{value}”（{closest(value, known)}）"
            )


def _check_outcome(outcome: Row, problems: Problems) -> None:
    leads, ends = "next_stage" in outcome.lines, "result" in outcome.lines
    if not leads and not ends:
        problems.add(
            outcome.line, outcome.path, "走到这里就没有下文（应写 next_stage，或写 result 表示办结）"
        )
    if leads and ends:
        problems.add(outcome.line, outcome.path, "既往下走又办结（next_stage 和 result 应只写一个）")


def _ways_are_known(stages: list[Row]) -> bool:
    """Where a key or a next stage is wrong already, anything said of the ways would only repeat it."""
    keys = {stage.key for stage in stages}
    named = {outcome.get("next_stage") for stage in stages for outcome in stage.inside("outcomes")}
    return "" not in keys and named <= {*keys, None}
