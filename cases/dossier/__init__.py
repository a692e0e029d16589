"""All that is kept of a case, to be read by people and held against digests: parts that each app brings (`parts.register`), as a
ZIP (`archive`) or one PDF (`book`), taken out on the record (`exporting`) and verified later (`verifying`)."""

from cases.dossier.parts import (
    Asked,
    Block,
    Enclosed,
    Facts,
    Heading,
    Part,
    Place,
    Table,
    Text,
    register,
    register_opening,
)

__all__ = [
    "Asked",
    "Block",
    "Enclosed",
    "Facts",
    "Heading",
    "Part",
    "Place",
    "Table",
    "Text",
    "register",
    "register_opening",
]
