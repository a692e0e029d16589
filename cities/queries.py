"""Reads of the rules: which version binds on a day, and a row by its name."""

from datetime import datetime

from django.utils import timezone

from cities import decisions, frozen
from cities.models import Limit, Procedure, Programme, Provision, Rulebook
from cities.rulebooks.describe import citation


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


def adopted_in_force(at: datetime) -> list[Rulebook]:
    """The versions that bind now and were adopted from a text for comment, or come of one that was; one query."""
    adopted = Rulebook.objects.filter(change=Rulebook.Change.ADOPTION)
    rows = Rulebook.objects.filter(programme__in=adopted.values("programme")).select_related(
        "programme__city"
    )
    known = {rulebook.pk: rulebook for rulebook in rows.order_by("programme__city__name", "programme__name")}
    return [one for one in known.values() if one.is_in_force(at) and _comes_of_adoption(one, known)]


def _comes_of_adoption(rulebook: Rulebook, known: dict[int, Rulebook]) -> bool:
    """Whether it or a version it was made from is an adoption."""
    made_from: Rulebook | None = rulebook
    while made_from and made_from.change != Rulebook.Change.ADOPTION:
        made_from = known.get(made_from.based_on_id or 0)
    return made_from is not None


def ended_rulebook(programme: Programme, at: datetime) -> Rulebook | None:
    """The last version that has bound, where none binds by then and none is to come; one query."""
    rows = Rulebook.objects.filter(programme=programme, standing=Rulebook.Standing.PUBLISHED)
    last = rows.order_by("-effective_from", "-version").first()
    is_over = last is not None and last.effective_to and last.effective_to < timezone.localtime(at).date()
    return last if is_over else None


def procedure_in_force(programme: Programme, key: str, at: datetime) -> Procedure | None:
    rulebook = rulebook_in_force(programme, at)
    if rulebook is None:
        return None
    return Procedure.objects.filter(rulebook=rulebook, key=key).select_related("article", "rulebook").first()


def guidance(procedure: Procedure) -> list[tuple[str, str, str]]:
    """What the text says besides to whoever handles this procedure, with the article and where it stands; no code
    decides by it. One query."""
    rows = Provision.objects.filter(rulebook=procedure.rulebook_id, procedure_key=procedure.key)
    rows = rows.select_related("article", "rulebook__programme").order_by("article__order", "order")
    return [(row.summary, *citation(row)) for row in rows]


def limits_of(procedure: Procedure, at: datetime) -> dict[str, Limit]:
    """The limits that govern a procedure by what they measure, with their values as the office has decided them by then:
    those of the whole rulebook, then its own over them."""
    bound = decisions.binding(procedure.rulebook, at)
    return {row.measure: bound.settle(row) for row in frozen.limits_for(procedure)}
