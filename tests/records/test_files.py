"""What an upload says it is, held against what it is."""

import hashlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from records import files
from records.models import StoredFile
from tests.conftest import NOW, PDF

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 20
ALL = ["pdf", "jpeg", "png"]


def store(content, name, kinds=ALL, megabytes=1):
    upload = SimpleUploadedFile(name, content, "text/html")
    return files.store(upload, kinds=kinds, max_megabytes=megabytes, by=None, at=NOW)


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (PDF, "申请书.pdf", "application/pdf"),
        (PDF, "申请书.PDF", "application/pdf"),
        (PNG, "扫描.png", "image/png"),
        (JPEG, "扫描.jpg", "image/jpeg"),
        (JPEG, "扫描.jpeg", "image/jpeg"),
    ],
)
def test_kind_is_told_from_the_content(content, name, media_type):
    stored = store(content, name)
    assert (stored.name, stored.content_type, stored.size) == (name, media_type, len(content))
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert stored.content.read() == content
    stored.content.close()


@pytest.mark.parametrize(
    ("content", "name", "kinds"),
    [
        (b"<html><script>alert(1)</script>", "申请书.pdf", ALL),
        (b"MZ\x90\x00", "申请书.pdf", ALL),
        (b"PK\x03\x04", "申请书.pdf", ALL),
        (b" " + PDF, "申请书.pdf", ALL),
        (PNG, "申请书.pdf", ALL),
        (PDF, "申请书.pdf.exe", ALL),
        (PDF, "申请书.html", ALL),
        (PDF, "pdf", ["jpeg"]),
        (PDF, "申请书", ALL),
        (PNG, "扫描.png", ["pdf"]),
        (b"%PD", "申请书.pdf", ALL),
    ],
)
def test_content_that_is_not_what_the_name_says_is_refused(content, name, kinds, settings):
    with pytest.raises(files.FileRefused, match="看的是文件内容，不只是后缀"):
        store(content, name, kinds)
    assert StoredFile.objects.count() == 0
    assert not Path(settings.PRIVATE_FILES_ROOT).exists()


def test_refusal_names_the_kinds_of_the_row():
    with pytest.raises(files.FileRefused) as refusal:
        store(b"text", "申请书.txt", ["pdf", "png"])
    assert str(refusal.value) == (
        "申请书.txt 的内容不是 PDF、PNG（看的是文件内容，不只是后缀）。另存为 PDF、PNG 后再传"
    )


def test_empty_file_is_refused():
    with pytest.raises(files.FileRefused, match=r"申请书\.pdf 是空文件，重新选择"):
        store(b"", "申请书.pdf")


@pytest.mark.parametrize(("extra", "fits"), [(0, True), (1, False)])
def test_largest_file_is_the_rows(extra, fits):
    content = b"%PDF-".ljust(1024 * 1024 + extra, b"0")
    if fits:
        assert store(content, "申请书.pdf").size == 1024 * 1024
    else:
        with pytest.raises(files.FileRefused, match="最大 1 MB。压缩或拆分后再传"):
            store(content, "申请书.pdf")


def test_name_leads_nowhere_and_is_kept_short(settings):
    stored = store(PDF, "../../" + "长" * 300 + ".pdf")
    assert "/" not in stored.name
    assert len(stored.name) == 200
    assert Path(stored.content.path).is_relative_to(settings.PRIVATE_FILES_ROOT)
    assert "长" not in stored.content.name


def test_same_name_twice_makes_two_files():
    first, second = store(PDF, "申请书.pdf"), store(PDF, "申请书.pdf")
    assert first.content.name != second.content.name


def test_download_never_shows_in_the_sites_name():
    response = files.download(store(PDF, "申请书.pdf"))
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    response.close()


def test_wording():
    assert files.wording(["pdf", "jpeg"], 20) == "PDF、JPG，每个不超过 20 MB"
