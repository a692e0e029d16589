import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cases import steps
from cases.models import Case
from cities.models import Procedure
from cities.queries import procedure_in_force
from providers.models import Registration
from tests.conftest import NOW, PDF


@pytest.fixture
def procedure(programme: Any) -> Procedure:
    row = procedure_in_force(programme, "partner_change", NOW)
    assert row is not None
    return row


@pytest.fixture
def draft(procedure: Procedure, registration: Registration, provider: User, stopped_clock: Any) -> Case:
    """An application in which nothing is written yet."""
    return steps.draft(procedure, registration, by=provider, at=NOW)


@pytest.fixture
def page(client: Client, provider: User, draft: Case) -> "Page":
    client.force_login(provider)
    return Page(client, draft)


class Page:
    """The pages of one application, as somebody works through them."""

    def __init__(self, client: Client, case: Case) -> None:
        self.client, self.case = client, case
        self.url = reverse("change", args=[case.pk])

    def read(self) -> Any:
        return self.client.get(self.url)

    def press(self, do: str, **typed: Any) -> Any:
        return self.client.post(self.url, {"do": do, **typed})

    def add(self, action: str, do: str = "add", **typed: Any) -> Any:
        return self.client.post(reverse("change_operation", args=[self.case.pk, action]), {"do": do, **typed})


def text(response: Any) -> str:
    """What the main part of a page says."""
    body = re.findall(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body))


def upload(content: bytes = PDF, name: str = "盖章件.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def every_material() -> dict[str, SimpleUploadedFile]:
    return {f"material-{key}": upload() for key in ("application", "partner_list", "catalogue")}
