"""What people do to a publicity: open it, object to it, handle an objection, take it down, send it back."""

from publicity.steps.handling import (
    accept,
    conclude,
    not_accept,
    note,
    note_letters_to_objectors,
    tell_objector,
)
from publicity.steps.keeping import keep, unexplained
from publicity.steps.objections import (
    OPENED,
    has_said_why,
    lodge,
    note_opening,
    note_opening_of,
    note_purpose,
)
from publicity.steps.opening import ask_to_open, carry_out_openings
from publicity.steps.periods import Elsewhere, open_batch, open_period, send_back, take_down, to_show

__all__ = [
    "OPENED",
    "Elsewhere",
    "accept",
    "ask_to_open",
    "carry_out_openings",
    "conclude",
    "has_said_why",
    "keep",
    "lodge",
    "not_accept",
    "note",
    "note_letters_to_objectors",
    "note_opening",
    "note_opening_of",
    "note_purpose",
    "open_batch",
    "open_period",
    "send_back",
    "take_down",
    "tell_objector",
    "to_show",
    "unexplained",
]
