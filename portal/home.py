"""The first page of the public, and the first page of a provider."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts import access
from cases import inbox, kinds, page, unit_notes
from cases.access import of_own_units
from cases.inbox import Receipt
from cases.models import Case
from changes.allowance import allowances
from cities import built, keys
from cities.models import Procedure, Rulebook
from cities.queries import rulebook_in_force, rulebooks_in_force
from clearance import gone
from providers import course, listing
from providers.course import Step
from providers.models import ListEdition, Registration
from providers.permissions import FILE_APPLICATIONS, VIEW_OWN
from publicity.queries import faces, open_now
from records import clock

SHOWN = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is open to objection now, and the lists by city; right also when no worker runs."""
    now = clock.now()
    context = {
        "now": now,
        "open_total": open_now(now).count(),
        "open_periods": faces(open_now(now)[:SHOWN], now),
        "programmes": _programmes(now),
        "editions": _editions(),
    }
    return render(request, "portal/home.html", context)


def _programmes(now: datetime) -> list[dict[str, Any]]:
    in_force = rulebooks_in_force(now)
    return [{**row, "rulebook": in_force.get(row["programme"].pk)} for row in listing.programmes()]


def _editions() -> QuerySet[ListEdition]:
    rows = ListEdition.objects.select_related("programme__city").defer("changes")
    return rows.order_by("-published_at", "-pk")[:SHOWN]


@login_required
@require_safe
def my(request: HttpRequest) -> HttpResponse:
    """A provider's workbench. Who works for the office goes to the admin; who has neither is told so."""
    organisations = access.organisations_for(request.user, VIEW_OWN)
    if not organisations.exists():
        return (
            redirect("admin:index")
            if request.user.is_staff
            else render(request, "portal/nothing.html", status=403)
        )
    now = clock.now()
    cases = _cases(request.user)
    receipts = inbox.receipts(cases, now)
    told = [case for case in cases if case.pk not in receipts]
    context = {
        "now": now,
        "organisation": " · ".join(str(organisation) for organisation in organisations),
        "units": [_unit(request, unit, cases, receipts) for unit in _registrations(organisations)],
        "todo": [
            *({"receipt": one} for one in receipts.values() if not one.why_not),
            *(_todo(case, now) for case in told if _is_todo(case)),
        ],
        "running": [
            *({"receipt": one} for one in receipts.values() if one.why_not),
            *(_running(case, now) for case in told if _is_running(case)),
        ],
        "closed": [case for case in told if case.status == Case.Status.CLOSED],
        "course": _course(organisations, told, receipts.values()),
    }
    return render(request, "portal/my.html", context)


def _cases(user: Any) -> list[Case]:
    """Those still going with all that their lines need; of those that are over only what their row says."""
    cases = of_own_units(user).exclude(result=Case.Result.DISCARDED)
    related = ("procedure", "programme__city", "stage", "organisation", "owner", "registration")
    rows = list(cases.select_related(*related).defer("submission"))
    page.with_line(case for case in rows if case.status != Case.Status.CLOSED)
    return rows


def _course(organisations: Any, told: list[Case], receipts: Iterable[Receipt]) -> list[Step]:
    """Of what it has been told; of what it has yet to confirm, that there is something."""
    known = {case.pk for case in told}
    units = list(Registration.objects.filter(organisation__in=organisations))
    steps = [step for step in course.steps(units) if step.case in known]
    return sorted([*steps, *map(_unconfirmed, receipts)], key=lambda step: step.at, reverse=True)


def _unconfirmed(receipt: Receipt) -> Step:
    case = receipt.case
    said = f"{receipt.what}：待确认收到"
    return Step(receipt.letter.written_at, said, "", case.programme, case.pk, str(case))


def _registrations(organisations: Any) -> Any:
    """What stands on a list, and what has left one for good: that stays to be read."""
    rows = Registration.objects.filter(organisation__in=organisations)
    again = Registration.objects.current().filter(
        programme=OuterRef("programme"), organisation=OuterRef("organisation")
    )
    shown = rows.filter(Q(valid_to=None) | ~Exists(again))
    return shown.select_related("programme__city", "organisation").order_by(
        F("valid_to").desc(nulls_first=True)
    )


def _unit(
    request: HttpRequest, unit: Registration, cases: list[Case], receipts: Mapping[UUID, Receipt]
) -> dict[str, Any]:
    """What may be asked for in one registration: each procedure in force, open or not yet built; of one that has ended, what
    follows from that, as soon as the unit has confirmed that it has the decision."""
    now = clock.now()
    rulebook = rulebook_in_force(unit.programme, now)
    procedures = _to_file(rulebook) if rulebook and unit.valid_to is None else []
    rows = [_procedure(unit, procedure, cases, now) for procedure in procedures]
    may_file = access.may(request.user, FILE_APPLICATIONS, unit.organisation)
    left = gone.of(unit, now) if unit.valid_to else None
    is_told = left is None or left.case is None or left.case.pk not in receipts
    about = {"gone": left if is_told else None, "is_told": is_told}
    return {"unit": unit, "rulebook": rulebook, "procedures": rows, "may_file": may_file, **about}


def _to_file(rulebook: Rulebook) -> Any:
    """The procedures that begin with a listed unit's own papers; others are the office's to begin, and who is listed does
    not ask to be."""
    begun = Q(stages__kind="submission", stages__actor="provider")
    rows = Procedure.objects.filter(begun, rulebook=rulebook).exclude(kind="entry")
    return sorted(
        rows.select_related("article").distinct(), key=lambda row: row.kind in keys.ENDS_REGISTRATIONS
    )


def _procedure(unit: Registration, procedure: Procedure, cases: list[Case], now: datetime) -> dict[str, Any]:
    leaves = procedure.kind in keys.ENDS_REGISTRATIONS
    lines = [] if leaves or built.awaits(procedure) else allowances(unit, procedure, now)
    return {
        "procedure": procedure,
        "is_built": not built.awaits(procedure),
        "allowances": lines,
        "leaves": leaves,
        "is_used_up": any(line.is_used_up for line in lines),
        "going": _going(unit, procedure, cases),
    }


def _going(unit: Registration, procedure: Procedure, cases: list[Case]) -> Case | None:
    """The application of this kind that is not over yet: one at a time is decided, another would be refused."""
    same = (case for case in cases if (case.registration_id, case.procedure.key) == (unit.pk, procedure.key))
    return next((case for case in same if case.status != Case.Status.CLOSED), None)


def _is_todo(case: Case) -> bool:
    """A draft of its own, what was sent back to it, and what it is asked."""
    if case.registration and case.registration.valid_to:
        return False
    return (case.is_editable and case.channel == Case.Channel.ONLINE) or unit_notes.asks_unit(case)


def _is_running(case: Case) -> bool:
    return case.status == Case.Status.OPEN and not _is_todo(case)


def _todo(case: Case, now: datetime) -> dict[str, Any]:
    link = unit_notes.note_link(case) if unit_notes.asks_unit(case) else None
    url, label = link or (kinds.of(case).edit_url(case), "去补正" if case.submitted_at else "接着填")
    told = {"deadline": page.current_deadline(case), "obstacle": unit_notes.obstacle(case, now)}
    return {"case": case, "url": url, "label": label, **told}


def _running(case: Case, now: datetime) -> dict[str, Any]:
    told = {"deadline": page.current_deadline(case), "carrier": unit_notes.carrier(case)}
    return {"case": case, "stages": page.stage_line(case, now), **told}
