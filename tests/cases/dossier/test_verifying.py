"""`manage.py verify_dossier`: what was altered, taken out or put in is named."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from records.models import Event
from records.trail import sealing
from tests.cases.dossier.taking import files_of, take, with_files
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def verify(tmp_path):
    """Its lines, and whether it ended well."""

    def run(dossier, name="案卷.zip"):
        path, out = tmp_path / name, StringIO()
        path.write_bytes(dossier)
        try:
            call_command("verify_dossier", str(path), stdout=out)
        except CommandError as error:
            return out.getvalue(), str(error)
        return out.getvalue(), ""

    return run


@pytest.fixture
def dossier(submitted_case, clerk):
    sealing.seal(NOW)
    return take(submitted_case, clerk)


def test_every_file_of_a_whole_one_is_named_whole(verify, dossier):
    told, error = verify(dossier)
    assert error == ""
    for name in files_of(dossier).keys() - {"manifest.json"}:
        assert f"完好　{name}" in told
    assert "的导出记录" in told


def test_altered_file_is_named(verify, dossier):
    told, error = verify(with_files(dossier, **{"01 事项.html": b"another"}))
    assert "被改动　01 事项.html" in told
    assert told.count("被改动") == 1
    assert error


def test_missing_file_is_named(verify, dossier):
    told, error = verify(with_files(dossier, **{"01 事项.html": None}))
    assert "缺失　01 事项.html" in told
    assert error


def test_file_that_was_put_in_is_named(verify, dossier):
    told, error = verify(with_files(dossier, **{"材料/另一份.pdf": b"%PDF"}))
    assert "多出　材料/另一份.pdf" in told
    assert error


def test_manifest_made_to_fit_is_found_out_by_the_record(verify, dossier):
    said = json.loads(files_of(dossier)["manifest.json"])
    said["files"] = [one for one in said["files"] if one["name"] != "01 事项.html"]
    forged = with_files(dossier, **{"01 事项.html": None, "manifest.json": json.dumps(said).encode()})
    told, error = verify(forged)
    assert "清单被改动过，或者不是本站导出的" in told
    assert error


def test_another_seal_is_found_out(verify, dossier):
    said = json.loads(files_of(dossier)["manifest.json"])
    said["trail"]["digest"] = "0" * 64
    told, error = verify(with_files(dossier, **{"manifest.json": json.dumps(said).encode()}))
    assert "清单上的封存指纹和本站第 1 块不同" in told
    assert error


def test_site_without_the_record_compares_the_files_alone(verify, dossier, unguarded):
    Event.objects.filter(verb="dossier.export")._raw_delete(Event.objects.db)
    told, error = verify(dossier)
    assert error == ""
    assert "本站没有这件的导出记录" in told
    assert verify(with_files(dossier, **{"01 事项.html": b""}))[1]


def test_damaged_bytes_are_an_altered_file(verify, dossier):
    place = dossier.index("01 事项.html".encode()) + 80
    told, error = verify(dossier[:place] + bytes([dossier[place] ^ 0xFF]) + dossier[place + 1 :])
    assert "被改动　01 事项.html" in told
    assert error


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "没有 manifest.json"),
        (b"{", "读不懂"),
        (b'{"files": [], "format": "other"}', "格式是“other”"),
        (b'{"files": [{}], "format": "provider-portal dossier 1"}', "读不懂"),
        (b"[]", "读不懂"),
    ],
)
def test_manifest_that_says_nothing_is_refused_with_why(verify, dossier, content, why):
    assert why in verify(with_files(dossier, **{"manifest.json": content}))[1]


def test_pdf_is_known_by_its_digest(verify, submitted_case, clerk):
    made = take(submitted_case, clerk, form="pdf")
    told, error = verify(made, "案卷.pdf")
    assert (error, "完好　案卷.pdf" in told) == ("", True)
    assert "不是案卷的 ZIP" in verify(made + b"\n", "案卷.pdf")[1]


def test_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(CommandError, match="没有"):
        call_command("verify_dossier", str(tmp_path / "none.zip"))
