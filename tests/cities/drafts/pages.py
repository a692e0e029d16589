"""What these tests share."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.grants import grant
from accounts.models import User
from cities.models import Rulebook
from tests.conftest import at, person

AT = at("2026-09-17 10:32")


def held(username: str, role: str, rulebook: Rulebook) -> User:
    user = person(username, username)
    grant(user, role, rulebook.programme, at=AT, by=None, reason="测试")
    user.refresh_from_db()
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(row: Any, name: str = "change") -> str:
    return reverse(f"admin:cities_{row._meta.model_name}_{name}", args=[row.pk])


def filled_in(client: Client, url: str, **facts: Any) -> dict[str, Any]:
    """What a browser would post from a row's page, the counts of its tables of nested rows included."""
    context = client.get(url).context
    form = context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    for inline in context["inline_admin_formsets"]:
        data |= {field.html_name: field.value() for field in inline.formset.management_form}
        for one in inline.formset.initial_forms:
            data |= {
                f"{one.prefix}-{name}": one[name].value()
                for name in one.fields
                if one[name].value() is not None
            }
    kept = {name: value for name, value in data.items() if value is not None and value is not False}
    return kept | facts


def upload(client: Client, draft: Rulebook, text: str) -> Any:
    file = SimpleUploadedFile("改好的.yaml", text.encode())
    return client.post(page(draft, "replace"), {"file": file})
