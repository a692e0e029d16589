"""Orders to part with a partner."""

from datetime import date
from typing import Any

from cases import steps as case_steps
from cases.models import Case
from providers.models import Organisation, Partnership, Registration
from tests.clearance.conftest import filed, served
from tests.conftest import NOW

DUE = date(2026, 11, 30)


def partner_of(registration: Registration) -> Organisation:
    return Partnership.objects.filter(entry__registration=registration)[0].organisation


def ordered(
    registration: Registration, clerk: Any, decider: Any, *, due: date = DUE, moment: Any = NOW, **about: Any
) -> Case:
    """One that has reached its unit."""
    about = {"partner": partner_of(registration)} | about
    case = filed(registration, clerk, "removal_fraud", at=moment, **about)
    case_steps.decide(case, "order", by=decider, at=moment, opinion="证书系伪造", named_day=due)
    return served(case, clerk, moment=moment)
