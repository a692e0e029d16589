"""Which editions were wrong and which put them right: the earlier one stays as it was and is marked."""

from django.db.models import QuerySet

from providers.listing import View
from providers.models import Erratum, ListEdition, Registration


def of_edition(edition: ListEdition) -> QuerySet[Erratum]:
    """What has been found wrong in it since, the first correction first."""
    return _told(Erratum.objects.filter(corrects=edition))


def made_by(edition: ListEdition | None) -> list[Erratum]:
    """What an edition puts right; no query for one that is no erratum."""
    is_erratum = edition is not None and edition.kind == ListEdition.Kind.ERRATUM
    return list(_told(Erratum.objects.filter(edition=edition))) if is_erratum else []


def of_view(view: View, registration: Registration | None = None) -> list[Erratum]:
    """What the list of that moment still has wrong, as it is known today; of one unit, or of all."""
    if view.edition is None or view.is_present:
        return []
    shown = view.edition.number
    rows = Erratum.objects.filter(
        edition__programme=view.programme, corrects__number__lte=shown, edition__number__gt=shown
    )
    return list(_told(rows.filter(registration=registration) if registration else rows))


def _told(rows: QuerySet[Erratum]) -> QuerySet[Erratum]:
    related = ("edition", "corrects", "registration__organisation")
    heavy = ("edition__changes", "corrects__changes")
    return rows.select_related(*related).defer(*heavy).order_by("edition__number", "pk")
