"""What an archive says of itself."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from portal.backups.errors import BackupRefused
from portal.version import version
from providers.models import ListEdition

FORMAT = 1
DATABASE, FILES = "database", "files"


@dataclass(frozen=True)
class Part:
    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """`migrations` are those applied, `rows` the rows of each table, `editions` the last number and digest of each list."""

    made_at: str
    version: str
    vendor: str
    migrations: list[str]
    rows: dict[str, int]
    editions: dict[str, tuple[int, str]]
    parts: dict[str, Part] = field(default_factory=dict)
    format: int = FORMAT

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()


def described(at: datetime, parts: dict[str, Part]) -> Manifest:
    """The site as the database shows it in this transaction."""
    return Manifest(
        made_at=at.isoformat(timespec="seconds"),
        version=version(),
        vendor=connection.vendor,
        migrations=sorted(
            f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()
        ),
        rows=rows(),
        editions=last_editions(),
        parts=parts,
    )


def rows() -> dict[str, int]:
    return {model._meta.db_table: model._base_manager.count() for model in tables()}


def tables() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield model


def last_editions() -> dict[str, tuple[int, str]]:
    found = ListEdition.objects.order_by("number").values_list("programme__slug", "number", "digest")
    return {slug: (number, digest) for slug, number, digest in found}


def read(content: bytes) -> Manifest:
    try:
        given: dict[str, Any] = json.loads(content)
        if given["format"] != FORMAT:
            raise BackupRefused(f"备份的格式是 {given['format']}，这个版本只认识 {FORMAT}")
        parts = {_safe(name): Part(**part) for name, part in given.pop("parts").items()}
        editions = {slug: (number, digest) for slug, (number, digest) in given.pop("editions").items()}
        return Manifest(**given, editions=editions, parts=parts)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupRefused("备份里的清单（manifest.json）读不出来，换一份备份") from error


def _safe(name: str) -> str:
    """A part is the database or lies below the files, wherever somebody would like it to lie."""
    parts = PurePosixPath(name).parts
    if name != DATABASE and (parts[:1] != (FILES,) or len(parts) < 2 or ".." in parts):
        raise ValueError(name)
    return name


def unknown_migrations(manifest: Manifest) -> list[str]:
    """Those that this version of the portal does not have."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or ()}
    return sorted(set(manifest.migrations) - known)
