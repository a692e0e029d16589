"""What the portal holds about whoever is logged in: shown to him, and given to take along (PIPL article 45)."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import access, queries
from accounts.models import User
from records import clock
from records.personal import copies, subjects


@never_cache
@login_required
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    user, now = access.acting(request), clock.now()
    mine = _of(user)
    held = copies.held_of(mine, user)
    page = {
        "held": held,
        "groups": copies.groups(held),
        "duties": copies.duties_of(mine, now),
        "erases": [kind.erases for kind, _ in mine],
        "cities": queries.cities_of(user),
        "now": now,
    }
    return render(request, "accounts/login/data.html", page)


@login_required
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    user = access.acting(request)
    return copies.as_file(_of(user), by=user, at=clock.now())


def _of(user: User) -> list[tuple[subjects.Subjects, Any]]:
    """There is no key in the address: nobody can ask for another's."""
    found = ((kind, kind.own(user)) for kind in subjects.kinds())
    return [(kind, subject) for kind, subject in found if subject is not None]
