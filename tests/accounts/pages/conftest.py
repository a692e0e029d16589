import pytest
from django.urls import reverse

from accounts import invitations, roles


@pytest.fixture
def offer(manager, organisation, at):
    return invitations.invite(
        organisation,
        "new@example.com",
        roles.PROVIDER_MEMBER,
        by=manager,
        at=at,
        base_url="http://testserver/",
    )


@pytest.fixture
def address(offer):
    return reverse("invitation", args=[offer[1]])
