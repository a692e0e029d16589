"""What the text says must be done can end otherwise only with a reason."""

from collections.abc import Iterator

from cities import keys
from cities.rulebooks.draft import Draft, Row

MEASURES = (*keys.LEAVES_THE_LIST, *keys.ENDS_REGISTRATIONS)


def check_musts(draft: Draft) -> None:
    """Of the procedures by which a ground is dealt with that leaves no choice."""
    bound = {one.get("procedure_key") for one in draft.of("grounds") if one.get("force") == "must"}
    for procedure in draft.of("procedures"):
        if procedure.key in bound and procedure.get("kind") in MEASURES:
            for outcome in _ends_otherwise(procedure):
                if not outcome.get("needs_reason"):
                    draft.problems.add(
                        outcome.line,
                        f"{outcome.path}.needs_reason",
                        "条文写的是应当，不照办的要写明理由（应写 needs_reason: true）",
                    )


def _is_carried_out(procedure: Row, outcome: Row) -> bool:
    """What leaves the list as it is may be all done with the decision."""
    return procedure.get("kind") in keys.LEAVES_THE_LIST and outcome.get("result") == "completed"


def _ends_otherwise(procedure: Row) -> Iterator[Row]:
    for stage in procedure.inside("stages"):
        if stage.get("kind") not in keys.DESKS:
            continue
        for outcome in stage.inside("outcomes"):
            is_over = "next_stage" not in outcome.lines and outcome.get("effect") in (None, "none")
            is_done = stage.get("kind") == "recheck" or _is_carried_out(procedure, outcome)
            if outcome.get("role") == "refuse" or (is_over and not is_done):
                yield outcome
