"""What the engine does not carry out yet is refused where it would be relied on: in a procedure that opens cases."""

from typing import Any

from cities import built, keys
from cities.rulebooks.draft import Draft, Row

REFUSAL = "还没有开通，已开通的程序不能用"


def check_carried_out(draft: Draft) -> None:
    for procedure in draft.of("procedures"):
        if built.is_built(str(procedure.get("kind"))):
            _procedure(draft, procedure)
    for limit in draft.of("limits"):
        if _governs_cases(draft, limit) or _bars(limit):
            _limit(draft, limit)


def _procedure(draft: Draft, procedure: Row) -> None:
    kinds = {stage.key: stage.get("kind") for stage in procedure.inside("stages")}
    for section, columns in keys.CARRIED_OUT.items():
        for row in procedure.inside(section):
            for column, allowed in columns.items():
                _value(draft, row, column, allowed)
    for stage in procedure.inside("stages"):
        _stands(draft, stage, _actors(procedure, stage))
        if stage.get("kind") == "publication" and procedure.get("kind") in keys.LEAVES_THE_LIST:
            _refuse(
                draft,
                stage,
                "kind",
                f"{procedure.get('kind')} 程序不变更名单，没有 publication 环节（应去掉）",
            )
        if stage.get("kind") not in keys.DESKS:
            _value(draft, stage, "four_eyes", (False,))
        for outcome in stage.inside("outcomes"):
            _outcome(draft, outcome, procedure, stage, kinds)


def _actors(procedure: Row, stage: Row) -> frozenset[str]:
    """Who may act at a stage; a case is begun by who begins its kind."""
    actors = built.actors_at(str(stage.get("kind")))
    if stage.get("kind") != "submission":
        return actors
    return actors & {*keys.begun_by(str(procedure.get("kind")))}


def _stands(draft: Draft, stage: Row, actors: frozenset[str]) -> None:
    """A case can only stand where some app has built a stage, and wait there for whom it names."""
    kind, actor = stage.get("kind"), stage.get("actor")
    if kind is None or actor is None:
        return
    if not actors:
        _refuse(draft, stage, "kind", f"{kind} 环节{REFUSAL}")
    elif actor not in actors:
        allowed = "、".join(sorted(actors))
        _refuse(draft, stage, "actor", f"{kind} 环节不由 {actor} 办（应为 {allowed}）")


def _outcome(draft: Draft, outcome: Row, procedure: Row, stage: Row, kinds: dict[str, Any]) -> None:
    """`kinds` are those of the procedure's stages, by key."""
    kind = str(stage.get("kind"))
    roles = keys.ROLES_CARRIED_OUT.get(kind)
    if roles is None:
        return
    _value(draft, outcome, "role", roles)
    _value(draft, outcome, "result", keys.RESULTS_CARRIED_OUT)
    role, leads = outcome.get("role") or "forward", outcome.get("next_stage")
    if kinds.get(leads) not in keys.HAS_A_NAMED_DAY:
        _value(draft, outcome, "names_day", (False,))
    if outcome.get("notes_ground") and not _may_note(procedure, kind):
        _value(draft, outcome, "notes_ground", ())
    if role == "return" and kinds.get(leads, "submission" if leads else None) != "submission":
        _refuse(draft, outcome, "next_stage", "退回补正要回到提交环节（应为 kind: submission 的环节）")
    changes_list = (kind, role) == ("publication", "forward")
    if changes_list and outcome.get("effect") is None:
        _refuse(draft, outcome, "effect", "发布没有变更名单（应为 registry）")
    if changes_list or not _may_end_a_registration(procedure, kind, role, leads):
        _value(draft, outcome, "effect", ("registry",) if changes_list else ("none",))


def _may_note(procedure: Row, kind: str) -> bool:
    return procedure.get("kind") in keys.NOTES_GROUNDS and kind in keys.DESKS


def _may_end_a_registration(procedure: Row, kind: str, role: str, leads: Any) -> bool:
    """A desk that decides on it may, as the last thing that is done."""
    return (
        procedure.get("kind") in keys.ENDS_REGISTRATIONS
        and kind in keys.DESKS
        and role == "forward"
        and not leads
    )


def _bars(limit: Row) -> bool:
    measure = keys.LIMITS.get(str(limit.get("measure")))
    return measure is not None and measure.bars


def _governs_cases(draft: Draft, limit: Row) -> bool:
    """A limit without a procedure governs all of them."""
    named = limit.get("procedure_key")
    governed = [row for row in draft.of("procedures") if named in (None, row.key)]
    return any(built.is_built(str(row.get("kind"))) for row in governed)


def _limit(draft: Draft, limit: Row) -> None:
    measure = keys.LIMITS.get(str(limit.get("measure")))
    if measure is None:
        return
    _value(draft, limit, "per", measure.per)
    _value(draft, limit, "categories", ([],))
    if limit.get("window") != "none" or "window" not in measure.needs:  # else it is missing, and told so
        _value(draft, limit, "window", measure.windows)
    if measure.bars:
        _value(draft, limit, "comparator", ("at_most",))
        _value(draft, limit, "number", (0,))
    for column in keys.COUNTING:
        if column not in measure.reads:
            _value(draft, limit, column, (limit.section.keys[column].default,))


def _value(draft: Draft, row: Row, column: str, allowed: tuple[Any, ...]) -> None:
    value = row.get(column)
    if value is None or value in allowed:
        return
    expected = f"应为 {'、'.join(_written(one) for one in allowed)}" if allowed else "应去掉"
    _refuse(draft, row, column, f"{column}: {_written(value)} {REFUSAL}（{expected}）")


def _refuse(draft: Draft, row: Row, name: str, reason: str) -> None:
    draft.problems.add(row.line_of(name), f"{row.path}.{name}", reason)


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
