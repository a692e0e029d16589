"""What a unit's pages tell of a removal that was undone."""

from collections.abc import Iterable, Sequence

from cases.models import Case
from corrections import queries
from providers.course import Step
from providers.models import Registration
from providers.operations import Action


def steps(registrations: Sequence[Registration]) -> Iterable[Step]:
    rows = Case.objects.filter(registration__in=registrations, procedure__kind=queries.KIND)
    rows = rows.filter(correction__operations__action=Action.RESTORE_UNIT, edition__isnull=False)
    related = ("programme__city", "edition", "correction", "registration__programme")
    rows = rows.select_related(*related).defer("edition__changes")
    for case in rows.prefetch_related("registration__removals__procedure"):
        assert case.edition is not None
        assert case.registration is not None
        what = f"撤销{queries.left_by(case.registration)}，恢复为{case.programme.registrant_term}，{case.edition}"
        at, reason = case.edition.published_at, case.correction.reason
        yield Step(at, what, reason, case.programme, case.pk, str(case))
