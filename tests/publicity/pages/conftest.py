from datetime import timedelta

import pytest
from django.urls import reverse

from cases import engine
from cases import steps as case_steps
from publicity import gate, steps
from tests.conftest import NOW, add, at, review
from tests.publicity.pages.moments import DURING


@pytest.fixture
def page(client, stopped_clock, period):
    """The period's page, or another, as anybody reads it at a moment."""

    def read(moment, url=""):
        stopped_clock(moment)
        return client.get(url or reverse("period", args=[period.pk]))

    return read


@pytest.fixture
def send(client, stopped_clock, period):
    def post(data, moment=DURING):
        """From a form that was opened a minute before."""
        stopped_clock(moment)
        opened = gate.opened(moment - timedelta(minutes=1), period.pk)
        return client.post(reverse("object", args=[period.pk]), {**data, "opened": opened})

    return post


@pytest.fixture
def three_periods(apply, registration, second, third, provider, clerk, decider):
    def more():
        for number, unit in enumerate((second, third), start=1):
            moment = NOW + timedelta(minutes=number)
            case = case_steps.submit(
                apply(unit, provider, [add("other", unit)], moment=moment), by=provider, at=moment
            )
            review(case, clerk, decider, moment)
            steps.open_period(engine.load(case.pk), by=clerk, at=at(f"2026-09-2{number + 7} 11:00"))

    return more
