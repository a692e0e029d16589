"""A programme with two industries, and a list of two units as its edition 1."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from cities.models import City, Industry, Programme
from providers import registry
from providers.listed import ListedItem, ListedPartner, ListedUnit
from providers.models import ListEdition, Registration
from tests.providers.codes import code

FIRST = ListedUnit(
    code=code(1),
    name="示例智造科技有限公司",
    place="示例市",
    entered_on=date(2026, 1, 5),
    entries=(("lead", "food"), ("lead", "textile")),
    partners=(
        ListedPartner("food", code(101), "样例物联技术有限公司"),
        ListedPartner("food", code(102), "假想冷链数据有限公司"),
        ListedPartner("textile", code(101), "样例物联技术有限公司"),
    ),
    items=(ListedItem("P-01", "排产软件", "36,000 元／年", "面向小微企业"),),
)
SECOND = ListedUnit(
    code=code(2),
    name="范例数字科技有限公司",
    entered_on=date(2026, 1, 6),
    entries=(("lead", "food"),),
    partners=(ListedPartner("food", code(103), "虚构视觉检测有限公司"),),
)


def moment(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.fixture
def programme(db: None) -> Programme:
    city = City.objects.create(slug="yanshi", name="演示市", office="演示市工作专班")
    programme = Programme.objects.create(
        city=city,
        slug="yanshi-units",
        name="牵引单位",
        registrant_term="牵引单位",
        partner_term="合作伙伴",
        number_prefix="YS",
    )
    Industry.objects.create(programme=programme, key="food", name="食品饮料", order=1)
    Industry.objects.create(programme=programme, key="textile", name="纺织服装", order=2)
    return programme


@pytest.fixture
def first_edition(programme: Programme) -> ListEdition:
    register = registry.lock(programme)
    return registry.enter(register, [FIRST, SECOND], at=moment("2026-03-01T10:00"))


@pytest.fixture
def unit(first_edition: ListEdition) -> Registration:
    return Registration.objects.get(organisation__credit_code=FIRST.code)
