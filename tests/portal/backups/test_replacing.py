"""A restore that fails in the place of a site leaves that site; the scripts of a machine without containers."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from portal.backups.errors import BackupRefused
from portal.backups.restoring import restore
from records.models import StoredFile
from tests.portal.backups.conftest import files_below, rows_here

# What pg_restore is here: not installed; failing at once; one whose script fails only after everything was put back.
FAILS = "#!/bin/sh\necho 'could not write to output file: No space left on device' >&2\nexit 1\n"
FAILS_LAST = """#!/bin/sh
{real} "$@" || exit 1
for word; do case $word in --file=*) echo 'SELECT 1 / 0;' >>"${{word#--file=}}" ;; esac; done
"""


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A PATH with PostgreSQL's tools, each the real one or a script; None leaves it out."""

    def use(**scripts: str | None) -> None:
        folder = tmp_path / "tools"
        folder.mkdir()
        for name in ("pg_dump", "pg_restore", "psql"):
            real = shutil.which(name)
            assert real, "install postgresql-client: without it the backup is not tested"
            script = scripts.get(name, f'#!/bin/sh\nexec {real} "$@"\n')
            if script is not None:
                (folder / name).write_text(script.format(real=real) if "{real}" in script else script)
                (folder / name).chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))

    return use


@pytest.mark.services
@pytest.mark.parametrize(
    ("scripts", "said"),
    [
        ({"pg_restore": None}, "这台机器没有 pg_restore"),
        ({"pg_restore": FAILS}, "pg_restore 没有做成：could not write"),
        ({"psql": FAILS}, "psql 没有做成：could not write"),
        ({"pg_restore": FAILS_LAST}, "psql 没有做成：.*division by zero"),
    ],
)
def test_failing_tool_leaves_the_site_that_was_to_be_replaced(
    archive, rows, tools, settings, tmp_path, scripts, said
):
    settings.VAR = tmp_path / "var"
    first = Path(StoredFile.objects.first().content.path)
    first.write_bytes(b"newer than the archive")
    files = files_below(Path(settings.PRIVATE_FILES_ROOT))
    tools(**scripts)

    with pytest.raises(BackupRefused, match=said):
        restore(archive, force=True)

    assert rows_here() == rows
    assert files_below(Path(settings.PRIVATE_FILES_ROOT)) == files


def test_full_disk_leaves_the_sqlite_site_with_its_last_commits(archive, other_site):
    """What was committed last stands beside the file, as long as somebody has it open."""
    if connection.vendor != "sqlite":
        pytest.skip("of SQLite's files")
    assert other_site.manage("restore", str(archive)).returncode == 0
    database = other_site.var / "portal.sqlite3"
    (other_site.var / "portal.sqlite3.new").mkdir()  # the copy cannot be written
    with closing(sqlite3.connect(database)) as somebody:
        somebody.execute("UPDATE cities_programme SET name = '最后的改动'")
        somebody.commit()
        assert (other_site.var / "portal.sqlite3-wal").stat().st_size
        rows, files = other_site.rows, other_site.files

        done = other_site.manage("restore", str(archive), "--force")

    assert done.returncode == 1
    assert "没有恢复" in done.stderr
    assert "最后的改动" in str(rows)
    assert other_site.rows == rows
    assert other_site.files == files


def test_sqlite_site_that_is_in_use_is_not_replaced(archive, other_site):
    if connection.vendor != "sqlite":
        pytest.skip("of SQLite's files")
    assert other_site.manage("restore", str(archive)).returncode == 0
    with closing(sqlite3.connect(other_site.var / "portal.sqlite3")) as somebody:
        somebody.execute("UPDATE cities_programme SET name = '最后的改动'")
        somebody.commit()
        somebody.execute("BEGIN")
        somebody.execute("SELECT * FROM cities_programme").fetchone()

        done = other_site.manage("restore", str(archive), "--force")

    assert "没有恢复：数据库还有程序在用，先停掉站点" in done.stderr
    assert "最后的改动" in str(other_site.rows)
