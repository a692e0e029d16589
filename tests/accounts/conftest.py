from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password

from accounts import grants, roles
from accounts.models import User
from cities.models import City, District, Programme
from providers.models import Organisation, Registration

MORNING = datetime(2026, 9, 17, 2, 30, tzinfo=UTC)  # 10:30 in Shanghai
PASSWORD = "yingying-lvzhou-26"


hashed = cache(make_password)  # slow by design: once is enough


@pytest.fixture
def at() -> datetime:
    return MORNING


@pytest.fixture(autouse=True)
def _now(stopped_clock, at):
    stopped_clock(at)


@pytest.fixture
def person(db) -> Callable[..., User]:
    def make(username: str, **fields: Any) -> User:
        user = User(username=username, full_name=f"演示{username}", email=f"{username}@example.com", **fields)
        user.password = hashed(PASSWORD)
        user.save()
        return user

    return make


@pytest.fixture
def city(db) -> City:
    return City.objects.create(slug="demo", name="演示市", office="演示市工作专班")


@pytest.fixture
def other_city(db) -> City:
    return City.objects.create(slug="sample", name="样例市", office="样例市工作小组")


@pytest.fixture
def district(city) -> District:
    return District.objects.create(city=city, name="示例区")


def new_programme(city: City, slug: str) -> Programme:
    return Programme.objects.create(
        city=city, slug=slug, name=f"{slug} 试点", registrant_term="牵引单位", number_prefix=slug.upper()
    )


@pytest.fixture
def programme(city) -> Programme:
    return new_programme(city, "dm")


@pytest.fixture
def second_programme(city) -> Programme:
    return new_programme(city, "dn")


@pytest.fixture
def other_programme(other_city) -> Programme:
    return new_programme(other_city, "sp")


@pytest.fixture
def organisation(db) -> Organisation:
    return Organisation.objects.create(credit_code="91990001MAQ000119X", name="示例智造科技有限公司")


@pytest.fixture
def other_organisation(db) -> Organisation:
    return Organisation.objects.create(credit_code="91990001MAQ000186U", name="范例数字科技有限公司")


@pytest.fixture
def registration(programme, organisation, at) -> Registration:
    return Registration.objects.create(
        programme=programme, organisation=organisation, entered_on=at.date(), valid_from=at, recorded_at=at
    )


@pytest.fixture
def give(at) -> Callable[..., Any]:
    """Grant as the system does."""

    def grant(user: User, role: str, target: Any, **more: Any) -> Any:
        return grants.grant(user, role, target, **{"at": at, "by": None, "reason": "演示"} | more)

    return grant


@pytest.fixture
def clerk(person, programme, give) -> User:
    user = person("clerk")
    give(user, roles.CLERK, programme)
    return user


@pytest.fixture
def other_clerk(person, other_programme, give) -> User:
    user = person("other_clerk")
    give(user, roles.CLERK, other_programme)
    return user


@pytest.fixture
def administrator(person, city, give) -> User:
    user = person("administrator")
    give(user, roles.ACCESS_ADMINISTRATOR, city)
    return user


@pytest.fixture
def manager(person, organisation, give) -> User:
    user = person("manager")
    give(user, roles.PROVIDER_MANAGER, organisation)
    return user


@pytest.fixture
def member(person, organisation, give) -> User:
    user = person("member")
    give(user, roles.PROVIDER_MEMBER, organisation)
    return user


@pytest.fixture
def other_manager(person, other_organisation, give) -> User:
    user = person("other_manager")
    give(user, roles.PROVIDER_MANAGER, other_organisation)
    return user


@pytest.fixture
def stranger(person) -> User:
    return person("stranger")


@pytest.fixture
def keeper(person) -> User:
    return person("keeper", is_superuser=True, is_staff=True)


@pytest.fixture
def other_administrator(person, other_city, give) -> User:
    user = person("other_administrator")
    give(user, roles.ACCESS_ADMINISTRATOR, other_city)
    return user


@pytest.fixture
def auditor(person, programme, give) -> User:
    user = person("auditor")
    give(user, roles.AUDITOR, programme)
    return user
