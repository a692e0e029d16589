"""The office's pages of invitations."""

import re

import pytest
from django.urls import reverse

from accounts import invitations, roles
from accounts.models import Invitation

GRANTS, PEOPLE, OFFERS = "/admin/accounts/grant/", "/admin/accounts/user/", "/admin/accounts/invitation/"


def text(response):
    return response.content.decode()


def test_clerk_invites_the_first_manager(client, clerk, organisation, registration):
    client.force_login(clerk)

    response = client.post(
        OFFERS + "add/", {"credit_code": " 91990001maq000119x ", "email": "boss@example.com"}, follow=True
    )

    offer = Invitation.objects.get()
    assert (offer.organisation, offer.role, offer.invited_by) == (organisation, roles.PROVIDER_MANAGER, clerk)
    link = re.findall(r"http://testserver(/invitations/[\w-]+/)", text(response))[0]
    client.logout()
    assert client.get(link).status_code == 200


@pytest.mark.parametrize("code", ["91990001MAQ000186U", "nothing", "91990001MAQ000119X"])
def test_clerk_invites_nobody_outside_the_list(
    code, client, other_clerk, organisation, other_organisation, registration
):
    client.force_login(other_clerk)

    response = client.post(OFFERS + "add/", {"credit_code": code, "email": "boss@example.com"})

    assert f"{code.upper()} 不在您经办的试点项目名单内" in text(response)
    assert not Invitation.objects.exists()


def test_office_sees_and_revokes_the_offers_of_its_list(
    client, clerk, other_clerk, manager, organisation, registration, at
):
    facts = {"at": at, "base_url": "http://testserver/"}
    mine, _ = invitations.invite(organisation, "a@example.com", roles.PROVIDER_MANAGER, by=clerk, **facts)
    invitations.invite(organisation, "b@example.com", roles.PROVIDER_MEMBER, by=manager, **facts)
    revoke = reverse("admin:accounts_invitation_revoke", args=[mine.pk])

    client.force_login(other_clerk)
    assert client.post(revoke).status_code == 404
    assert list(client.get(OFFERS).context["cl"].queryset) == []

    client.force_login(clerk)
    assert list(client.get(OFFERS).context["cl"].queryset) == [mine]
    assert "收回邀请" in text(client.get(reverse("admin:accounts_invitation_change", args=[mine.pk])))
    client.post(revoke)
    mine.refresh_from_db()
    assert mine.revoked_at == at


@pytest.mark.parametrize("who", ["administrator", "auditor", "keeper"])
def test_offers_are_not_for_who_does_not_invite(who, request, client):
    client.force_login(request.getfixturevalue(who))

    assert client.get(OFFERS).status_code == 404
    assert client.get(OFFERS + "add/").status_code == 404
