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
    related = ("programme__city", "edition", "correction")
    for case in rows.select_related(*related).defer("edition__changes"):
        assert case.edition is not None
        what = f"撤销{case.programme.clearance_term}，恢复列入名单，{case.edition}"
        at, reason = case.edition.published_at, case.correction.reason
        yield Step(at, what, reason, case.programme, case.pk, str(case))
