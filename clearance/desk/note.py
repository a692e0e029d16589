"""What the case page in the admin says of a sanction, a partner's removal or a clearance."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from accounts import access
from cases import deadlines, rested
from cases.models import Case
from cities.calendar.dates import local_day
from cities.permissions import DECIDE_CASES, HANDLE_CASES
from clearance import haste, partners, queries, serving
from clearance.models import RectificationOrder, Service
from notices.models import Notice
from notices.queries import of_case
from records.words import full_day


class MeasureNote:
    """The grounds with their evidence, orders, services and answers: for the office only."""

    template = "admin/clearance/note.html"

    def context(self, case: Case, user: Any, at: datetime) -> dict[str, Any]:
        if not queries.is_one(case):
            return {}
        about = _about_partner(case) if case.measure.partner else {}
        return about | {
            "measure": case.measure,
            "followups": list(case.followups.select_related("done_by")),
            "rested": rested.of(case),
            "orders": _orders(case),
            "behind": queries.order_behind(case),
            "services": [(queries.served_as(case, one.stage, one.since), one) for one in _services(case)],
            "answers": list(case.answers.select_related("stage").prefetch_related("files__file")),
            "owed": _owed(case, user, at) if serving.awaits(case) else None,
            "stale": _stale(case),
            "may_handle": access.may(user, HANDLE_CASES, case.programme),
        }


def _orders(case: Case) -> list[tuple[RectificationOrder, date | None]]:
    """Each with the day before which it could hardly be carried out, where it runs out sooner."""
    rows = case.orders.select_related("deadline")
    running = RectificationOrder.RUNNING
    return [(one, haste.too_short(case, one) if one.state in running else None) for one in rows]


def _stale(case: Case) -> dict[str, Any] | None:
    """The document of the order that runs, where its day was put right since: what is served still says the old one."""
    deadline, order = deadlines.open_of(case), queries.running_order(case)
    last = _document_of(case, order) if order else None
    if deadline is None or last is None or last.state != Notice.State.ISSUED:
        return None
    now = full_day(deadline.closes_on)
    return {"notice": last, "said": last.facts["期限"], "now": now} if last.facts["期限"] != now else None


def _document_of(case: Case, order: RectificationOrder) -> Notice | None:
    """The last by which it was given, perhaps still in the making; not that of an order before it."""
    made = of_case(case).exclude(state=Notice.State.WITHDRAWN)
    if before := case.orders.filter(ordered_at__lt=order.ordered_at).last():
        made = made.filter(decided_at__gt=before.ordered_at)
    return next((one for one in made.order_by("-decided_at") if one.facts.get("期限")), None)


def _services(case: Case) -> QuerySet[Service]:
    return case.services.select_related("stage", "organisation", "proof")


def _owed(case: Case, user: Any, at: datetime) -> dict[str, Any]:
    """What has not reached the unit, and what to do where its day is over already."""
    passed = serving.passed(case, local_day(at))
    return {
        "what": serving.what(case),
        "why_not_yet": serving.why_not_yet(case),
        "passed": passed,
        "goes_back": serving.way_back(case) if passed else None,
        "may_correct": access.may(user, DECIDE_CASES, case.programme),
    }


def _about_partner(case: Case) -> dict[str, Any]:
    """Behind whom it stands by now, whoever has come to be there since, as long as the order stands; and what carries it out."""
    partner = case.measure.partner
    assert partner is not None
    changes = case.carried_out_by.filter(submitted_at__isnull=False).select_related("stage")
    return {
        "units": [] if queries.was_revoked(case) else partners.concerned(case.programme, partner),
        "term": case.programme.registrant_term,
        "changes": list(changes.order_by("submitted_at")),
    }


def standing(case: Case, deadline: Any) -> str:
    if case.waiting_for == "clerk":
        return "待登记送达"
    asked = f"等单位{queries.asked_to(case)}"
    return f"{asked}，到 {full_day(deadline.closes_on)}" if deadline else asked
