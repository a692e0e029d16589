"""What is personal: found, masked, kept out of what is published, and who it is held of."""

from records.personal.gate import Finding, gate
from records.personal.numbers import Found, Kind, find, found_in
from records.personal.masking import masked, shown

__all__ = ["Finding", "Found", "Kind", "find", "found_in", "gate", "masked", "shown"]
