"""By the key of somebody else's file, by its name, and by passing one kind for another. What lies in a file: tests/records/files."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.models import Case, Material
from publicity import evidence, steps
from publicity.models import ObjectionFile, PublicityItem
from records import files
from records.models import StoredFile
from tests.conftest import NOW, PDF
from tests.portal.doors.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["manager", "clerk", "auditor"])
def test_material_of_another_case_is_not_found_under_ones_own(world: World, as_: Any, who: str) -> None:
    case = world.things["case"]["pk"]
    theirs = Material.objects.exclude(case=case).values_list("pk", flat=True)
    doors = [reverse("case_material", args=[case, pk]) for pk in theirs]
    if who != "manager":
        doors += [reverse("admin:cases_case_material", args=[case, pk]) for pk in theirs]
    browser = as_(who)

    assert len(doors) > 2
    assert {browser.get(door).status_code for door in doors} == {404}


def test_file_of_another_objection_is_not_found_under_this_one(world: World, as_: Any) -> None:
    first = world.things["objection"]
    item = PublicityItem.objects.get(period=world.things["period"]["pk"])
    stored = files.store(SimpleUploadedFile("二.pdf", PDF), kinds=["pdf"], max_megabytes=1, by=None, at=NOW)
    told: Any = {"person": "individual", "name": "李异议", "contact": "13800001111", "matter": "与实际不符"}
    second = steps.lodge(item, at=NOW, files=[("evidence", stored)], **told)
    other = ObjectionFile.objects.get(objection=second).pk

    for who in ("clerk", "auditor"):
        answer = as_(who).get(reverse("admin:publicity_objection_file", args=[first["object_id"], other]))
        assert answer.status_code == 404


def test_no_address_leads_to_a_file_by_its_own_name(world: World, as_: Any) -> None:
    stored = StoredFile.objects.all()[0]
    for place in ("files", "media", "static", "var/files", "static/../files"):
        for name in (stored.content.name, str(stored.pk), stored.name):
            assert as_("superuser").get(f"/{place}/{name}").status_code == 404


def test_what_lies_open_is_no_copy_of_an_identity_card(rf: Any, db: None) -> None:
    """It would be kept unencrypted, and handed out without a purpose."""
    options: Any = {"kinds": ["pdf"], "max_megabytes": 1, "by": None, "at": NOW}
    lies_open = files.store(SimpleUploadedFile("一.pdf", PDF), **options)
    sealed = files.store(SimpleUploadedFile("二.pdf", PDF), sensitive=True, **options)

    def taken(kind: str, stored: StoredFile) -> list[StoredFile]:
        request = rf.post("/", {f"kept_{kind}": evidence.token(stored)})
        return evidence.take(request, [kind], by=None, at=NOW).stored.get(kind, [])

    assert taken("id_copy", lies_open) == []
    assert taken("evidence", sealed) == []
    assert (taken("evidence", lies_open), taken("id_copy", sealed)) == ([lies_open], [sealed])


NAMES = (
    *("../../../etc/cron.d/x.pdf", "..\\..\\x.pdf", "/etc/passwd.pdf", "x\0.exe.pdf", "\u202efdp.exe.pdf"),
    *(
        'x";filename="y.html".pdf',
        "x\r\nContent-Type: text/html\r\n\r\n<script>.pdf",
        "<script>alert(1)</script>.pdf",
    ),
    *(
        "CON.pdf",
        ".htaccess.pdf",
        "x.pdf.pdf",
        "%2e%2e%2fx.pdf",
        "x.php;.pdf",
        "x" * 500 + ".pdf",
    ),
)


@pytest.mark.parametrize("name", NAMES)
def test_name_of_a_file_leads_nowhere_and_is_one_word_of_a_header(
    world: World, as_: Any, settings: Any, name: str
) -> None:
    case = Case.objects.get(pk=world.things["draft"]["pk"])
    upload: Any = SimpleUploadedFile("x.pdf", PDF, "text/html")
    upload._name = name  # Django's own cleaning is not relied on
    stored = files.store(upload, kinds=["pdf"], max_megabytes=1, by=None, at=NOW)
    material = case.materials.all()[0]
    Material.objects.filter(pk=material.pk).update(file=stored)

    answer = as_("manager").get(reverse("case_material", args=[case.pk, material.pk]))
    b"".join(answer)

    told = answer.headers["Content-Disposition"]
    assert told.startswith("attachment")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert not set("\r\n\0/\\<>") & set(told.replace("utf-8''", ""))
    assert (
        settings.PRIVATE_FILES_ROOT in (settings.PRIVATE_FILES_ROOT / stored.content.name).resolve().parents
    )
    assert len(str(stored.content.name)) == len("ab/") + 32


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.html", PDF),
        ("x.pdf.exe", PDF),
        ("x.pdf\u202e.html", PDF),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("x.pdf", b"<html><script>alert(1)</script>" + PDF),
        ("x.pdf", PDF + b"PK\x03\x04"),
        ("x.pdf", b"GIF89a" + PDF),
        ("x.pdf", b""),
    ],
)
def test_what_is_not_what_it_says_is_not_filed(world: World, as_: Any, name: str, content: bytes) -> None:
    before, url = StoredFile.objects.count(), reverse("change", args=[world.things["draft"]["pk"]])
    upload = SimpleUploadedFile(name, content, "application/pdf")

    answer = as_("manager").post(
        url, {"do": "save", "reason": "补充", "truthful": "on", "material-application": upload}
    )

    assert (answer.status_code, StoredFile.objects.count()) == (422, before)
