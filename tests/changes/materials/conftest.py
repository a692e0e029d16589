"""Materials that are asked for once for each partner who joins."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases import steps
from cases.models import Case, Material
from changes import steps as change_steps
from changes.models import Operation
from records import files
from tests.changes.materials.asking import FRESH, GUANGZHOU, OTHER, for_each_partner
from tests.conftest import NOW, PDF, add, submitted
from tests.rulebooks import load_changed, load_other


@pytest.fixture
def programme(calendar, tmp_path, request):
    """The rulebook as the test's own change leaves it, or another one; everybody else in conftest lives in it."""
    param = getattr(request, "param", for_each_partner)
    return load_other(param) if param == GUANGZHOU else load_changed(tmp_path, param)


@pytest.fixture
def join(draft, registration) -> Callable[..., Operation]:
    def add_one(partner: str, industry: str = "") -> Operation:
        action, facts = add(partner, registration, industry)
        return change_steps.add_operation(draft, action, at=NOW, **facts)

    return add_one


@pytest.fixture
def file(draft, provider) -> Callable[..., Material]:
    def add_one(key: str, subject: str = "", name: str = "盖章件.pdf") -> Material:
        sent = SimpleUploadedFile(name, PDF, "application/pdf")
        stored = files.store(sent, kinds=["pdf"], max_megabytes=5, by=provider, at=NOW)
        return steps.add_material(draft, key, stored, by=provider, at=NOW, subject=subject)

    return add_one


@pytest.fixture
def taken_out(draft, join, file) -> Operation:
    """Two partners with their licences, then one of them is taken out; the operation of the one that stays."""
    leaving, staying = join("fresh"), join("other")
    for subject in (FRESH, OTHER):
        file("licence", subject, name=f"{subject}.pdf")
    change_steps.remove_operation(leaving, at=NOW)
    return staying


@pytest.fixture
def filed(apply, registration, provider, stopped_clock) -> Case:
    case = apply(registration, provider, [add("fresh", registration), add("other", registration)])
    return submitted(case, by=provider, at=NOW)
