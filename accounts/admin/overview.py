"""Who holds what now, what ends soon and what has ended lately: the grants of the office, by person or by role."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts import checks, queries, roles
from accounts.models import Grant
from accounts.standing import LOADED
from records import clock

SOON = LATELY = timedelta(days=30)
PERSON, ROLE = "person", "role"


def overview_page(site: Any, request: HttpRequest) -> HttpResponse:
    if not checks.may_ask_who_could(request.user):
        raise Http404
    now = clock.now()
    by = ROLE if request.GET.get("by") == ROLE else PERSON
    held, ended = _grants(request.user, now)
    page = {
        **site.each_context(request),
        "title": "谁有什么权限",
        "by": by,
        "groups": _grouped(held, by),
        "people": len({one.user_id for one in held}),
        "held": held,
        "soon": [one for one in held if one.ends_at and one.ends_at <= now + SOON],
        "ended": ended,
        "may_grant": checks.administers_access(request.user),
        "register": reverse("admin:accounts_grant_changelist"),
        "now": now,
    }
    return TemplateResponse(request, "accounts/admin_overview.html", page)


def explained() -> list[dict[str, Any]]:
    """What each role of the office may do and where it is granted, from the same rows that decide it."""
    return [
        {
            "label": label,
            "allowed": roles.allowed(role),
            "targets": [roles.TARGET_WORDS[word] for word in roles.TARGETS[role]],
            "alone": role in roles.ALONE,
        }
        for role, label in roles.CHOICES
        if role not in roles.PROVIDER_ROLES
    ]


def _grants(user: Any, now: datetime) -> tuple[list[Grant], list[Grant]]:
    """Those that hold now, and those that ended lately, the last first."""
    office = queries.readable_grants(user).exclude(role__in=roles.PROVIDER_ROLES).select_related(*LOADED)
    held = office.active(now).order_by("user__full_name", "user", "role", "pk")
    ended = office.filter(ends_at__gt=now - LATELY, ends_at__lte=now).order_by("-ends_at", "-pk")
    return list(held), list(ended)


def _grouped(held: Iterable[Grant], by: str) -> list[tuple[str, list[Grant]]]:
    groups: dict[Any, list[Grant]] = {} if by == PERSON else {role: [] for role, _ in roles.CHOICES}
    for one in held:
        groups.setdefault(one.user if by == PERSON else one.role, []).append(one)
    return [(_titled(key, by), rows) for key, rows in groups.items() if rows]


def _titled(key: Any, by: str) -> str:
    return f"{key.display_name}（{key.username}）" if by == PERSON else roles.LABELS[key]
