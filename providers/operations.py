"""What a case asks of a registration's list, one operation each."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self


class Action(StrEnum):
    ADD_PARTNER = "add_partner"
    END_PARTNER = "end_partner"
    REPLACE_PARTNER = "replace_partner"
    ADD_ITEM = "add_item"
    EDIT_ITEM = "edit_item"
    END_ITEM = "end_item"
    MEND_UNIT = "mend_unit"
    MEND_PARTNER = "mend_partner"
    RESTORE_UNIT = "restore_unit"


# What an organisation is called and where it is, not who stands on the list.
MENDING = (Action.MEND_UNIT, Action.MEND_PARTNER)


@dataclass(frozen=True)
class ListOperation:
    """`industry` is an Industry.key; `partner_*` names who comes in, `leaving_*` who goes.

    An edited item and a mended unit carry all of their new particulars, not only those that differ. A mended partner is
    named by its code, with the right name. `note` is kept with a new organisation as the reason for a credit code whose
    check digit fails. A unit is restored as it stood when it left, so nothing of that is said.
    """

    action: str
    industry: str = ""
    partner_code: str = ""
    partner_name: str = ""
    leaving_code: str = ""
    leaving_name: str = ""
    item_code: str = ""
    item_name: str = ""
    item_price: str = ""
    item_summary: str = ""
    unit_code: str = ""
    unit_name: str = ""
    unit_place: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        Action(self.action)

    def to_json(self) -> dict[str, str]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data)
