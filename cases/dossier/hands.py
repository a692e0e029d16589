"""Who did something to a case, in the office's terms: the role that was held at that moment, and the name."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from accounts import roles
from accounts.models import Grant, User
from cases.models import Case
from records.events import SYSTEM
from records.models import Event


class Hands:
    """The grants of everybody who had a hand in a case, read once."""

    def __init__(self, case: Case, people: Iterable[int | None]) -> None:
        reached = (
            Q(programme=case.programme_id)
            | Q(city=case.programme.city_id)
            | Q(district__city=case.programme.city_id)
            | Q(organisation=case.organisation_id)
        )
        rows = Grant.objects.filter(reached, user__in={pk for pk in people if pk})
        self._grants = list(rows.order_by("starts_at", "pk"))

    def of(self, event: Event) -> str:
        name = event.actor_name or f"{event.actor_id} 号账号（姓名已按规定去掉）"
        return self.named(event.actor_id, name, event.at)

    def by(self, user: User | None, at: datetime | None) -> str:
        """Empty where nobody did."""
        return self.named(user.pk, user.display_name, at) if user and at else ""

    def named(self, pk: int | None, name: str, at: datetime) -> str:
        held = [one.role for one in self._grants if one.user_id == pk and one.is_active(at)]
        role = "、".join(roles.LABELS[one] for one in roles.LABELS if one in held)
        return f"{role} {name}".strip()


def name_of(user: User | None) -> str:
    return user.display_name if user else SYSTEM
