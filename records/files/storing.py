"""Keeping and removing a file: row and bytes together, or neither."""

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from records.files import encryption, scanning
from records.files.kinds import DEFAULT_PAGES, recognised
from records.files.names import safe_name
from records.files.reading import opened
from records.models import StoredFile
from records.models.file import private_storage

_written: ContextVar[list[str] | None] = ContextVar("written", default=None)


@contextmanager
def whole() -> Iterator[None]:
    """A transaction: where it fails, the bytes that were stored within go with its rows. What a crash leaves is found by
    `remove_orphans`."""
    outer, mine = _written.get(), list[str]()
    token = _written.set(mine)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        for name in mine:
            private_storage().delete(name)
        raise
    finally:
        _written.reset(token)
    if outer is not None:
        outer.extend(mine)


def store(
    upload: UploadedFile,
    *,
    kinds: list[str],
    max_megabytes: int,
    by: Any,
    at: datetime,
    max_pages: int = DEFAULT_PAGES,
    sensitive: bool = False,
) -> StoredFile:
    """Keep an upload. `kinds` are keys of KINDS; raises FileRefused with nothing kept. A sensitive one is encrypted."""
    kind = recognised(upload, kinds, max_megabytes, max_pages)
    scanning.refuse_infected(upload)
    stored = StoredFile(
        name=safe_name(upload.name or ""),
        content_type=kind.media_type,
        size=upload.size or 0,
        sha256=_digest(upload),
        uploaded_at=at,
        uploaded_by=by,
        sensitive=sensitive,
    )
    with whole():
        if sensitive:
            _put_encrypted(stored, upload.chunks())
        else:
            _put(stored, upload)
        stored.save()
    return stored


def keep_made(content: bytes, *, name: str, media_type: str, at: datetime) -> StoredFile:
    """Keep what the site has made itself and need not look into."""
    stored = StoredFile(
        name=safe_name(name),
        content_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_at=at,
    )
    with whole():
        _put(stored, ContentFile(content))
        stored.save()
    return stored


def encrypt_again(stored: StoredFile) -> None:
    """With the newest key, under a new name; the bytes that were there go when that is committed."""
    before, chunks = str(stored.content.name), opened(stored)
    with whole():
        _put_encrypted(stored, chunks)
        stored.save(update_fields=["content", "key"])
        transaction.on_commit(lambda: private_storage().delete(before))


def remove(stored: StoredFile, *, at: datetime, under: str) -> None:
    """The bytes go when the transaction is committed; that there was such a file stays, with its name and digest."""
    name = str(stored.content.name)
    stored.removed_at, stored.removed_under, stored.content = at, under, ""
    stored.save(update_fields=["removed_at", "removed_under", "content"])
    transaction.on_commit(lambda: private_storage().delete(name))


def _put_encrypted(stored: StoredFile, chunks: Iterator[bytes]) -> None:
    stored.key = encryption.newest()
    _put(stored, _Chunks(encryption.encrypted(chunks, stored.pk.bytes), stored.name))


def _put(stored: StoredFile, content: Any) -> None:
    """Under a name of its own, known before the first byte: a disk that is full leaves half a file."""
    written, name = _written.get(), uuid.uuid4().hex
    assert written is not None
    written.append(f"{name[:2]}/{name}")
    stored.content = private_storage().save(written[-1], content)


class _Chunks(File):
    """What has no size before it is made."""

    def __init__(self, made: Iterator[bytes], name: str) -> None:
        super().__init__(None, name)
        self.made = made

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return self.made


def _digest(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
