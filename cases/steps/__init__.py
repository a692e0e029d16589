"""What people do to a case. Every step takes the actor and the moment, and raises Refused with a whole sentence."""

from cases.steps.deciding import BY_ITSELF, assign, decide, decide_locked
from cases.steps.filing import (
    bring_up_to_date,
    discard,
    draft,
    refuse_ended,
    submit,
    why_ended,
    why_not_withdrawable,
    withdraw,
)
from cases.steps.keeping import filing_checks, keep_checks, keep_checks_of, take_number
from cases.steps.materials import add_material, verify_seal

__all__ = [
    "BY_ITSELF",
    "add_material",
    "assign",
    "bring_up_to_date",
    "decide",
    "decide_locked",
    "discard",
    "draft",
    "filing_checks",
    "keep_checks",
    "keep_checks_of",
    "refuse_ended",
    "submit",
    "take_number",
    "verify_seal",
    "why_ended",
    "why_not_withdrawable",
    "withdraw",
]
