"""Who objected is nowhere but at the desk that handles it: looked for in every page, table and line of the log."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import engine
from cases import steps as case_steps
from cases.models import GroundFound
from cases.sweep import sweep
from corrections import steps as correction_steps
from publicity import receipts, steps
from publicity.models import Objection, ObjectionAct, ObjectionFile, PublicityItem
from records import letters
from records.models import StoredFile
from tests.conftest import NOW, PARTNERS, PDF
from tests.portal.doors.asking import Visitor
from tests.portal.doors.conftest import world  # noqa: F401 -- something behind every door, and who comes to it
from tests.portal.doors.reading import AREAS, LET_IN, doors_of
from tests.portal.doors.world import World
from tests.publicity.conftest import settle, typed

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


def outside(world: World) -> list[Visitor]:  # noqa: F811
    """Of the office only the clerk, the decider and the auditor may read what an objection says, the first and the last also
    by whom."""
    here, there = world.people, world.neighbours
    users = [None, here["manager"], there["manager"], there["clerk"], here["editor"], here["reviewer"]]
    return [Visitor(user) for user in users]


@pytest.fixture
def marked(client, stopped_clock, world) -> Objection:  # noqa: F811
    item = PublicityItem.objects.get(period=world.things["period"]["pk"])
    upload = SimpleUploadedFile(PAPER, PDF, "application/pdf")
    sent = typed(item, name=NAME, contact=f"{TELEPHONE}，{ADDRESS}", matter=MATTER, evidence=upload)
    assert client.post(reverse("object", args=[item.period_id]), sent).status_code == 302
    return Objection.objects.get(name=NAME)


def every_address(world: World, marked: Objection) -> list[str]:  # noqa: F811
    rows = [pair for area in AREAS for pair in doors_of(area)]
    shown = [(door, row) for door, row in rows if set(row.lines["GET"].home.values()) & set(LET_IN)]
    urls = [world.address(door, row.about) for door, row in shown if "logout" not in door.name]
    return [*urls, *about_it(world, marked)]


def about_it(world: World, marked: Objection) -> list[str]:  # noqa: F811
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
        *(reverse("admin:publicity_objection_file", args=[marked.pk, one.pk]) for one in marked.files.all()),
    ]


def telling(visitor: Visitor, urls: list[str]) -> list[str]:
    """Where this visitor finds a marker."""
    return [url for url in urls if _tells(visitor.ask("GET", url).body)]


def _tells(body: bytes) -> bool:
    return any(marker in body.decode("utf-8", "replace") for marker in MARKERS)


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
    marked,
    caplog,
    stopped_clock,
    mailoutbox,
):
    caplog.set_level("DEBUG", logger="django.request")
    caplog.set_level("INFO")
    clerk, visitors = world.people["clerk"], outside(world)
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
        assert [telling(visitor, about_it(world, marked)) for visitor in visitors] == [[]] * len(visitors)
        assert tables() == []
    assert [ADDRESS] in [one.to for one in mailoutbox]
    assert [marker for marker in MARKERS for one in mailoutbox if marker in f"{one.subject}{one.body}"] == []
    everywhere = every_address(world, marked)
    assert [telling(visitor, everywhere) for visitor in visitors] == [[]] * len(visitors)
    assert [marker for marker in MARKERS if marker in caplog.text] == []


@pytest.fixture
def late(world, stopped_clock) -> Objection:  # noqa: F811
    """In time, on paper, and entered once the list had been published."""
    item = PublicityItem.objects.select_related("period").get(period=world.things["period"]["pk"])
    clerk, over = world.people["clerk"], item.period.closes_at
    first = Objection.objects.get(item=item)
    settle(first, upheld=False, conclusion="不属实", by=clerk, at=NOW)
    sweep(over)
    stopped_clock(over)
    told: Any = {"person": "individual", "name": NAME, "contact": TELEPHONE, "matter": MATTER}
    return steps.lodge(item, by=clerk, at=over, received_on=NOW.date(), **told)


def test_what_follows_from_a_late_one_tells_nobody_who_objected(world, late, stopped_clock):  # noqa: F811
    clerk, now = world.people["clerk"], late.item.period.closes_at
    settle(late, upheld=True, conclusion="属实", by=clerk, at=now)
    ground = GroundFound.objects.get(found_in=late.item.case)
    case = correction_steps.begin(ground.registration, by=clerk, at=now, ground=ground)
    correction_steps.save(case, corrects=late.edition, reason="多列了一家", evidence="已核实", at=now)
    told = {"leaving_code": PARTNERS["fresh"][0], "leaving_name": PARTNERS["fresh"][1], "note": "不应列入"}
    industry = case.programme.industries.get(key=case.registration.entries.first().industry.key)
    correction_steps.add_operation(case, "end_partner", at=now, industry=industry, **told)
    case = case_steps.submit(engine.load(case.pk), by=clerk, at=now)
    case_steps.decide(case, "approve", by=world.people["decider"], at=now, opinion="同意")
    sweep(now)
    assert engine.load(case.pk).edition.number == late.edition.number + 1
    visitors = outside(world)
    urls = [
        *about_it(world, late),
        reverse("case", args=[case.pk]),
        reverse("admin:cases_case_change", args=[case.pk]),
        reverse("admin:cases_groundfound_change", args=[ground.pk]),
        *(reverse("edition", args=[case.programme.slug, number]) for number in (1, 2, 3)),
    ]
    assert [telling(visitor, urls) for visitor in visitors] == [[]] * len(visitors)
    assert tables() == []


def test_the_search_for_a_secret_finds_it_where_it_is(world, marked, stopped_clock):  # noqa: F811
    """That the test above can fail."""
    found = telling(Visitor(world.people["clerk"]), about_it(world, marked))
    assert reverse("admin:publicity_objection_change", args=[marked.pk]) in found
