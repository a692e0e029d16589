"""Putting an archive in the place of a site, and proving what stands there then."""

import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection

from cities.models import Programme
from portal.backups import archive, databases, manifest
from portal.backups.errors import BackupRefused
from portal.backups.making import private_files
from portal.backups.manifest import Manifest
from providers import chain
from records.models import StoredFile

ENGINES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}


def restore(source: Path, *, force: bool) -> tuple[Manifest, list[str]]:
    """Also what of the restored site does not fit its digests; empty where all is well. Raises BackupRefused before anything
    is touched."""
    if not force and not is_empty():
        raise BackupRefused("这个站点里已经有数据，没有恢复。确实要用备份代替现在的数据，加 --force")
    Path(settings.VAR).mkdir(mode=0o700, parents=True, exist_ok=True)
    with archive.unpacked(source, Path(settings.VAR)) as (described, folder):
        _refuse_foreign(described)
        _place_files(folder, described)
        databases.restore(folder / manifest.DATABASE)
    return described, misfits(described)


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


def _place_files(folder: Path, described: Manifest) -> None:
    """Before the database: a row then never lacks its file."""
    root = Path(settings.PRIVATE_FILES_ROOT)
    for name in described.parts:
        if name == manifest.DATABASE:
            continue
        target = root / Path(name).relative_to(manifest.FILES)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.move(folder / name, target)


def misfits(described: Manifest) -> list[str]:
    """What of the site that stands here now is not what the archive said, or does not fit its own digests."""
    return [*_wrong_rows(described), *_wrong_lists(described), *_wrong_files()]


def _wrong_rows(described: Manifest) -> list[str]:
    """Tables that an older archive does not have yet are made by `migrate`."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    found = {
        model._meta.db_table: model._base_manager.count()
        for model in manifest.tables()
        if model._meta.db_table in there
    }
    wrong = {table for table, count in described.rows.items() if found.get(table, count) != count}
    return [
        f"数据表 {table}：应有 {described.rows[table]} 行，现有 {found[table]} 行" for table in sorted(wrong)
    ]


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
    for stored in StoredFile.objects.iterator():
        path = Path(stored.content.path)
        if not path.is_file():
            found.append(f"文件 {stored.pk} 不在了")
        elif archive.part_of(path).sha256 != stored.sha256:
            found.append(f"文件 {stored.pk} 与登记的指纹不符")
    return found
