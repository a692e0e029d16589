"""Taking one out is recorded, with the digest that it is known again by."""

import hashlib

import pytest

from cases import confidential
from cases.dossier import archive
from cases.errors import Refused
from cases.page import story
from records.files.purposes import Purpose
from tests.cases.dossier.taking import files_of, take

pytestmark = pytest.mark.django_db


def test_it_is_an_event_with_who_what_for_and_the_digest(submitted_case, clerk):
    dossier = take(submitted_case, clerk, purpose=Purpose("上级机关调阅", "督查组要求"))
    event = submitted_case.events.get(verb="dossier.export")
    assert event.summary == "导出案卷，不含个人信息的材料，用途：上级机关调阅（督查组要求）"
    assert event.actor == clerk
    assert event.data["sha256"] == hashlib.sha256(dossier).hexdigest()
    assert event.data["manifest"] == hashlib.sha256(files_of(dossier)["manifest.json"]).hexdigest()


def test_its_unit_is_not_told(submitted_case, clerk):
    take(submitted_case, clerk)
    assert not [row for row in story(submitted_case) if "案卷" in row["summary"]]


def test_what_could_not_be_made_is_not_recorded(submitted_case, clerk, monkeypatch):
    monkeypatch.setattr(archive, "PACKED", None)
    with pytest.raises(TypeError):
        take(submitted_case, clerk)
    assert not submitted_case.events.filter(verb="dossier.export").exists()


def test_purpose_does_not_tell_what_stays_in_the_office(submitted_case, clerk, monkeypatch):
    monkeypatch.setattr(confidential, "_told", [lambda cases: ["王异议"]])
    with pytest.raises(Refused):
        take(submitted_case, clerk, purpose=Purpose("归档", "王异议要求"))
    assert not submitted_case.events.filter(verb="dossier.export").exists()
