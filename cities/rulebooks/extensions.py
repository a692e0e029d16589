"""Days that a row lets an office extend: only days that it gives, and that no public was told of."""

from cities.rulebooks.draft import Draft, Row

MOST, TIMES = "extend_by_most", "extend_times"


def check_extensions(draft: Draft) -> None:
    for row in (*draft.of("stages"), *draft.of("outcomes")):
        if why := _why_wrong(row):
            name, reason = why
            draft.problems.add(row.line_of(name), f"{row.path}.{name}", reason)


def _why_wrong(row: Row) -> tuple[str, str] | None:
    """The first thing that cannot stand, by its key."""
    if MOST not in row.lines:
        no_bound = "写了可延长几次，没有写一次最多延长多少（应同时写 extend_by_most）"
        return (TIMES, no_bound) if TIMES in row.lines else None
    for name in (MOST, TIMES):
        if row.get(name) == 0:
            return name, "是 0（应为 1 以上；不能延长就不写）"
    if row.get("kind") == "publicity":
        return MOST, "公示的起止已经告诉公众，不能延长（应去掉）"
    if not _gives_days(row):
        return MOST, "没有期限，无从延长（应同时写 span 和 counting，或者去掉）"
    return None


def _gives_days(row: Row) -> bool:
    """Its own, the office's, or a last day that a person names on a way back to the applicant."""
    return (
        "span" in row.lines
        or bool(row.get("span_set_by_office"))
        or row.get("role") == "return"
        or bool(row.get("names_day"))
    )
