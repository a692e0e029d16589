"""A change of partners and catalogue as a kind of case."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.urls import reverse

from cases.checks import Check, asking
from cases.errors import Problem
from cases.kinds import CaseKind
from cases.models import Case
from cases.operations import comparing, words
from cases.queries import required_materials
from changes import checks, offered, queries
from changes.checks.question import Question
from changes.models import PartnerChange
from providers import registry
from providers.models import ListEdition
from providers.queries import edition_at


class PartnerChangeKind(CaseKind):
    key = "partner_change"
    edition_kind = ListEdition.Kind.CHANGE
    facts_template = "changes/facts.html"
    shown_template = "changes/shown.html"
    texts: ClassVar = {"reason": "变更原因", "explanation": "对原则上不符之处的说明"}

    def begin(self, case: Case, *, at: datetime) -> None:
        PartnerChange.objects.create(case=case, saved_at=at)

    def problems(self, case: Case, *, at: datetime) -> list[Problem]:
        change, found = case.partner_change, unwritten(case)
        if not change.explanation.strip() and (asked := self._asked(case, at)):
            found.append(Problem("explanation", f"说明理由：{asked[0].message}", asked[0].article))
        return found

    def _asked(self, case: Case, at: datetime) -> list[Check]:
        filing = [] if case.submitted_at else self.filing_checks(case, at=at)
        return asking([*filing, *self.state_checks(case, at=at)])

    def filing_checks(self, case: Case, *, at: datetime) -> list[Check]:
        return checks.filing_checks(case, at=at)

    def question(self, case: Case, *, at: datetime) -> Question:
        return Question.of(case, at)

    def questions(self, cases: list[Case], *, at: datetime) -> dict[UUID, Question]:
        """Of the first of each unit: another of the same is about the list that this one leaves."""
        first = {case.registration_id: case for case in reversed(cases)}
        found = Question.of_each([case for case in cases if first[case.registration_id] is case], at)
        return {question.case.pk: question for question in found}

    def state_checks(self, case: Case, *, at: datetime, question: Question | None = None) -> list[Check]:
        return checks.state_checks(question or Question.of(case, at))

    def subjects(self, case: Case) -> dict[str, str]:
        return words.joining(queries.operations_of(case))

    def submission(self, case: Case, *, at: datetime) -> dict[str, Any]:
        question = self.question(case, at=at)
        return {
            "reason": case.partner_change.reason,
            "explanation": case.partner_change.explanation,
            "subjects": words.subjects(question.operations),
            "operations": [operation.to_json() for operation in question.operations],
            "materials": [
                {
                    "key": one.row.key,
                    "subject": one.subject,
                    "name": one.material.file.name,
                    "sha256": one.material.file.sha256,
                }
                for one in required_materials(case)
                if one.material
            ],
            **comparison(question, edition_at(case.programme, at)),
        }

    def shown(self, questions: list[Question]) -> list[dict[str, Any]]:
        prefetch_related_objects(
            [question.case for question in questions], "partner_change", "waivers__limit__article"
        )
        edition = edition_at(questions[0].case.programme, questions[0].at) if questions else None
        return [_shown(question, edition) for question in questions]

    def take_effect(self, case: Case, edition: registry.Draft, question: Question) -> None:
        edition.change(question.registration, question.operations, before=question.list_now)

    def asked(self, case: Case) -> str:
        return str(case.submission.get("tally", ""))

    def edit_url(self, case: Case) -> str:
        return reverse("change", args=[case.pk])


def _shown(question: Question, edition: ListEdition | None) -> dict[str, Any]:
    case = question.case
    return {
        "reason": case.partner_change.reason,
        "waivers": [
            {"value": waiver.value_text, "reason": waiver.reason, "article": waiver.limit.article.number}
            for waiver in case.waivers.all()
        ],
        **comparison(question, edition),
    }


def comparison(question: Question, edition: ListEdition | None) -> dict[str, Any]:
    """The list before and after, with what stays as it is of that which the procedure lets a unit change."""
    return comparing.comparison(question, edition, offered.subjects(question.case.procedure))


def unwritten(case: Case) -> list[Problem]:
    """What has to be filled in whatever the checks say."""
    change, found = case.partner_change, []
    if not change.operations.exists():
        found.append(Problem("operations", _nothing_written(case), case.procedure.article.number))
    if not change.reason.strip() and (article_asking := offered.reason_asked_by(case.procedure)):
        found.append(Problem("reason", "写明变更的具体原因，不能留空", article_asking))
    if not change.truthful:
        found.append(Problem("truthful", "勾选真实性承诺"))
    return found


def _nothing_written(case: Case) -> str:
    names = (words.subject_name(one, case.programme) for one in offered.subjects(case.procedure))
    return f"至少写一项变更：{'或'.join(names)}"
