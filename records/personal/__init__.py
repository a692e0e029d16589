"""What is personal: found, masked, kept out of what is published, and who it is held of."""

from records.personal.gate import Finding, gate
from records.personal.masking import masked, shown, shown_in_page
from records.personal.numbers import NOWHERE, Found, Kind, find, found_in

__all__ = [
    "NOWHERE",
    "Finding",
    "Found",
    "Kind",
    "find",
    "found_in",
    "gate",
    "masked",
    "shown",
    "shown_in_page",
]
