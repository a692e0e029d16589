"""The spans of a case: how they are counted, begun and ended, and the ledger of what was done to them."""

from cases.deadlines.counting import counted_span, days_json, has_span, row_that_counts, span_of
from cases.deadlines.ledger import hold_deadline, is_told, resume_deadline
from cases.deadlines.opening import (
    count_again,
    end_deadline,
    in_place,
    open_deadline,
    open_of,
    open_together,
    set_deadline,
)

__all__ = [
    "count_again",
    "counted_span",
    "days_json",
    "end_deadline",
    "has_span",
    "hold_deadline",
    "in_place",
    "is_told",
    "open_deadline",
    "open_of",
    "open_together",
    "resume_deadline",
    "row_that_counts",
    "set_deadline",
    "span_of",
]
