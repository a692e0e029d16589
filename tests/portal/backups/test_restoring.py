"""A small site, backed up and restored in a process of its own, on the database of this run."""

import errno
import fcntl
import hashlib
import io
import json
import os
import shutil
import sqlite3
import stat
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError

from portal.backups import databases
from portal.backups.errors import BackupRefused, told
from portal.backups.restoring import restore
from publicity import evidence
from records import files
from records.models import StoredFile
from tests.conftest import PDF, at
from tests.portal.backups.conftest import files_below, rows_here

DATABASE = "database"


@pytest.mark.once
def test_restored_site_has_the_same_rows_files_and_digests(archive, rows, other_site):
    done = other_site.manage("restore", str(archive))

    assert done.returncode == 0, done.stderr
    assert "每一行、每个文件和名单的指纹都核对无误" in done.stdout
    kinds = {row["model"] for row in rows}
    assert {"cases.case", "records.storedfile", "providers.listedition", "cases.historicalcase"} <= kinds
    assert other_site.rows == rows
    kept = files_below(Path(settings.PRIVATE_FILES_ROOT))
    assert len(kept) >= 3
    assert other_site.files == kept


@pytest.mark.once
def test_archive_says_what_is_in_it_and_is_for_its_owner_only(archive):
    with tarfile.open(archive) as tar:
        names = tar.getnames()
        manifest = json.loads(tar.extractfile("manifest.json").read())
        digests = {name: hashlib.sha256(tar.extractfile(name).read()).hexdigest() for name in names[1:]}

    assert names[0] == "manifest.json"
    assert {name: part["sha256"] for name, part in manifest["parts"].items()} == digests
    assert manifest["rows"]["records_storedfile"] == StoredFile.objects.count() == len(names) - 2
    assert [number for number, _ in manifest["editions"].values()] == [2]
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert list(archive.parent.glob("*.part")) == []


@pytest.mark.once
def test_backup_never_writes_over_another(archive):
    before = archive.read_bytes()
    with pytest.raises(CommandError, match="已经在了，换一个文件名"):
        call_command("backup", str(archive))
    assert archive.read_bytes() == before


@pytest.mark.once
def test_restore_refuses_a_site_that_holds_anything(archive, rows, other_site):
    assert other_site.manage("restore", str(archive)).returncode == 0

    again = other_site.manage("restore", str(archive))
    assert again.returncode == 1
    assert "这个站点里已经有数据，没有恢复" in again.stderr

    assert other_site.manage("restore", str(archive), "--force").returncode == 0
    assert other_site.rows == rows


def test_restored_site_can_be_backed_up_and_restored_by_the_scripts(archive, rows, other_site, tmp_path):
    """Tables were there and are replaced, on demand alone."""
    assert other_site.run("scripts/restore", str(archive)).returncode == 0
    second = tmp_path / "second.tar.gz"
    assert other_site.run("scripts/backup", str(second)).returncode == 0

    refused = other_site.run("scripts/restore", str(second))
    assert refused.returncode == 1
    assert (
        "没有恢复：这个站点里已经有数据，没有恢复。确实要用备份代替现在的数据，加 --force" in refused.stderr
    )
    done = other_site.run("scripts/restore", str(second), "--force")
    assert "每一行、每个文件和名单的指纹都核对无误" in done.stdout, done.stderr
    assert other_site.rows == rows
    assert other_site.files == files_below(Path(settings.PRIVATE_FILES_ROOT))


@pytest.mark.once
def test_site_that_is_running_is_not_restored(tmp_path, other_site):
    other_site.var.mkdir()
    with (other_site.var / "run.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        refused = other_site.run("scripts/restore", str(tmp_path / "any.tar.gz"), "--force")
    assert refused.returncode == 1
    assert "这个站点正在运行" in refused.stderr


@pytest.mark.once
def test_file_alone_makes_a_site_not_empty(archive, other_site):
    (other_site.var / "files" / "ab").mkdir(parents=True)
    (other_site.var / "files" / "ab" / "evidence").write_bytes(b"somebody's")

    assert other_site.manage("restore", str(archive)).returncode == 1
    assert other_site.files == {"ab/evidence": b"somebody's"}


# Archives that are not what they were


Members = dict[str, bytes]


def rewritten(archive: Path, change: Callable[[Members], Members]) -> Path:
    with tarfile.open(archive) as tar:
        members = {name: tar.extractfile(name).read() for name in tar.getnames()}  # type: ignore[union-attr]
    target = archive.with_name("changed.tar.gz")
    with tarfile.open(target, "w:gz") as tar:
        for name, content in change(members).items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return target


def first_file(members: Members) -> str:
    return next(name for name in members if name.startswith("files/"))


def with_manifest(members: Members, **changes: Any) -> Members:
    manifest = {**json.loads(members["manifest.json"]), **changes}
    return {**members, "manifest.json": json.dumps(manifest).encode()}


def one_byte_more(members: Members) -> Members:
    return {**members, first_file(members): members[first_file(members)] + b"x"}


def one_file_less(members: Members) -> Members:
    return {name: content for name, content in members.items() if name != first_file(members)}


def out_of_the_folder(members: Members) -> Members:
    part = {"sha256": hashlib.sha256(b"x").hexdigest(), "size": 1}
    parts = {**json.loads(members["manifest.json"])["parts"], "files/../../evil": part}
    return {**with_manifest(members, parts=parts), "files/../../evil": b"x"}


@pytest.mark.once
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (one_byte_more, "与清单的指纹不符，没有恢复"),
        (lambda members: {**members, DATABASE: members[DATABASE][:-1]}, "与清单的指纹不符，没有恢复"),
        (one_file_less, "备份缺 1 个文件"),
        (lambda members: {**members, "files/zz/more": b"x"}, "备份里有清单没有的 files/zz/more"),
        (out_of_the_folder, "读不出来，换一份备份"),
        (lambda members: with_manifest(members, format=2), "备份的格式是 2"),
        (lambda members: with_manifest(members, vendor="oracle"), "备份来自 oracle"),
        (lambda members: with_manifest(members, migrations=["cases.9999_later"]), "先升级程序再恢复"),
        (lambda members: {DATABASE: members[DATABASE]}, "这不是本平台的备份"),
    ],
)
def test_archive_that_is_not_what_it_was_changes_nothing(archive, rows, settings, tmp_path, change, said):
    """Also where everything is to be replaced."""
    settings.VAR = tmp_path / "var"
    before = files_below(settings.PRIVATE_FILES_ROOT)

    with pytest.raises(BackupRefused, match=said):
        restore(rewritten(archive, change), force=True)

    assert files_below(settings.PRIVATE_FILES_ROOT) == before
    assert rows_here() == rows
    assert list(settings.VAR.iterdir()) == []


@pytest.mark.once
@pytest.mark.parametrize("content", [b"", b"no archive", b"\x1f\x8b\x08\x00"])
def test_file_that_is_no_archive(db, settings, tmp_path, content):
    settings.VAR = tmp_path
    (tmp_path / "file").write_bytes(content)

    with pytest.raises(CommandError, match=r"没有恢复：file 读不出来"):
        call_command("restore", str(tmp_path / "file"))


@pytest.mark.once
def test_content_that_does_not_fit_its_own_digests_is_named(site, other_site, tmp_path):
    """It was wrong before it was backed up: restored all the same, and said."""
    site.programme.editions.filter(number=2).update(summary="x", changes=[])
    stored = StoredFile.objects.first()
    Path(stored.content.path).write_bytes(b"something else")
    call_command("backup", str(tmp_path / "wrong.tar.gz"), stdout=StringIO())

    done = other_site.manage("restore", str(tmp_path / "wrong.tar.gz"))

    assert done.returncode == 1
    assert "名单：第 2 版的指纹与内容不符" in done.stdout
    assert f"文件 {stored.pk} 与登记的指纹不符" in done.stdout


def test_upload_that_is_forgotten_meanwhile_is_in_the_archive(site, other_site, tmp_path, monkeypatch):
    """It went after the database was read: its row is in the dump, so its content must be too."""
    upload = SimpleUploadedFile("photo.pdf", PDF, "application/pdf")
    stored = files.store(upload, kinds=["pdf"], max_megabytes=1, by=None, at=at("2026-10-03 00:00"))
    dumped = databases.dumped

    @contextmanager
    def with_a_sweep_after_it(target: Path) -> Iterator[None]:
        with dumped(target):
            yield
        assert evidence.forget_unused(at("2026-10-04 00:00")) == 1

    monkeypatch.setattr(databases, "dumped", with_a_sweep_after_it)
    call_command("backup", str(tmp_path / "site.tar.gz"), stdout=StringIO())
    monkeypatch.undo()

    assert not Path(stored.content.path).exists()
    done = other_site.manage("restore", str(tmp_path / "site.tar.gz"))
    assert done.returncode == 0, done.stdout
    assert PDF in other_site.files.values()


@pytest.mark.once  # it takes the tables back by SQLite's own file
def test_archive_of_an_older_version_is_brought_up_to_date_and_proved(archive, other_site, tmp_path):
    """Its tables lack what today's models read."""
    older = ["cases", "0015"]
    assert other_site.manage("restore", str(archive)).returncode == 0
    assert other_site.manage("migrate", *older).returncode == 0
    with closing(sqlite3.connect(other_site.var / "portal.sqlite3")) as database:
        database.execute("VACUUM INTO ?", [str(tmp_path / "older")])
        tables = [
            name
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith("sqlite")
        ]
        rows = {name: database.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0] for name in tables}  # noqa: S608
    content = (tmp_path / "older").read_bytes()

    def as_of_then(members: Members) -> Members:
        part = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        parts = {**json.loads(members["manifest.json"])["parts"], DATABASE: part}
        return {**with_manifest(members, parts=parts, rows=rows), DATABASE: content}

    done = other_site.manage("restore", str(rewritten(archive, as_of_then)), "--force")

    assert (done.returncode, done.stderr) == (0, "")
    assert "核对无误" in done.stdout
    assert other_site.manage("migrate", "--check").returncode == 0


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (errno.EACCES, "没有权限读写 /from/site"),
        (errno.ENOSPC, "磁盘满了"),
        (errno.ENOENT, "/from/site 不在"),
        (errno.EIO, "/from/site Input/output error"),
    ],
)
def test_what_the_machine_refuses_is_told_for_what_it_is(code, said):
    assert told(OSError(code, os.strerror(code), "/from/site")).startswith(said)


def test_archive_comes_by_standard_input(archive, other_site):
    """As into a container, whose user may read no file of the machine's."""
    with archive.open("rb") as content:
        done = other_site.manage("restore", "-", stdin=content)

    assert (done.returncode, done.stderr) == (0, "")
    assert "核对无误" in done.stdout
    assert list(other_site.var.glob("restore-*")) == []


@pytest.mark.services
def test_postgresql_without_its_client_says_what_to_install(site, tmp_path, monkeypatch):
    assert shutil.which("pg_dump"), "install postgresql-client: without it the backup is not tested"
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CommandError, match="这台机器没有 pg_dump"):
        call_command("backup", str(tmp_path / "site.tar.gz"))
    assert not (tmp_path / "site.tar.gz").exists()
