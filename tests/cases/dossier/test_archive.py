"""A dossier as a ZIP: every file in it is what its manifest says, under a name that leads nowhere else."""

import hashlib
import io
import json
import tracemalloc
import zipfile
from datetime import timedelta

import pytest

from accounts import roles
from cases.dossier import Asked, exporting, manifest
from cases.models import Material
from cities.models import RequiredMaterial
from records import files
from records.models import StoredFile
from records.models.file import private_storage
from tests.cases.dossier.taking import ARCHIVE, files_of, pages_of, take
from tests.conftest import NOW, PDF, office, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def sensitive_case(programme, apply, registration, provider):
    """Its application holds something personal."""
    RequiredMaterial.objects.filter(key="application").update(sensitive=True)
    return submitted(apply(registration, provider), by=provider, at=NOW)


def named(dossier: bytes) -> dict[str, dict[str, str]]:
    return {one["name"]: one for one in json.loads(files_of(dossier)[manifest.NAME])["files"]}


def test_manifest_lists_every_file_with_its_digest(submitted_case, clerk):
    dossier = take(submitted_case, clerk)
    found, listed = files_of(dossier), named(dossier)
    assert listed.keys() == found.keys() - {manifest.NAME}
    for name, one in listed.items():
        assert one["sha256"] == hashlib.sha256(found[name]).hexdigest()
        assert one["bytes"] == len(found[name])


def test_filed_documents_are_there_as_they_were_filed(submitted_case, clerk):
    dossier = take(submitted_case, clerk)
    put = {name: body for name, body in files_of(dossier).items() if name.startswith("材料/")}
    assert list(put.values()) == [PDF] * submitted_case.materials.count()
    digests = pages_of(dossier)
    for stored in StoredFile.objects.all():
        assert stored.sha256 in digests["清单"]
        assert stored.sha256 in digests["材料"]


def test_index_leads_to_every_part_and_file(submitted_case, clerk):
    dossier = take(submitted_case, clerk)
    index = pages_of(dossier)["卷内目录"]
    for name in files_of(dossier):
        assert name in index or name in ("卷内目录.html", "清单.html", manifest.NAME)


def test_same_moment_gives_the_same_bytes(submitted_case, clerk):
    """But for the log, where each taking stands in the next, and for what lists it."""
    first = files_of(take(submitted_case, clerk))
    again = files_of(take(submitted_case, clerk))
    log = next(name for name in first if name.endswith("查阅记录.html"))
    assert {name for name in first if first[name] != again[name]} == {log, "清单.html", manifest.NAME}


def test_rules_can_be_loaded_again_from_the_dossier(submitted_case, clerk):
    [text] = [body.decode() for name, body in files_of(take(submitted_case, clerk)).items() if "yaml" in name]
    assert "key: partner_change" in text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "03-01 passwd"),
        ("..\\..\\系统\\证明.pdf", "03-01 证明.pdf"),
        ("证照😀.pdf", "03-01 证照😀.pdf"),
        ("/a:b*?.pdf", "03-01 a_b__.pdf"),
        ("\u202efdp.证.pdf", "03-01 fdp.证.pdf"),
        ("证" * 150 + ".pdf", None),
        ("张某13800138000.pdf", "03-01 张某138____8000.pdf"),
    ],
)
def test_name_of_a_file_leads_nowhere_and_can_be_read(submitted_case, clerk, given, kept):
    first = submitted_case.materials.order_by("added_at", "pk")[0]
    StoredFile.objects.filter(pk=first.file_id).update(name=given)
    dossier = take(submitted_case, clerk)
    [name] = [one for one in files_of(dossier) if one.startswith("材料/03-01")]
    assert kept is None or name == f"材料/{kept}"
    assert len(name.split("/")) == 2
    assert len(name.split("/")[1].encode()) <= 255
    assert name in named(dossier)


def test_names_are_marked_as_utf8(submitted_case, clerk):
    with zipfile.ZipFile(io.BytesIO(take(submitted_case, clerk))) as archive:
        assert all(one.flag_bits & 0x800 for one in archive.infolist() if not one.filename.isascii())


def test_sensitive_material_stays_out_unless_it_is_chosen(sensitive_case, clerk):
    dossier = take(sensitive_case, clerk)
    assert not [name for name in files_of(dossier) if name.startswith("材料/03-01")]
    assert "含个人信息，导出时没有选择放入" in pages_of(dossier)["材料"]
    [left_out] = json.loads(files_of(dossier)[manifest.NAME])["left_out"]
    assert left_out["sha256"] == sensitive_case.materials.get(key="application").file.sha256
    assert not sensitive_case.events.filter(verb="material.open").exists()


def test_chosen_it_goes_with_a_watermark_and_is_recorded(sensitive_case, clerk):
    dossier = take(sensitive_case, clerk, with_sensitive=True)
    [name] = [name for name in files_of(dossier) if name.startswith("材料/03-01")]
    copy, one = files_of(dossier)[name], named(dossier)[name]
    assert copy != PDF
    assert one["original"] == hashlib.sha256(PDF).hexdigest() != one["sha256"]
    event = sensitive_case.events.get(verb="material.open")
    assert event.summary == "随案卷导出材料“变更申请书”，用途：归档"
    assert Material.objects.get(key="application").opened_at is None  # nobody has looked at its seal yet


def test_whoever_may_not_open_it_does_not_get_it_by_choosing(sensitive_case, programme, clerk):
    issuer = office("issuer", "钱签发", roles.NOTICE_ISSUER, programme)
    dossier = take(sensitive_case, issuer, with_sensitive=True)
    assert not [name for name in files_of(dossier) if name.startswith("材料/03-01")]
    assert "含个人信息，导出人不能打开" in pages_of(dossier)["材料"]
    assert not sensitive_case.events.filter(verb="material.open").exists()


def test_sensitive_file_that_was_tampered_with_stays_out(sensitive_case, clerk):
    stored = sensitive_case.materials.get(key="application").file
    with private_storage().open(stored.content.name, "r+b") as source:
        source.seek(-1, 2)
        source.write(b"\0")
    dossier = take(sensitive_case, clerk, with_sensitive=True)
    assert "和上传时不一样，打不开" in pages_of(dossier)["材料"]
    assert not sensitive_case.events.filter(verb="material.open").exists()


def test_file_that_was_changed_on_the_disk_is_told(submitted_case, clerk):
    stored = submitted_case.materials.order_by("pk")[0].file
    with private_storage().open(stored.content.name, "wb") as source:
        source.write(b"%PDF-1.7 something else")
    assert f"与上传时的不同；上传时 {stored.sha256}" in pages_of(take(submitted_case, clerk))["清单"]


def test_file_that_is_gone_leaves_a_line(submitted_case, clerk):
    first, second, *_ = submitted_case.materials.order_by("added_at", "pk")
    files.remove(first.file, at=NOW, under="示例规定")
    private_storage().delete(second.file.content.name)
    StoredFile.objects.filter(pk=first.file_id).update(content="")
    said = pages_of(take(submitted_case, clerk))["材料"]
    assert "已按规定于 2026年9月17日 删除（示例规定）" in said
    assert "服务器上找不到这个文件" in said


def test_much_material_does_not_sit_in_memory(submitted_case, clerk):
    size = 64 * 1024 * 1024
    for material in submitted_case.materials.all():
        with private_storage().open(material.file.content.name, "wb") as source:
            source.truncate(size)
    take_quietly(submitted_case, clerk)  # what is loaded once is loaded
    tracemalloc.start()
    take_quietly(submitted_case, clerk, at=NOW + timedelta(minutes=1))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < size / 4


def take_quietly(case, by, at=NOW):
    exporting.export(case, Asked(by, at, ARCHIVE), "zip").content.close()
