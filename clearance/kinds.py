"""Sanctions, partners' removals and clearances as kinds of case."""

import re
from datetime import date, datetime
from typing import Any, ClassVar

from django.urls import reverse

from cases.checks import Check
from cases.errors import Problem
from cases.kinds import Announcing, CaseKind, Shown
from cases.models import Case
from cities.models import Ground, Outcome
from clearance import (
    again,
    checks,
    documents,
    effects,
    ending,
    followups,
    foreseeing,
    grounded,
    haste,
    letters,
    orders,
    outcomes,
    own_request,
    parting,
    queries,
    steps,
)
from clearance.checks import Question
from clearance.models import Measure
from providers import registry
from providers.models import ListEdition, Organisation

ADDRESSING = re.compile("[你您贵](单位|公司|中心)")


class MeasureKind(CaseKind):
    edition_kind = ListEdition.Kind.REMOVAL
    facts_template = "clearance/facts.html"
    shown_template = "clearance/shown.html"
    texts: ClassVar = {"facts": "事实和理由", "demands": "要求"}

    def begin(self, case: Case, *, at: datetime) -> None:
        Measure.objects.create(case=case, saved_at=at)

    def problems(self, case: Case, *, at: datetime) -> list[Problem]:
        found, article = [], case.procedure.article.number
        if not case.measure.facts.strip():
            what = "退出的原因" if queries.is_own(case) else "事实和理由，这会告知单位"
            found.append(Problem("facts", f"写明{what}", article))
        elif not queries.is_own(case) and (said := ADDRESSING.search(case.measure.facts)):
            what = f"不称“{said[0]}”，写单位名称：文书不只给这一家看"
            found.append(Problem("facts", what, article))
        if queries.is_own(case) and not case.measure.acknowledged:
            found.append(Problem("acknowledged", "勾选已知道退出的后果", article))
        if not grounds_of(case):
            found.append(Problem("grounds", "至少要有一种情形，先登记情形再并入", article))
        return found

    def filing_checks(self, case: Case, *, at: datetime) -> list[Check]:
        return []

    def question(self, case: Case, *, at: datetime) -> Question:
        return Question(case, at)

    def state_checks(self, case: Case, *, at: datetime, question: Question | None = None) -> list[Check]:
        return checks.state_checks(question or Question(case, at))

    def submission(self, case: Case, *, at: datetime) -> dict[str, Any]:
        """Not the evidence, which may tell who has complained."""
        measure = case.measure
        return {
            "facts": measure.facts.strip(),
            "demands": measure.demands.strip(),
            "grounds": [_told(one) for one in grounds_of(case)],
            "partner": _partner(measure),
        }

    def shown(self, questions: list[Question]) -> list[dict[str, Any]]:
        return [one.case.submission for one in questions]

    def take_effect(self, case: Case, edition: registry.Draft, question: Question) -> None:
        raise NotImplementedError(f"{case.procedure} does not change the list")

    def outcome_problems(
        self, case: Case, outcome: Outcome, *, named_day: date | None, at: datetime
    ) -> list[Problem]:
        return again.day_problems(case, outcome, named_day, at)

    def about_day(self, case: Case, *, at: datetime) -> str:
        return again.sentence(case, at)

    def demanded_before(self, case: Case, outcome: Outcome) -> str | None:
        return again.demanded_before(case, outcome)

    def demand(self, case: Case, text: str, *, at: datetime) -> None:
        again.demand(case, text, at=at)

    def outcome(self, case: Case, at: datetime) -> Shown | None:
        return Shown("admin/clearance/outcome.html", outcomes.of(case))

    def followed(
        self, case: Case, outcome: Outcome, *, by: Any, at: datetime, named_day: date | None, opinion: str
    ) -> None:
        own_request.note(case, outcome, by=by, at=at)
        _keep_day(case, outcome, named_day)
        orders.follow(case, outcome, by=by, at=at)
        grounded.note(case, outcome, opinion=opinion, by=by, at=at)
        documents.follow(case, outcome, by=by, at=at, named_day=named_day, opinion=opinion)

    def tells(self, case: Case, kind: str, outcome: Outcome | None) -> str:
        if queries.is_own(case) and not (outcome and letters.is_asked(outcome)):
            leaves = outcome is not None and outcome.effect == Outcome.Effect.REGISTRY
            return letters.LEFT if leaves else super().tells(case, kind, outcome)
        return letters.kind_of(case, kind, outcome)

    def asked(self, case: Case) -> str:
        return "；".join(one["label"] for one in case.submission.get("grounds", []))

    def edit_url(self, case: Case) -> str:
        if queries.is_own(case):
            return reverse("exit_request", args=[case.pk])
        return reverse("admin:clearance_measure_change", args=[case.pk])


class SanctionKind(MeasureKind):
    key = queries.SANCTION

    def state_checks(self, case: Case, *, at: datetime, question: Question | None = None) -> list[Check]:
        asked = question or Question(case, at)
        return [*checks.state_checks(asked), *grounded.order_checks(asked)]

    def outcome_problems(
        self, case: Case, outcome: Outcome, *, named_day: date | None, at: datetime
    ) -> list[Problem]:
        held = super().outcome_problems(case, outcome, named_day=named_day, at=at)
        return [*held, *grounded.why_not_yet(case, outcome, at)]


class PartnerRemovalKind(MeasureKind):
    key = queries.PARTNER_REMOVAL

    def state_checks(self, case: Case, *, at: datetime, question: Question | None = None) -> list[Check]:
        asked = question or Question(case, at)
        return [*checks.state_checks(asked), *checks.partner_checks(asked)]

    def others(self, case: Case, kind: str) -> list[tuple[Organisation, str]]:
        """The partner hears of the order, and of its end; the rest is between the office and the unit."""
        partner = case.measure.partner
        return [(partner, "")] if partner and kind in (letters.SERVED, letters.REVOKED) else []

    def about_day(self, case: Case, *, at: datetime) -> str:
        return "。".join(filter(None, [super().about_day(case, at=at), haste.sentence(case, at)]))

    def ends_partner(self, case: Case) -> Organisation | None:
        return case.measure.partner if parting.is_asked(case) else None


class ClearanceKind(MeasureKind):
    key = queries.CLEARANCE

    def state_checks(self, case: Case, *, at: datetime, question: Question | None = None) -> list[Check]:
        asked = question or Question(case, at)
        held = [*checks.state_checks(asked), *grounded.order_checks(asked)]
        return [*held, *checks.announcement_checks(asked)]

    def letter_facts(self, case: Case, kind: str, at: datetime) -> dict[str, Any]:
        return {"ended": ending.ended(case, at)} if kind in (letters.CLEARED, letters.LEFT) else {}

    def announcing(self, case: Case, outcome: Outcome) -> Announcing | None:
        is_left_open = not documents.must_be_announced(case.procedure)
        if not is_left_open or not queries.removes(outcome):
            return None
        return Announcing(case.measure.announced, case.measure.announced_why)

    def announce(self, case: Case, announced: bool, why: str, *, by: Any, at: datetime) -> None:
        steps.choose_announcement(case, announced, why=why, by=by, at=at)

    def foreseen(self, case: Case, at: datetime) -> Shown | None:
        return Shown("admin/clearance/foreseen.html", foreseeing.of(case, at))

    def take_effect(self, case: Case, edition: registry.Draft, question: Question) -> None:
        effects.end_registration(case, edition, question.registration)
        followups.begin(case, edition.moment)


def grounds_of(case: Case) -> list[Ground]:
    """The reasons it is about; a unit that applies for its own removal brings its reason along."""
    taken = [one.ground for one in queries.taken_up(case) if one.ground]
    if taken or not queries.is_own(case):
        return taken
    own = queries.own_request(case.procedure)
    return [own] if own else []


def _told(ground: Ground) -> dict[str, str]:
    return {"label": ground.label, "article": ground.article.number, "force": ground.force}


def _partner(measure: Measure) -> dict[str, str]:
    partner = measure.partner
    return {"code": partner.credit_code, "name": partner.name} if partner else {}


def _keep_day(case: Case, outcome: Outcome, named_day: date | None) -> None:
    """Of an order that has to be served first: its day counts for what comes after."""
    if named_day and outcome.next_stage and outcome.next_stage.kind == "service":
        case.measure.due_on = named_day
        case.measure.save()
