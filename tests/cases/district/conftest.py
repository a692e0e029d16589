"""A district's desk: who decides there, what a district sees, and units that name no district."""

from typing import Any

import pytest

from accounts import roles
from cases.models import Case
from providers.models import Registration
from tests.cases.district.places import a_district, placed
from tests.conftest import NOW, office, submitted
from tests.rulebooks import load_changed


@pytest.fixture
def programme(calendar, tmp_path, request):
    return load_changed(tmp_path, getattr(request, "param", a_district()))


@pytest.fixture(autouse=True)
def clock_stands_at_now(stopped_clock):
    return stopped_clock


@pytest.fixture
def east(programme) -> Any:
    return programme.city.districts.get(name="示例东区")


@pytest.fixture
def west(programme) -> Any:
    return programme.city.districts.get(name="示例西区")


@pytest.fixture
def reviewer(east) -> Any:
    return office("reviewer", "柳东区", roles.DISTRICT_REVIEWER, east)


@pytest.fixture
def other_reviewer(west) -> Any:
    return office("other_reviewer", "秦西区", roles.DISTRICT_REVIEWER, west)


@pytest.fixture
def eastern(registration, east) -> Registration:
    return placed(registration, east)


@pytest.fixture
def district_case(apply, eastern, provider) -> Case:
    return submitted(apply(eastern, provider), by=provider, at=NOW)
