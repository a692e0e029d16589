"""A correction of what was published as a kind of case: only the office begins one."""

from datetime import datetime
from typing import Any, ClassVar

from django.urls import reverse

from cases.checks import Check
from cases.errors import Problem
from cases.kinds import CaseKind
from cases.models import Case
from cases.operations import comparing, words
from corrections import checks, queries
from corrections.models import Correction
from providers import registry
from providers.models import ListEdition


class CorrectionKind(CaseKind):
    key = queries.KIND
    edition_kind = ListEdition.Kind.ERRATUM
    facts_template = "corrections/facts.html"
    shown_template = "corrections/shown.html"
    texts: ClassVar = {"reason": "哪里有误"}

    def begin(self, case: Case, *, at: datetime) -> None:
        Correction.objects.create(case=case, saved_at=at)

    def problems(self, case: Case, *, at: datetime) -> list[Problem]:
        correction, found = case.correction, []
        if correction.corrects is None:
            found.append(Problem("corrects", "选更正哪一版名单"))
        if not correction.reason.strip():
            found.append(Problem("reason", "写明哪里有误，这会公开"))
        if not correction.evidence.strip():
            found.append(Problem("evidence", "写明凭什么认定有误"))
        if not correction.operations.exists():
            found.append(Problem("operations", "至少写一项更正", case.procedure.article.number))
        return found

    def filing_checks(self, case: Case, *, at: datetime) -> list[Check]:
        return []

    def state_checks(self, case: Case, *, at: datetime) -> list[Check]:
        return checks.state_checks(case, at=at)

    def submission(self, case: Case, *, at: datetime) -> dict[str, Any]:
        operations = queries.operations_of(case)
        return {
            "subjects": words.subjects(operations),
            "operations": [operation.to_json() for operation in operations],
            **self.shown(case, at=at),
        }

    def shown(self, case: Case, *, at: datetime) -> dict[str, Any]:
        corrects = case.correction.corrects
        return {
            "reason": case.correction.reason,
            "corrects": corrects.number if corrects else 0,
            **comparison(case, at),
        }

    def take_effect(self, case: Case, edition: registry.Draft) -> None:
        correction = case.correction
        assert correction.corrects is not None
        edition.correct(
            comparing.registration_of(case),
            queries.operations_of(case),
            corrects=correction.corrects,
            reason=correction.reason,
        )

    def asked(self, case: Case) -> str:
        return str(case.submission.get("tally", ""))

    def edit_url(self, case: Case) -> str:
        return reverse("admin:corrections_correction_change", args=[case.pk])


def comparison(case: Case, at: datetime) -> dict[str, Any]:
    rows = case.correction.operations.exclude(note="")
    notes = {row.leaving_code or row.item_code: row.note for row in rows}
    return comparing.comparison(case, queries.operations_of(case), at, notes=notes, open_to=())
