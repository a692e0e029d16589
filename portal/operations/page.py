"""The operator's page in the admin: the same numbers for people."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts import access
from cities.permissions import VIEW_RECORDS
from records import clock
from records.probes import Line, Probe, Reading, State, readings

WORDS = {
    State.RED: ("要处理", "is-bad"),
    State.WARN: ("留意", "is-wait"),
    State.OK: ("正常", "is-good"),
}


@dataclass(frozen=True)
class Row:
    probe: Probe
    reading: Reading
    lines: list[str]

    @property
    def unseen(self) -> int:
        """How many lines are of programmes whose records this person may not read."""
        return len(self.reading.lines) - len(self.lines)


def may_operate(user: Any) -> bool:
    """Who keeps the machine, and whoever may read the records of some programme."""
    if not user.is_active:
        return False
    return bool(user.is_superuser) or access.somewhere(user, VIEW_RECORDS)


def operations(request: HttpRequest) -> HttpResponse:
    if not may_operate(request.user):
        raise Http404
    now = clock.now()
    found = readings(now)
    theirs = _programmes(request.user)
    rows = [Row(probe, reading, _seen(reading.lines, theirs)) for probe, reading in found]
    groups = [(*WORDS[state], state, [row for row in rows if row.reading.state == state]) for state in WORDS]
    return TemplateResponse(
        request,
        "admin/portal/operations.html",
        {
            **admin.site.each_context(request),
            "title": "运行情况",
            "headline": _headline([reading for _, reading in found]),
            "groups": [group for group in groups if group[-1]],
            "now": now,
            "real": timezone.localtime() if clock.offset() else None,
        },
    )


def _programmes(user: Any) -> set[int] | None:
    """The programmes whose lines somebody sees; None is all of them."""
    if user.is_superuser:
        return None
    return set(access.programmes_for(user, VIEW_RECORDS).values_list("pk", flat=True))


def _seen(lines: tuple[Line, ...], theirs: set[int] | None) -> list[str]:
    return [line.text for line in lines if theirs is None or line.programme in {None, *theirs}]


def _headline(found: list[Reading]) -> str:
    counts = [(sum(one.state == state for one in found), words) for state, (words, _) in WORDS.items()][:2]
    return "，".join(f"{count} 项{words}" for count, words in counts if count) or "运行正常"
