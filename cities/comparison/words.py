"""Values of rows in plain Chinese, short enough for a cell."""

from cities.comparison.cells import SILENT, STRICTNESS, Line, cited, left_to_office
from cities.comparison.decided import decided
from cities.comparison.facts import Facts
from cities.models import CountingRule, Ground, Limit, ReportingDuty, Stage
from cities.rulebooks.describe import FIRST_DAYS, UNITS, in_own_terms, within

# A ground is reached, not kept to: 达到 counts the number itself, 超过 does not.
REACHED = {"at_least": "达到", "more_than": "超过", "at_most": "不多于", "less_than": "不到"}


def length(row: Stage | ReportingDuty) -> str:
    """5 个自然日; empty where the row has none."""
    if row.span_number is None or row.counting_rule is None:
        return ""
    return f"{row.span_number} {UNITS[row.counting_rule.unit]}"


def counted(rule: CountingRule) -> str:
    return f"{FIRST_DAYS[rule.first_day]}，{rule.get_roll_display()}"


def span_line(row: Stage, aside: str = "") -> Line:
    """How long a stage lasts, with what was decided of it."""
    if row.span_set_by_office:
        line = left_to_office(row, "span")
        return cited(row, line.value, f"{line.aside}{aside}")
    if not length(row) or row.counting_rule is None:
        return cited(row, SILENT, aside)
    said = [counted(row.counting_rule), *filter(None, [decided(row)])]
    return cited(row, length(row), f"，{'；'.join(said)}{aside}")


def limit_line(facts: Facts, row: Limit, no: str = "不能", about: str = "") -> Line:
    """`no` is what a limit of none at all comes to where the text says so outright."""
    only = "、".join(facts.category_names(row.categories))
    value = _held(row, no)
    per = "" if value == no else _per(row)
    notes = [f"限{only}" if only else "", per, _elsewhere(row), decided(row)]
    return cited(
        row,
        value,
        "".join(f"，{note}" for note in notes if note),
        about,
        STRICTNESS[Limit.Strictness(row.strictness)],
    )


def _held(row: Limit, no: str) -> str:
    is_outright = row.strictness in (Limit.Strictness.HARD, Limit.Strictness.FLAGGED)
    if is_outright and (row.comparator, row.number) == (Limit.Comparator.AT_MOST, 0):
        return no
    window = "" if row.window == Limit.Window.NONE else within(row) or row.get_window_display()
    return f"{window}{row.get_comparator_display()} {_amount(row)}"


def _amount(row: Limit) -> str:
    gap = "" if row.unit == Limit.Unit.PERCENT else " "
    return f"{row.number}{gap}{row.get_unit_display()}"


def _per(row: Limit) -> str:
    return "" if row.per == Limit.Per.REGISTRATION else in_own_terms(f"按{row.get_per_display()}计", row)


def _elsewhere(row: Limit) -> str:
    return in_own_terms("在别的项目退出的也计", row) if row.elsewhere else ""


def reached(row: Ground) -> str:
    """累计达到 2 次; empty where the ground holds no number."""
    if row.number is None:
        return ""
    window = "" if row.window == Ground.Window.NONE else row.get_window_display()
    unit = "个月" if row.detector.startswith("months_") else "次"
    return f"{window}{REACHED[row.comparator]} {row.number} {unit}"
