"""Putting an archive in the place of a site, and proving what stands there then."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from cities.models import Programme
from portal.backups import archive, databases, manifest
from portal.backups.errors import BackupRefused, RestoreUnfinished
from portal.backups.making import private_files
from portal.backups.manifest import Manifest
from providers import chain
from records import files
from records.files.encryption import KeyMissing
from records.models import StoredFile

ENGINES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}


def restore(source: Path, *, force: bool) -> tuple[Manifest, list[str]]:
    """Also what of the restored site does not fit its digests; empty where all is well. Raises BackupRefused where the
    site stays as it was. Rows are counted as they came; what reads them by today's models waits for today's tables."""
    if not force and not is_empty():
        raise BackupRefused("这个站点里已经有数据，没有恢复。确实要用备份代替现在的数据，加 --force")
    Path(settings.VAR).mkdir(mode=0o700, parents=True, exist_ok=True)
    with archive.unpacked(source, Path(settings.VAR)) as (described, folder):
        _refuse_foreign(described)
        databases.refuse_without_tools()
        with _placed_files(folder, described):
            databases.restore(folder / manifest.DATABASE)
    wrong = _wrong_rows(described)
    _update_tables()
    return described, [*wrong, *_wrong_lists(described), *_wrong_files()]


def is_empty() -> bool:
    return databases.is_empty() and not private_files()


def _refuse_foreign(described: Manifest) -> None:
    if described.vendor != connection.vendor:
        theirs, ours = ENGINES.get(described.vendor, described.vendor), ENGINES[connection.vendor]
        raise BackupRefused(f"备份来自 {theirs}，这个站点用 {ours}，不能互相恢复")
    if unknown := manifest.unknown_migrations(described):
        raise BackupRefused(
            f"备份来自更新的版本（{described.version}）：这里没有 {unknown[0]}。先升级程序再恢复"
        )


@contextmanager
def _placed_files(folder: Path, described: Manifest) -> Iterator[None]:
    """Before the database: a row then never lacks its file. Where that fails, as they were before."""
    root, undo = Path(settings.PRIVATE_FILES_ROOT), ExitStack()
    with undo:
        for name in described.parts:
            if name != manifest.DATABASE:
                _place(folder / name, root / Path(name).relative_to(manifest.FILES), undo)
        yield
        undo.pop_all()


def _place(source: Path, target: Path, undo: ExitStack) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if target.exists():
        replaced = source.with_name(f"{source.name}.replaced")
        shutil.move(target, replaced)
        undo.callback(shutil.move, replaced, target)
    else:
        undo.callback(target.unlink, missing_ok=True)
    shutil.move(source, target)


def _update_tables() -> None:
    """An archive may be of an older version."""
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except Exception as error:
        why = f"{type(error).__name__}：{error}"
        raise RestoreUnfinished(
            f"备份已放回，更新数据表时出错（{why}）。站点先不要对外；用做这份备份的版本再恢复一次，或把原因报给开发者"
        ) from error


def _wrong_rows(described: Manifest) -> list[str]:
    found = {table: _count(table) for table in described.rows}
    return [
        f"数据表 {table}：应有 {count} 行，现有 {found[table]} 行"
        for table, count in sorted(described.rows.items())
        if found[table] != count
    ]


def _count(table: str) -> int:
    """None that is not there has rows."""
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return 0
        cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 -- quoted
        return int(cursor.fetchone()[0])


def _wrong_lists(described: Manifest) -> list[str]:
    now = manifest.last_editions()
    lost = [slug for slug, last in described.editions.items() if now.get(slug) != last]
    broken = [
        f"{programme}名单：第 {number} 版的指纹与内容不符"
        for programme in Programme.objects.select_related("city")
        for number in chain.broken(programme)
    ]
    return [*(f"{slug} 的名单不是备份时的那一版" for slug in lost), *broken]


def _wrong_files() -> list[str]:
    found = []
    for stored in StoredFile.objects.filter(removed_at=None).iterator():
        try:
            if not files.proves(stored):
                found.append(f"文件 {stored.pk} 与登记的指纹不符")
        except FileNotFoundError:
            found.append(f"文件 {stored.pk} 不在了")
        except KeyMissing:
            found.append(f"文件 {stored.pk} 是加密的，FILE_KEYS 里没有它的密钥")
    return found
