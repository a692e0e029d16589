"""An existing list, from a workbook to edition 1 (docs/registry-import.md)."""

from providers.importing.carrying import ImportRefused, already_entered, carry_out, obstacles
from providers.importing.layout import write_template
from providers.importing.plan import ImportPlan, Line
from providers.importing.reading import read

__all__ = [
    "ImportPlan",
    "ImportRefused",
    "Line",
    "already_entered",
    "carry_out",
    "obstacles",
    "read",
    "write_template",
]
