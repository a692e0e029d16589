import pytest
from django.urls import reverse

from accounts import roles
from accounts.grants import grant
from cities.models import City, Programme
from providers import registry
from providers.models import ListEdition, Organisation, Registration
from records import clock
from tests.providers.codes import code
from tests.providers.conftest import FIRST, SECOND, moment

AT = moment("2026-03-01T10:00")


@pytest.fixture
def staff(django_user_model):
    return django_user_model.objects.create_user(
        "lin", email="lin@example.com", full_name="林经办", password="x", is_staff=True
    )


@pytest.fixture
def elsewhere(first_edition):
    """Another city's list, on which only the second unit stands."""
    city = City.objects.create(slug="other", name="别的市", office="别的专班")
    other = Programme.objects.create(
        city=city, slug="other", name="服务商", registrant_term="服务商", number_prefix="QT"
    )
    other.industries.create(key="food", name="食品饮料")
    registry.enter(registry.lock(other), [SECOND], at=AT)
    return other


def codes(client, model="organisation"):
    answer = client.get(reverse(f"admin:providers_{model}_changelist"))
    assert answer.status_code == 200
    return {row.pk for row in answer.context["cl"].queryset}


@pytest.mark.parametrize("target", ["city", "programme"])
def test_clerk_sees_the_units_and_partners_of_own_programmes(client, staff, elsewhere, target):
    where = elsewhere.city if target == "city" else elsewhere
    grant(staff, roles.CLERK, where, at=AT, by=None, reason="任职")
    client.force_login(staff)

    seen = Organisation.objects.filter(credit_code__in=[SECOND.code, code(103)])
    assert codes(client) == {row.pk for row in seen}
    assert codes(client, "registration") == {
        row.pk for row in Registration.objects.filter(programme=elsewhere)
    }
    assert codes(client, "listedition") == {row.pk for row in ListEdition.objects.filter(programme=elsewhere)}


def test_grant_that_is_over_shows_nothing_though_no_sweep_has_come(client, staff, elsewhere, monkeypatch):
    grant(staff, roles.CLERK, elsewhere, at=AT, by=None, reason="任职", ends_at=moment("2026-03-02T00:00"))
    client.force_login(staff)
    page = reverse("admin:providers_organisation_changelist")
    answers = []
    for now in (moment("2026-03-01T23:59"), moment("2026-03-02T00:00")):
        monkeypatch.setattr(clock, "now", lambda now=now: now)
        answers.append(client.get(page).status_code)
    assert answers == [200, 404]


@pytest.mark.parametrize("is_superuser", [False, True])
@pytest.mark.parametrize("model", ["organisation", "registration", "listedition"])
def test_staff_without_a_grant_has_no_list(client, staff, elsewhere, is_superuser, model):
    staff.is_superuser = is_superuser
    staff.save()
    client.force_login(staff)
    assert client.get(reverse(f"admin:providers_{model}_changelist")).status_code == 404


def test_registry_cannot_be_written_here(client, staff, elsewhere):
    grant(staff, roles.CLERK, elsewhere.city, at=AT, by=None, reason="任职")
    client.force_login(staff)
    for model, row in (
        ("organisation", Organisation.objects.get(credit_code=SECOND.code)),
        ("registration", Registration.objects.get(programme=elsewhere)),
        ("listedition", ListEdition.objects.get(programme=elsewhere)),
    ):
        change = reverse(f"admin:providers_{model}_change", args=[row.pk])
        assert client.get(change).status_code == 200
        assert client.post(change, {"name": "改"}).status_code == 404
        assert client.get(reverse(f"admin:providers_{model}_add")).status_code == 404
        assert client.post(reverse(f"admin:providers_{model}_delete", args=[row.pk])).status_code == 404


def test_unit_of_another_city_is_not_there(client, staff, elsewhere, unit):
    grant(staff, roles.CLERK, elsewhere.city, at=AT, by=None, reason="任职")
    client.force_login(staff)

    organisation = Organisation.objects.get(credit_code=FIRST.code)
    for model, row in (("organisation", organisation), ("registration", unit)):
        assert client.get(reverse(f"admin:providers_{model}_change", args=[row.pk])).status_code == 404


def test_organisation_shows_only_registrations_seen(client, staff, elsewhere):
    grant(staff, roles.CLERK, elsewhere.city, at=AT, by=None, reason="任职")
    client.force_login(staff)

    organisation = Organisation.objects.get(credit_code=SECOND.code)
    text = client.get(reverse("admin:providers_organisation_change", args=[organisation.pk])).content.decode()
    assert "别的市 · 服务商" in text
    assert "演示市 · 牵引单位" not in text


def test_search_by_code(client, staff, elsewhere):
    grant(staff, roles.CLERK, elsewhere.city, at=AT, by=None, reason="任职")
    client.force_login(staff)
    answer = client.get(reverse("admin:providers_organisation_changelist"), {"q": code(103)})
    assert [row.credit_code for row in answer.context["cl"].queryset] == [code(103)]


def test_provider_has_no_door(client, django_user_model, elsewhere):
    user = django_user_model.objects.create_user("p", email="p@example.com", full_name="陈经理", password="x")
    client.force_login(user)
    assert client.get(reverse("admin:providers_organisation_changelist")).status_code == 404
