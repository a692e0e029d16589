"""What is personal: found, masked, kept out of what is published, and who it is held of."""

from records.personal.gate import Finding, gate
from records.personal.masking import masked, shown, shown_in_page
from records.personal.numbers import NOWHERE, Found, Kind, find, found_in

# By which personal information is not disclosed, unless the person alone consents to that.
NO_DISCLOSURE = "《个人信息保护法》第二十五条"

__all__ = [
    "NOWHERE",
    "NO_DISCLOSURE",
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
