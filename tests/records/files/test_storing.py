"""What is kept of an upload, under which names, and that nothing is left of one that was not kept."""

import hashlib
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.http import Http404

from portal.tasks import remove_orphans
from records import files
from records.files.names import safe_name
from records.models import StoredFile
from tests.conftest import NOW, PDF
from tests.records.files import samples

pytestmark = pytest.mark.django_db


def store(content=PDF, name="申请书.pdf", kinds=("pdf", "jpeg", "png"), megabytes=1, **more):
    upload = SimpleUploadedFile(name, content, "text/html")
    return files.store(upload, kinds=list(kinds), max_megabytes=megabytes, by=None, at=NOW, **more)


def on_disk(root):
    return sorted(path for path in Path(root).rglob("*") if path.is_file())


def test_what_is_kept_is_what_came(settings):
    stored = store()
    assert (stored.name, stored.content_type, stored.size) == ("申请书.pdf", "application/pdf", len(PDF))
    assert stored.sha256 == hashlib.sha256(PDF).hexdigest()
    assert b"".join(files.opened(stored)) == PDF
    assert files.proves(stored)
    path = Path(stored.content.path)
    assert path.is_relative_to(settings.PRIVATE_FILES_ROOT)
    assert len(path.name) == 32
    path.write_bytes(PDF.replace(b"595", b"596"))
    assert not files.proves(stored)


def test_a_large_upload_is_looked_at_and_kept_from_its_temporary_file():
    content = samples.pdf(b"<</Length 1500000>>\nstream\n" + b"x" * 1_500_000 + b"\nendstream")
    upload = TemporaryUploadedFile("大.pdf", "application/pdf", len(content), None)
    upload.write(content)
    upload.seek(0)
    stored = files.store(upload, kinds=["pdf"], max_megabytes=2, by=None, at=NOW, sensitive=True)
    assert b"".join(files.opened(stored)) == content
    upload.close()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\文件\\章程.pdf", "章程.pdf"),
        ("申请\u202efdp.exe.pdf", "申请fdp.exe.pdf"),
        ("a\r\nSet-Cookie: x\0.pdf", "aSet-Cookie_ x.pdf"),
        ("股东会决议（盖章）  2.pdf", "股东会决议（盖章） 2.pdf"),
        ("零\u200b宽\ufeff.pdf", "零宽.pdf"),
        ("...", "文件"),
        ("", "文件"),
        ("/", "文件"),
        ("长" * 300 + ".pdf", "长" * 83 + ".pdf"),
        ("a" * 300 + ".pdf", "a" * 196 + ".pdf"),
        ("表" + "." + "x" * 300, None),
    ],
)
def test_name_is_for_people_and_leads_nowhere(given, kept):
    name = safe_name(given)
    assert kept is None or name == kept
    assert len(name.encode()) <= 255
    assert len(name) <= 200


def test_same_name_twice_makes_two_files():
    first, second = store(), store()
    assert first.content.name != second.content.name


def test_download_never_shows_in_the_sites_name():
    response = files.download(store())
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Length"] == str(len(PDF))
    assert response.getvalue() == PDF


def test_bytes_go_with_the_transaction_that_failed(settings):
    store()
    with pytest.raises(ZeroDivisionError), files.whole():  # noqa: PT012
        store(name="二.pdf")
        with files.whole():
            store(name="三.pdf", sensitive=True)
        1 / 0  # noqa: B018
    assert [one.name for one in StoredFile.objects.all()] == ["申请书.pdf"]
    assert len(on_disk(settings.PRIVATE_FILES_ROOT)) == 1


def test_bytes_go_where_only_the_inner_transaction_failed(settings):
    with files.whole():
        with pytest.raises(ZeroDivisionError), files.whole():  # noqa: PT012
            store()
            1 / 0  # noqa: B018
        kept = store(name="二.pdf")
    assert [str(one) for one in on_disk(settings.PRIVATE_FILES_ROOT)] == [kept.content.path]


@pytest.mark.parametrize("sensitive", [False, True])
def test_a_row_that_cannot_be_written_leaves_no_bytes(settings, monkeypatch, sensitive):
    def fail(*args, **kwargs):
        raise OSError("no room")

    monkeypatch.setattr(StoredFile, "save", fail)
    with pytest.raises(OSError, match="no room"):
        store(sensitive=sensitive)
    assert on_disk(settings.PRIVATE_FILES_ROOT) == []


def test_half_a_file_is_removed_where_the_disk_is_full(settings, monkeypatch):
    def half(chunks, identity):
        yield b"half"
        raise OSError("no room")

    monkeypatch.setattr("records.files.encryption.encrypted", half)
    with pytest.raises(OSError, match="no room"):
        store(sensitive=True)
    assert on_disk(settings.PRIVATE_FILES_ROOT) == []


def test_what_a_crash_left_goes_at_night_and_nothing_else(settings):
    root = Path(settings.PRIVATE_FILES_ROOT)
    named, old = Path(store().content.path), time.time() - timedelta(days=2).total_seconds()
    (root / "ab").mkdir(exist_ok=True)
    left, fresh, held = root / "ab" / "left", root / "ab" / "fresh", root / ".backup-x" / "ab"
    held.mkdir(parents=True)
    for path in (left, fresh, held / "held"):
        path.write_bytes(b"x")
    for path in (named, left, held / "held"):
        os.utime(path, (old, old))
    remove_orphans()
    assert on_disk(root) == sorted([named, fresh, held / "held"])


def test_removed_is_said_with_day_and_decision_and_the_record_stays(django_capture_on_commit_callbacks):
    stored = store()
    path = Path(stored.content.path)
    with django_capture_on_commit_callbacks(execute=True):
        files.remove(stored, at=NOW, under="会议纪要 3 号")
        assert path.exists()
    assert not path.exists()
    stored = StoredFile.objects.get()
    assert (stored.name, stored.sha256) == ("申请书.pdf", hashlib.sha256(PDF).hexdigest())
    assert stored.removal == "已按规定于 2026年9月17日 删除（会议纪要 3 号）"
    with pytest.raises(Http404, match="已按规定于"):
        files.download(stored)


def test_wording():
    assert files.wording(["jpeg", "png"], 20) == "JPG、PNG，每个不超过 20 MB"
    assert files.wording(["pdf", "doc"], 20, 30) == "PDF，每个不超过 20 MB，PDF 不超过 30 页"
    assert files.accepted_suffixes(["pdf", "jpeg", "docx"]) == ".pdf,.jpg,.jpeg"
