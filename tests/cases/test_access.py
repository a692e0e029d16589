"""Who may have a case for what: a truth table."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from accounts.grants import withdraw
from accounts.models import Grant
from cases import paper, steps
from cases.access import FILE, OFFICE, VIEW, WHOLE, WITHDRAW, case_or_404
from cities.queries import procedure_in_force
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

PURPOSES = {"view": VIEW, "file": FILE, "withdraw": WITHDRAW, "office": OFFICE, "whole": WHOLE}
TABLE = """
visitor      online_draft        submitted           paper_draft
provider     view,file,withdraw  view,file,withdraw  view,withdraw
stranger     -                   -                   -
clerk        -                   view,office,whole   view,file,withdraw,office
decider      -                   view,office,whole   view,office
auditor      -                   view,office,whole   view,office
other_clerk  -                   -                   -
nobody       -                   -                   -
"""


def cells():
    head, *lines = (line.split() for line in TABLE.strip().splitlines())
    for visitor, *answers in lines:
        for state, answer in zip(head[1:], answers, strict=True):
            yield visitor, state, set(answer.split(",")) - {"-"}


@pytest.fixture
def nobody(db):
    return AnonymousUser()


@pytest.fixture
def procedure(programme):
    return procedure_in_force(programme, "partner_change", NOW)


@pytest.fixture
def online_draft(procedure, registration, provider):
    return steps.draft(procedure, registration, by=provider, at=NOW)


@pytest.fixture
def submitted(submitted_case):
    return submitted_case


@pytest.fixture
def paper_draft(procedure, registration, clerk):
    return paper.begin(registration, procedure, NOW.date(), by=clerk, at=NOW)


def purposes_of(user, case):
    found = set()
    for name, purpose in PURPOSES.items():
        try:
            found.add(name) if case_or_404(user, case.pk, purpose) == case else None
        except Http404:
            continue
    return found


@pytest.mark.parametrize(("visitor", "state", "purposes"), list(cells()))
def test_case_is_had_only_for_what_was_granted(request, visitor, state, purposes, stopped_clock):
    case = request.getfixturevalue(state)
    request.getfixturevalue("provider")
    assert purposes_of(request.getfixturevalue(visitor), case) == purposes


def test_withdrawn_grant_opens_nothing(submitted_case, provider, clerk, stopped_clock):
    withdraw(Grant.objects.get(user=provider), at=NOW, by=clerk, reason="离职")
    assert purposes_of(provider, submitted_case) == set()


def test_case_that_is_not_there(provider):
    with pytest.raises(Http404):
        case_or_404(provider, uuid4(), VIEW)
