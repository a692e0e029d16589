"""What a correction calls the operations that it shares with a unit's own changes."""

from cases.operations import words
from cities.models import Programme
from providers.operations import Action

# What was never rightly there has not left.
_OWN = {Action.END_PARTNER: "删去误列的合作伙伴", Action.END_ITEM: "删去误列的产品和服务"}


def action_name(action: str, programme: Programme) -> str:
    own = _OWN.get(Action(action))
    return words.in_own_terms(own, programme) if own else words.action_name(action, programme)
