"""A case and another version of its rules: what would come out differently, and moving an open case to it."""

from cases.versions.comparing import Comparison
from cases.versions.differences import Difference, Side
from cases.versions.moving import repin
from cases.versions.previewing import CaseDifference, Preview, differences, preview
from cases.versions.taking_over import takers

__all__ = [
    "CaseDifference",
    "Comparison",
    "Difference",
    "Preview",
    "Side",
    "differences",
    "preview",
    "repin",
    "takers",
]
