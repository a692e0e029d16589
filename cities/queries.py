"""Reads of the rules: which version binds on a day, and a row by its name."""

from datetime import datetime

from django.utils import timezone

from cities.models import Limit, Procedure, Programme, Rulebook


def rulebook_in_force(programme: Programme, at: datetime) -> Rulebook | None:
    """The version that binds on the local day of that moment; a draft or a text for comment never does."""
    day = timezone.localtime(at).date()
    candidates = Rulebook.objects.filter(
        programme=programme, standing=Rulebook.Standing.PUBLISHED, effective_from__lte=day
    ).order_by("-effective_from", "-version")
    return next((rulebook for rulebook in candidates if rulebook.is_in_force(at)), None)


def rulebooks_in_force(at: datetime) -> dict[int, Rulebook]:
    """The version that binds in each programme that has one, by the programme's key; one query."""
    day = timezone.localtime(at).date()
    rows = Rulebook.objects.filter(standing=Rulebook.Standing.PUBLISHED, effective_from__lte=day)
    in_order = rows.order_by("effective_from", "version")
    return {rulebook.programme_id: rulebook for rulebook in in_order if rulebook.is_in_force(at)}


def procedure_in_force(programme: Programme, key: str, at: datetime) -> Procedure | None:
    rulebook = rulebook_in_force(programme, at)
    if rulebook is None:
        return None
    return Procedure.objects.filter(rulebook=rulebook, key=key).select_related("article", "rulebook").first()


def limits_of(procedure: Procedure) -> dict[str, Limit]:
    """The limits that govern a procedure by what they measure: those of the whole rulebook, then its own over them."""
    rows = Limit.objects.filter(rulebook_id=procedure.rulebook_id, procedure_key__in=["", procedure.key])
    return {row.measure: row for row in rows.select_related("article").order_by("procedure_key")}
