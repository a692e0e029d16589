"""A script in everything that somebody can write: it must come back as words, on every page that shows it."""

from typing import Any

import pytest
from django.db.models import CharField, TextField

from accounts.models import User
from cases.models import Decision, GroundFound
from changes.models import Operation, PartnerChange
from clearance.models import Answer, Measure, Service
from corrections.models import Correction
from notices.models import Issuer, Notice, NoticeTemplate
from providers.models import CatalogueVersion, Organisation, OrganisationProfile, Succession, Termination
from publicity.models import Objection, ObjectionAct
from records import events
from records.models import Event, Letter, StoredFile
from tests.conftest import NOW
from tests.portal.doors.asking import Visitor
from tests.portal.doors.reading import AREAS, Row, doors_of
from tests.portal.doors.world import World

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>'\"><img src=x onerror=alert(2)>{{7*7}}"
RAW = ("<script>alert", "<img src=x", "'\"><", "onerror=alert(2)>", ">49<")
TYPED: dict[Any, tuple[str, ...]] = {
    Organisation: ("name",),
    OrganisationProfile: ("name", "place"),
    CatalogueVersion: ("name", "price", "summary"),
    User: ("full_name",),
    StoredFile: ("name",),
    Letter: ("subject", "body"),
    Decision: ("opinion",),
    Operation: ("partner_name", "leaving_name", "item_name", "item_summary", "note"),
    PartnerChange: ("reason", "explanation"),
    Correction: ("reason", "evidence"),
    Objection: ("name", "contact", "matter"),
    ObjectionAct: ("words",),
    GroundFound: ("source_label", "evidence"),
    Measure: ("facts", "demands", "afterwards", "announced_why"),
    Service: ("note",),
    Answer: ("text",),
    Issuer: ("name",),
    NoticeTemplate: ("title", "addressees", "body", "copies"),
    Notice: ("title", "addressees", "body", "copies", "withdrawn_reason"),
    Succession: ("evidence", "lifted_reason"),
    Termination: ("evidence", "lifted_reason"),
}
# Who sees most comes first; each page is asked for by the first who is let in.
READERS = ("clerk", "auditor", "access", "editor", "decider", "manager", "superuser", "anonymous")


@pytest.fixture
def marked(world: World) -> World:
    for model, columns in TYPED.items():
        for column in columns:
            field = model._meta.get_field(column)
            assert isinstance(field, (CharField, TextField))
            model.objects.update(**{column: SCRIPT[: field.max_length]})
    return world


def reader(row: Row) -> str:
    return next((who for who in READERS if row.lines["GET"].home[who] == "yes"), "")


def test_what_is_typed_never_runs_on_any_page(marked: World) -> None:
    browsers = {who: Visitor(marked.people[who]) for who in READERS}
    raw, shown = [], 0
    for door, row in (pair for area in AREAS for pair in doors_of(area)):
        if not (who := reader(row)) or "csv" in door.name or "export" in door.name:
            continue
        answer = browsers[who].ask("GET", marked.address(door, row.about))
        page = answer.body.decode("utf-8", "replace")
        assert answer.status < 500, door.name
        raw += [(door.name, one) for one in RAW if one in page]
        shown += "&lt;script&gt;alert" in page
    assert raw == []
    assert shown > 30


@pytest.mark.parametrize("door", ["list_csv", "admin:personal_export", "my_data_export"])
def test_what_is_not_a_page_is_not_taken_for_one(marked: World, as_: Any, door: str) -> None:
    found, row = next(pair for area in AREAS for pair in doors_of(area) if pair[0].name == door)

    answer = as_("clerk").get(marked.address(found, row.about))

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert not answer.headers["Content-Type"].startswith("text/html")


def test_what_is_typed_and_refused_comes_back_as_words(world: World, as_: Any) -> None:
    for who, url, name in (
        ("anonymous", "/login/", "username"),
        ("anonymous", "/publicity/receipts/", "number"),
        ("access", "/admin/accounts/user/add/", "full_name"),
    ):
        page = as_(who).post(url, {name: SCRIPT}).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page or name == "number"


@pytest.mark.parametrize("url", ["/lists/", "/publicity/", "/rules/compare/"])
def test_what_stands_in_the_address_comes_back_as_words(world: World, client: Any, url: str) -> None:
    page = client.get(url, {"q": SCRIPT, "day": SCRIPT, "programme": SCRIPT, "page": SCRIPT}).content.decode()

    assert not any(one in page for one in RAW)


def test_events_are_words_too(marked: World, as_: Any) -> None:
    """They are written once, so a script stands in one from the beginning."""
    case = marked.things["case"]["pk"]
    events.record("note", SCRIPT[:60], at=NOW, by=marked.people["clerk"], case_id=case)
    assert Event.objects.filter(case_id=case, summary__contains="<script>").exists()
    page = as_("clerk").get(f"/admin/cases/case/{case}/change/").content.decode()

    assert "<script>alert" not in page
