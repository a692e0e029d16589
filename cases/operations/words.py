"""What an operation touches, and the programme's own words for it."""

from collections.abc import Iterable

from cities import keys
from cities.models import Programme
from providers.operations import Action, ListOperation

SUBJECT_NAMES = {"unit": "单位信息", "partners": "合作伙伴", "catalogue": "产品和服务目录"}
_SUBJECTS = {
    **dict.fromkeys((Action.MEND_UNIT, Action.RESTORE_UNIT), "unit"),
    **dict.fromkeys((Action.ADD_ITEM, Action.EDIT_ITEM, Action.END_ITEM), "catalogue"),
}
JOINING_ACTIONS = (Action.ADD_PARTNER, Action.REPLACE_PARTNER)


def subject_of(action: str) -> str:
    return _SUBJECTS.get(Action(action), "partners")


def subjects(operations: Iterable[ListOperation]) -> list[str]:
    """What of the list they touch."""
    return sorted({subject_of(operation.action) for operation in operations})


def joining(operations: Iterable[ListOperation]) -> dict[str, str]:
    """By credit code, the organisations that they bring in; not one that they take out again themselves."""
    places: dict[tuple[str, str], str] = {}
    for operation in operations:
        places.pop((operation.industry, operation.leaving_code), None)
        if operation.action in JOINING_ACTIONS:
            places[operation.industry, operation.partner_code] = operation.partner_name
    return {code: name for (_, code), name in places.items()}


def action_name(action: str, programme: Programme) -> str:
    return in_own_terms(keys.OPERATIONS[action], programme)


def subject_name(subject: str, programme: Programme) -> str:
    return in_own_terms(SUBJECT_NAMES[subject], programme)


def in_own_terms(text: str, programme: Programme) -> str:
    """A sentence of ours with the programme's word for a partner; not to be used twice on the same text."""
    return text.replace("合作伙伴", programme.partner_term or "合作伙伴")
