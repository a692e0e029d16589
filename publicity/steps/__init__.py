"""What people do to a publicity: open it, object to it, settle an objection, take it down, send it back."""

from publicity.steps.objections import OPENED, lodge, note_opening, settle
from publicity.steps.periods import Elsewhere, open_batch, open_period, send_back, take_down, to_show

__all__ = [
    "OPENED",
    "Elsewhere",
    "lodge",
    "note_opening",
    "open_batch",
    "open_period",
    "send_back",
    "settle",
    "take_down",
    "to_show",
]
