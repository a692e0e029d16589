"""Who objected is nowhere but at the desk that handles it: looked for in every page, table and line of the log."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from publicity import receipts, steps
from publicity.models import Objection, ObjectionAct, ObjectionFile, PublicityItem
from records import letters
from records.models import StoredFile
from tests.conftest import NOW, PDF
from tests.portal.test_doors import (  # noqa: F401 -- the fixtures of the table of all addresses
    address,
    district,
    entered,
    people,
    routes,
    row_of,
    rows,
    world,
)
from tests.publicity.conftest import typed

pytestmark = pytest.mark.django_db

NAME, TELEPHONE, ADDRESS, MATTER, PAPER = (
    "欧阳揭发甲乙",
    "0769-88990017",
    "jubao-jiaqi@example.net",
    "密件甲七号合同系伪造，有经手人可证",
    "密件甲七.pdf",
)
# In Chinese: three letters stand in a random token now and then.
MARKERS = (NAME, TELEPHONE, ADDRESS, "密件甲七")
# Of the office only these may read what an objection says; the clerk and the auditor also by whom.
OUTSIDERS = (None, "provider", "stranger", "other_clerk", "editor", "reviewer")


@pytest.fixture
def marked(client, stopped_clock, world) -> Objection:  # noqa: F811
    item = PublicityItem.objects.get(period=world["period"])
    upload = SimpleUploadedFile(PAPER, PDF, "application/pdf")
    sent = typed(item, name=NAME, contact=f"{TELEPHONE}，{ADDRESS}", matter=MATTER, evidence=upload)
    assert client.post(reverse("object", args=[item.period_id]), sent).status_code == 302
    return Objection.objects.get(name=NAME)


def every_address(world: dict[str, Any], marked: Objection) -> list[str]:  # noqa: F811
    urls = [address(route, world) for route in routes() if rows()[row_of(route) or ""][0] == "GET"]
    return [*(url for url in urls if "logout" not in url), *about_it(world, marked)]


def about_it(world: dict[str, Any], marked: Objection) -> list[str]:  # noqa: F811
    """What tells of an objection or of the case it holds."""
    case = marked.item.case
    return [
        reverse("home"),
        reverse("board"),
        reverse("period", args=[marked.item.period_id]),
        reverse("case", args=[case.pk]),
        receipts.url(marked),
        reverse("admin:cases_case_change", args=[case.pk]),
        reverse("admin:publicity_objection_changelist"),
        reverse("admin:publicity_objection_change", args=[marked.pk]),
        reverse("admin:publicity_objection_file", args=[marked.pk, marked.files.get().pk]),
    ]


def telling(jar: Any, urls: list[str]) -> list[str]:
    """Where this visitor finds a marker."""
    client = Client(raise_request_exception=False)
    client.cookies = jar
    return [url for url in urls if _tells(client, url)]


def _tells(client: Client, url: str) -> bool:
    response = client.get(url)
    body = b"".join(response).decode("utf-8", "replace")
    return any(marker in body for marker in MARKERS)


def tables() -> list[str]:
    """What any table but those of the objection itself holds of it, the histories and events among them."""
    own = {Objection, ObjectionAct, ObjectionFile, StoredFile}
    found = []
    for model in apps.get_models(include_auto_created=True):
        if model not in own:
            text = json.dumps(
                serializers.serialize("python", model._base_manager.all()), default=str, ensure_ascii=False
            )
            found += [f"{model.__name__}: {marker}" for marker in MARKERS if marker in text]
    return found


def test_who_objected_is_told_to_nobody_in_any_state(
    world,  # noqa: F811
    people,  # noqa: F811
    marked,
    caplog,
    stopped_clock,
    mailoutbox,
):
    caplog.set_level("DEBUG", logger="django.request")
    caplog.set_level("INFO")
    clerk = people["clerk"]
    jars = {name: entered(user) for name, user in zip(people, people.values(), strict=True)}
    outside = [jar for name, jar in jars.items() if people[name] not in _inside(people)]
    assert len(outside) == len(OUTSIDERS)
    walk = [
        lambda: None,
        lambda: steps.accept(marked, by=clerk, at=NOW),
        lambda: steps.note(marked, words="经核实，合同无误", by=clerk, at=NOW),
        lambda: steps.conclude(marked, conclusion="dismissed", words="合同无误", by=clerk, at=NOW),
        lambda: letters.send_due(NOW),
        lambda: steps.tell_objector(marked, how="phone", on=NOW.date(), words="", by=clerk, at=NOW),
    ]
    for step in walk:
        step()
        assert [telling(jar, about_it(world, marked)) for jar in outside] == [[]] * len(outside)
        assert tables() == []
    assert [ADDRESS] in [one.to for one in mailoutbox]
    assert [marker for marker in MARKERS for one in mailoutbox if marker in f"{one.subject}{one.body}"] == []
    everywhere = every_address(world, marked)
    assert [telling(jar, everywhere) for jar in outside] == [[]] * len(outside)
    assert [marker for marker in MARKERS if marker in caplog.text] == []


def test_the_search_for_a_secret_finds_it_where_it_is(world, people, marked, stopped_clock):  # noqa: F811
    """That the test above can fail."""
    found = telling(entered(people["clerk"]), about_it(world, marked))
    assert reverse("admin:publicity_objection_change", args=[marked.pk]) in found


def _inside(everybody: dict[str, Any]) -> list[Any]:
    return [everybody["clerk"], everybody["decider"], everybody["auditor"]]
