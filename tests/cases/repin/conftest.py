"""Moving open cases to a later version: a recorded act that shows every date that differs."""

import pytest

from cases.models import Case
from tests.cases.repin.moving import NEXT, days
from tests.conftest import NOW, add, submitted
from tests.rulebooks import load_changed, load_next


@pytest.fixture
def programme(calendar, tmp_path, request):
    """Three working days for the first desk, unless a test says otherwise."""
    return load_changed(tmp_path, getattr(request, "param", days(3)))


@pytest.fixture
def newer(programme, tmp_path):
    """Five working days for the first desk, also for what is open."""
    return load_next(tmp_path, days(5), moves_open_cases=True, effective_from="2026-09-18")


@pytest.fixture
def page_clock(stopped_clock):
    stopped_clock(NEXT)


@pytest.fixture
def three_cases(apply, registration, second, third, provider, clerk, decider) -> list[Case]:
    """One of each unit, all at the first desk."""
    cases = []
    for unit, partner in ((registration, "fresh"), (second, "other"), (third, "fresh")):
        draft = apply(unit, clerk, [add(partner, unit)], channel="paper", received_on=NOW.date())
        cases.append(submitted(draft, by=clerk, at=NOW))
    return cases
