"""That a removal was undone: told with its moment, article and correction wherever the removal is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from cases.models import Case
from corrections import queries
from providers.models import ListEdition, Registration
from providers.operations import Action
from records import beside
from records.words import full_moment


@dataclass(frozen=True)
class Undone:
    """The correction that took the unit back, and its edition."""

    case: Case
    edition: ListEdition

    @property
    def at(self) -> datetime:
        return self.edition.published_at

    @property
    def article(self) -> str:
        return self.case.procedure.article.number

    @property
    def words(self) -> str:
        by = f"更正 {self.case}（{self.article}）"
        return f"{full_moment(self.at)} 这次移出由{by}撤销，单位恢复为{self.case.programme.registrant_term}（{self.edition}）"


def register() -> None:
    beside.register("removal", "corrections/of_removal.html", of_registrations)
    beside.register("case", "corrections/of_case.html", of_case)


def of_registrations(rows: Sequence[Registration]) -> dict[int, Undone]:
    """By the registration that had ended; one query."""
    restoring = Case.objects.filter(
        registration__in=rows, edition__isnull=False, procedure__kind=queries.KIND
    )
    restoring = restoring.filter(correction__operations__action=Action.RESTORE_UNIT)
    related = ("edition", "procedure__article", "programme__city")
    found = restoring.select_related(*related).defer("edition__changes", "submission").order_by("closed_at")
    return {
        case.registration_id: Undone(case, case.edition)
        for case in found
        if case.registration_id and case.edition
    }


def of_case(case: Case) -> Undone | None:
    """Of the case by which the unit had left."""
    is_one = case.edition is not None and case.edition.kind == ListEdition.Kind.REMOVAL
    if not is_one or case.registration is None:
        return None
    return of_registrations([case.registration]).get(case.registration.pk)


def since(case: Case) -> list[tuple[str, str]]:
    """For the top of its page in the office."""
    found = of_case(case)
    return [(found.words, reverse("admin:cases_case_change", args=[found.case.pk]))] if found else []
