"""A stored file's own bytes, decrypted on the way."""

import hashlib
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from records.files.encryption import Altered, KeyMissing, decrypted
from records.models import StoredFile
from records.models.file import private_storage

CHUNK = 1 << 16


def opened(stored: StoredFile) -> Iterator[bytes]:
    """Chunk by chunk. Raises FileNotFoundError or KeyMissing at once, Altered on the way."""
    source = private_storage().open(str(stored.content.name))
    if not stored.key:
        return _closing(source, iter(lambda: source.read(CHUNK), b""))
    try:
        return _closing(source, decrypted(cast(BinaryIO, source), stored.key, stored.pk.bytes))
    except (KeyMissing, Altered):
        source.close()
        raise


def is_there(stored: StoredFile) -> bool:
    return bool(stored.content) and private_storage().exists(str(stored.content.name))


def proves(stored: StoredFile) -> bool:
    """Whether what can be read is what was uploaded."""
    digest = hashlib.sha256()
    try:
        for chunk in opened(stored):
            digest.update(chunk)
    except Altered:
        return False
    return digest.hexdigest() == stored.sha256


def _closing(source: Any, chunks: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from chunks
    finally:
        source.close()
