"""Sensitive files at rest, and their keys."""

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from portal.checks import production_is_ready
from portal.operations.uploads import file_keys
from records import files
from records.files import encryption, rotation
from records.files.encryption import Altered, KeyMissing
from records.models import StoredFile
from records.probes import State
from tests.conftest import NOW, PDF

OLD, NEW = "old " * 10, "new " * 10
C = encryption.CHUNK


@pytest.fixture(autouse=True)
def keys(settings):
    settings.FILE_KEYS = [OLD]


@pytest.fixture
def stored(db):
    upload = SimpleUploadedFile("身份证.pdf", PDF)
    return files.store(upload, kinds=["pdf"], max_megabytes=1, by=None, at=NOW, sensitive=True)


def sealed(content, identity=b"one", piece=1000):
    pieces = (content[start : start + piece] for start in range(0, len(content), piece))
    return b"".join(encryption.encrypted(pieces, identity))


def unsealed(content, identity=b"one", key=OLD):
    return b"".join(encryption.decrypted(io.BytesIO(content), encryption.name_of(key), identity))


@pytest.mark.parametrize("length", [0, 1, C - 1, C, C + 1, 2 * C, 3 * C + 7])
def test_what_was_encrypted_comes_back(length):
    content = bytes(range(256)) * (length // 256 + 1)
    held = sealed(content[:length])
    assert unsealed(held) == content[:length]
    assert len(held) == 20 + length + 16 * max(1, -(-length // C))


def test_equal_files_are_not_equal_on_the_disk():
    assert sealed(PDF) != sealed(PDF)


@pytest.mark.parametrize(
    "alter",
    [
        lambda held: held[:-1],
        lambda held: held[: 20 + C + 16],
        lambda held: held[:20],
        lambda held: held[:10],
        lambda held: b"X" + held[1:],
        lambda held: held[:8] + bytes([held[8] ^ 1]) + held[9:],
        lambda held: held[:500] + bytes([held[500] ^ 1]) + held[501:],
        lambda held: held + held[-40:],
        lambda held: held[:20] + held[20 + C + 16 :] + held[20 : 20 + C + 16],
    ],
)
def test_what_was_altered_cut_or_reordered_is_not_handed_out(alter):
    with pytest.raises(Altered):
        unsealed(alter(sealed(b"a" * C + b"b" * C)))


def test_one_file_cannot_take_the_place_of_another():
    with pytest.raises(Altered):
        unsealed(sealed(PDF, b"one"), b"other")


def test_memory_is_that_of_chunks_and_not_of_the_file():
    """What is asked for is made piece by piece: the source is read no further than one chunk ahead."""
    read = 0

    def source():
        nonlocal read
        for _ in range(100):
            read += C
            yield b"x" * C

    made = encryption.encrypted(source(), b"one")
    next(made)
    next(made)
    assert read <= 3 * C


def test_the_disk_holds_no_word_of_a_sensitive_file(stored):
    held = Path(stored.content.path).read_bytes()
    assert b"%PDF" not in held
    assert stored.key == encryption.name_of(OLD)
    assert OLD not in stored.key
    assert b"".join(files.opened(stored)) == PDF
    assert files.proves(stored)


def test_rotation_brings_each_to_the_newest_key_and_may_be_broken_off(
    stored, settings, django_capture_on_commit_callbacks
):
    other = files.store(
        SimpleUploadedFile("二.pdf", PDF), kinds=["pdf"], max_megabytes=1, by=None, at=NOW, sensitive=True
    )
    StoredFile.objects.filter(pk=other.pk).update(key="")
    Path(other.content.path).write_bytes(PDF)  # from before there was encryption
    settings.FILE_KEYS = [NEW, OLD]
    before = Path(stored.content.path)
    reading = file_keys(NOW)
    assert (reading.value, reading.state) == (2, State.WARN)
    with django_capture_on_commit_callbacks(execute=True):
        assert next(rotation.rotate())[1] == ""
    assert file_keys(NOW).value == 1
    with django_capture_on_commit_callbacks(execute=True):
        call_command("rotate_file_keys", stdout=io.StringIO())
    assert not before.exists()
    settings.FILE_KEYS = [NEW]
    assert file_keys(NOW).state == State.OK
    for one in StoredFile.objects.all():
        assert (one.key, files.proves(one)) == (encryption.name_of(NEW), True)
        assert PDF not in Path(one.content.path).read_bytes()


def test_a_key_that_is_gone_is_told_and_nothing_is_lost(stored, settings):
    settings.FILE_KEYS = [NEW]
    with pytest.raises(KeyMissing):
        files.opened(stored)
    assert "1 个文件的密钥不在 FILE_KEYS 里" in file_keys(NOW).why
    assert file_keys(NOW).state == State.RED
    with pytest.raises(CommandError, match="旧密钥先不要撤"):
        call_command("rotate_file_keys", stdout=io.StringIO())
    settings.FILE_KEYS = [NEW, OLD]
    assert files.proves(stored)


@pytest.mark.parametrize(
    ("given", "is_refused"), [([], True), (["x" * 31], True), (["x" * 32], False), ([NEW, "x"], True)]
)
def test_a_citys_site_does_not_start_without_a_key(settings, given, is_refused):
    settings.PRODUCTION, settings.FILE_KEYS = True, given
    assert ("portal.E020" in [one.id for one in production_is_ready(None)]) == is_refused
    assert file_keys(NOW).state == State.RED if not given else True
