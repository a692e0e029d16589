"""What the office has decided of a row, beside the text that left it open."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from cities.decisions import Binding, decided_of, sentence
from cities.models import CitedRow, OfficeDecision, Rulebook


def bindings(rulebooks: list[Rulebook], at: datetime) -> dict[int, Binding]:
    """The decisions that bind at that moment, by programme; one query for all of them."""
    found = {one.programme_id: Binding() for one in rulebooks}
    rows = OfficeDecision.objects.filter(programme__in=found, is_confirmed=True, settled_at__lte=at)
    rows = rows.filter(effective_from__lte=timezone.localtime(at).date())
    for one in rows.order_by("effective_from", "settled_at", "pk"):
        found[one.programme_id].found.setdefault((one.section, one.place), {})[one.matter] = one
    return found


def decided(row: CitedRow, matter: str | None = None) -> str:
    """The decisions of a row, or of one matter of it, as a page cites them; empty where there is none."""
    found: list[Any] = [one for one in decided_of(row) if matter in (None, one.matter)]
    return "；".join(sentence(row.rulebook.programme.office_term, one) for one in found)
