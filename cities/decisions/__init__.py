"""What a text leaves to the office: what is open, what was decided of it, and a row's values as decided."""

from cities.decisions.binding import (
    READ,
    Binding,
    binding,
    bindings,
    confirmed,
    decided_of,
    flags,
    offers,
    sentence,
    settled,
    waiting,
    words,
)
from cities.decisions.matters import Matter, alternative_words, matters, orphans
from cities.decisions.steps import WrongDecision, confirm, decline, propose
from cities.decisions.values import (
    chosen,
    confirms,
    is_carried_out,
    mark_value,
    span_value,
    text_value,
    waits_for_version,
    why_not,
)

__all__ = [
    "READ",
    "Binding",
    "Matter",
    "WrongDecision",
    "alternative_words",
    "binding",
    "bindings",
    "chosen",
    "confirm",
    "confirmed",
    "confirms",
    "decided_of",
    "decline",
    "flags",
    "is_carried_out",
    "mark_value",
    "matters",
    "offers",
    "orphans",
    "propose",
    "sentence",
    "settled",
    "span_value",
    "text_value",
    "waiting",
    "waits_for_version",
    "why_not",
    "words",
]
