"""A change of partners and catalogue as a kind of case."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from cases.checks import Check, asking
from cases.errors import Problem
from cases.kinds import CaseKind
from cases.models import Case
from cases.queries import current_materials
from changes import checks, queries
from changes.models import Operation, PartnerChange
from providers import registry, snapshots
from providers.models import ListEdition, Register, Registration
from providers.queries import edition_at, snapshot
from providers.snapshots import Snapshot, StaleOperation


class PartnerChangeKind(CaseKind):
    key = "partner_change"
    facts_template = "changes/facts.html"
    shown_template = "changes/shown.html"

    def begin(self, case: Case, *, at: datetime) -> None:
        PartnerChange.objects.create(case=case, saved_at=at)

    def problems(self, case: Case, *, at: datetime) -> list[Problem]:
        change, article = case.partner_change, case.procedure.article.number
        found = []
        if not change.operations.exists():
            found.append(Problem("operations", "至少写一项变更：合作伙伴或产品和服务目录", article))
        if not change.reason.strip():
            found.append(Problem("reason", "写明变更的具体原因，不能留空", article))
        if not change.truthful:
            found.append(Problem("truthful", "勾选真实性承诺"))
        if not change.explanation.strip() and (asked := self._asked(case, at)):
            found.append(Problem("explanation", f"说明理由：{asked[0].message}", asked[0].article))
        return found

    def _asked(self, case: Case, at: datetime) -> list[Check]:
        filing = [] if case.submitted_at else self.filing_checks(case, at=at)
        return asking([*filing, *self.state_checks(case, at=at)])

    def filing_checks(self, case: Case, *, at: datetime) -> list[Check]:
        return checks.filing_checks(case, at=at)

    def state_checks(self, case: Case, *, at: datetime) -> list[Check]:
        return checks.state_checks(case, at=at)

    def submission(self, case: Case, *, at: datetime) -> dict[str, Any]:
        operations = queries.operations_of(case)
        materials = current_materials(case)
        return {
            "reason": case.partner_change.reason,
            "explanation": case.partner_change.explanation,
            "subjects": queries.subjects(operations),
            "operations": [operation.to_json() for operation in operations],
            "materials": [
                {"key": key, "name": material.file.name, "sha256": material.file.sha256}
                for key, material in materials.items()
            ],
            **comparison(case, at),
        }

    def shown(self, case: Case, *, at: datetime) -> dict[str, Any]:
        waivers = case.waivers.select_related("limit__article")
        return {
            "reason": case.partner_change.reason,
            "waivers": [
                {"value": waiver.value_text, "reason": waiver.reason, "article": waiver.limit.article.number}
                for waiver in waivers
            ],
            **comparison(case, at),
        }

    def take_effect(self, case: Case, register: Register, *, at: datetime) -> ListEdition:
        operations = queries.operations_of(case)
        name = case.organisation.name
        return registry.publish(
            register, _registration(case), operations, at=at, kind=ListEdition.Kind.CHANGE, label=name
        )

    def edit_url(self, case: Case) -> str:
        return reverse("change", args=[case.pk])


def comparison(case: Case, at: datetime) -> dict[str, Any]:
    """The list before and after, as plain data to be frozen. A change that no longer fits is compared with nothing."""
    before, edition = snapshot(_registration(case), at), edition_at(case.programme, at)
    try:
        after = snapshots.after(before, queries.operations_of(case))
    except StaleOperation:
        after = before
    differences = snapshots.differences(before, after)
    ended = {row.leaving_code or row.item_code: row.note for row in _noted(case)}
    rows = [
        {**row, "note": ended.get(row["code"], "") if row["mark"] == "end" else ""} for row in differences
    ]
    return {
        "edition": edition.number if edition else 0,
        "before": before,
        "after": after,
        "differences": rows,
        "tally": snapshots.tally(differences),
        "unchanged": _unchanged(before, after),
    }


def _noted(case: Case) -> list[Operation]:
    return list(case.partner_change.operations.exclude(note=""))


def _unchanged(before: Snapshot, after: Snapshot) -> dict[str, Any]:
    return {
        "partners": [partner for partner in after["partners"] if partner in before["partners"]],
        "items": [item for item in after["items"] if item in before["items"]],
    }


def _registration(case: Case) -> Registration:
    assert case.registration is not None
    return case.registration
