import pytest

from providers import registry
from providers.models import ListEdition
from providers.operations import ListOperation
from tests.providers.conftest import moment
from tests.providers.pages.pages import JUST_BEFORE_MIDNIGHT, REPLACE

NOW = moment("2026-09-17T10:32")


@pytest.fixture(autouse=True)
def clock_stands(stopped_clock):
    stopped_clock(NOW)


@pytest.fixture
def second_edition(unit):
    register = registry.lock(unit.programme)
    operations = [
        REPLACE,
        ListOperation("edit_item", item_code="P-01", item_name="排产软件", item_price="29,800 元／年"),
    ]
    return registry.publish(register, unit, operations, at=JUST_BEFORE_MIDNIGHT, kind=ListEdition.Kind.CHANGE)
