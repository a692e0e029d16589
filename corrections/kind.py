"""A correction of what was published as a kind of case: only the office begins one."""

from datetime import date, datetime
from typing import Any, ClassVar

from django.db.models import prefetch_related_objects
from django.urls import reverse

from cases.checks import Check
from cases.errors import Problem
from cases.kinds import CaseKind
from cases.models import Case
from cases.operations import comparing, words
from cities.models import Outcome
from corrections import checks, queries, restoring
from corrections.checks import Question
from corrections.models import Correction
from providers import registry, returning
from providers.models import ListEdition, Organisation, Registration
from providers.queries import edition_at

TOLD_AS = {
    "published": "corrected",
    **{kind: kind for kind in ("publicity_opened", "publicity_taken_down")},
}


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

    def question(self, case: Case, *, at: datetime) -> Question:
        return Question.of(case, at)

    def state_checks(self, case: Case, *, at: datetime, question: Question | None = None) -> list[Check]:
        return checks.state_checks(question or Question.of(case, at))

    def submission(self, case: Case, *, at: datetime) -> dict[str, Any]:
        question = self.question(case, at=at)
        [shown] = self.shown([question])
        return {
            "subjects": words.subjects(question.operations),
            "operations": [operation.to_json() for operation in question.operations],
            **shown,
            **(restoring.told(question.registration) if question.restores else {}),
        }

    def shown(self, questions: list[Question]) -> list[dict[str, Any]]:
        prefetch_related_objects([question.case for question in questions], "correction__corrects")
        edition = edition_at(questions[0].case.programme, questions[0].at) if questions else None
        return [_shown(question, edition) for question in questions]

    def take_effect(self, case: Case, edition: registry.Draft, question: Question) -> None:
        correction = case.correction
        assert correction.corrects is not None
        if question.restores:
            restoring.take_effect(case, edition, question.registration)
            return
        edition.correct(
            question.registration,
            question.operations,
            before=question.list_now,
            corrects=correction.corrects,
            reason=correction.reason,
        )

    def others(self, case: Case, kind: str) -> list[tuple[Organisation, str]]:
        """As they were filed, and once it is published those in whose list it was put right."""
        told: dict[str, dict[str, None]] = {}
        for one in case.submission.get("others", []):
            pairs = [(line["before"]["name"], line["after"]["name"]) for line in one["differences"]]
            told.setdefault(one["unit"]["code"], {}).update(
                dict.fromkeys(f"“{was}”应为“{now}”" for was, now in pairs)
            )
        rows = Organisation.objects.filter(credit_code__in=told)
        if case.edition:
            rows = rows.filter(registrations__errata__edition=case.edition)
        return [(row, "；".join(told[row.credit_code])) for row in rows.distinct().order_by("pk")]

    def tells(self, case: Case, kind: str, outcome: Outcome | None) -> str:
        """Once the public is told."""
        told = TOLD_AS.get(kind, "")
        return "restored" if told == "corrected" and "restores" in case.submission else told

    def followed(
        self, case: Case, outcome: Outcome, *, by: Any, at: datetime, named_day: date | None, opinion: str
    ) -> None:
        restoring.refuse_unsayable(case, outcome, at)

    def why_gone(self, registration: Registration) -> str:
        return returning.why_not(registration)

    def asked(self, case: Case) -> str:
        units = len({one["unit"]["code"] for one in case.submission.get("others", [])})
        return case.submission.get("tally", "") + (f"，另涉及 {units} 家" if units else "")

    def edit_url(self, case: Case) -> str:
        return reverse("admin:corrections_correction_change", args=[case.pk])


def _shown(question: Question, edition: ListEdition | None) -> dict[str, Any]:
    correction = question.case.correction
    return {
        "reason": correction.reason,
        "corrects": correction.corrects.number if correction.corrects else 0,
        "others": others(question),
        **comparing.comparison(question, edition),
    }


def others(question: Question) -> list[dict[str, Any]]:
    """Of the other units, what is put right with it and in which edition it was first wrong."""
    return [
        {
            "unit": {
                "code": one.registration.organisation.credit_code,
                "name": one.registration.organisation.name,
            },
            "corrects": one.corrects.number if one.corrects else 0,
            "differences": one.differences,
        }
        for one in question.others
    ]
