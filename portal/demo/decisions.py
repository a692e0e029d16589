"""Office decisions of a demonstration: proposed, and waiting for a second person."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from cities import decisions
from cities.models import Programme
from cities.queries import rulebook_in_force


def propose(told: dict[str, Any], programme: Programme, *, by: User, at: datetime) -> None:
    rulebook = rulebook_in_force(programme, at)
    assert rulebook is not None
    matter = next(one for one in decisions.matters(rulebook, at) if one.place == told["row"] and one.blocks)
    value, wording = decisions.span_value(**told["span"])
    today = timezone.localtime(at).date()
    decisions.propose(
        programme,
        matter,
        value=value,
        wording=wording,
        basis=told["basis"],
        decided_on=today,
        effective_from=today,
        by=by,
        at=at,
    )
