"""What every column of a limit could say instead, as far as code reads it."""

from collections.abc import Iterator
from typing import Any

from cities import keys
from cities.models import Limit

Change = dict[str, Any]
# What else each comparator could be mistaken for.
STRICTER = {"at_most": "less_than", "at_least": "more_than", "less_than": "at_most", "more_than": "at_least"}


def of_limit(row: Limit) -> Iterator[Change]:
    measure = keys.LIMITS[row.measure]
    yield from _around("number", row.number)
    yield {"comparator": STRICTER[row.comparator]}
    yield from _others("unit", row.unit, measure.units)
    yield from _others("per", row.per, measure.per)
    yield from _others("asked", row.asked, Limit.Asked.values)
    yield from _others("strictness", row.strictness, ("hard", "in_principle"))
    if "window" in measure.needs:
        yield from _others("window", row.window, measure.windows)
    if measure.reads:
        yield from _counting(row)


def _counting(row: Limit) -> Iterator[Change]:
    """What counts as an earlier application; of published changes none was refused or withdrawn."""
    yield from _others("counts", row.counts, ("submitted", "approved"))
    yield {"counts_ordered": not row.counts_ordered}
    yield {"joint": not row.joint}
    if row.counts == Limit.Counts.SUBMITTED:
        yield {"counts_refused": not row.counts_refused}
        yield {"counts_withdrawn": not row.counts_withdrawn}
    if row.measured_from != Limit.MeasuredFrom.NONE:
        yield from _others("measured_from", row.measured_from, ("submission", "decision", "publication"))


def _around(column: str, number: int | None) -> Iterator[Change]:
    if number is not None:
        yield {column: number + 1}
        if number:
            yield {column: number - 1}


def _others(column: str, value: str, known: Any) -> Iterator[Change]:
    yield from ({column: str(other)} for other in known if other != value)
