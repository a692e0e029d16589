"""Sensitive files at rest: AES-256-GCM in chunks, so that a file of any size needs the memory of two of them.

Each file has a key of its own, derived from the site's newest one and a salt. A chunk is bound to its file, its place and to being the
last: none can be exchanged, reordered or left out unseen.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

MARK = b"PF1\n"
SALT, CHUNK, TAG = 16, 1 << 16, 16


class KeyMissing(Exception):
    """The site's FILE_KEYS no longer hold the key that a file was encrypted with."""


class Altered(Exception):
    """What lies on the disk is not what was put there."""


def newest() -> str:
    """The name of the key that new files are encrypted with."""
    if not settings.FILE_KEYS:
        raise KeyMissing("FILE_KEYS")
    return name_of(settings.FILE_KEYS[0])


def name_of(key: str) -> str:
    """Says which key it was without telling it."""
    return hashlib.sha256(b"name of a file key\n" + key.encode()).hexdigest()[:16]


def known() -> list[str]:
    return [name_of(key) for key in settings.FILE_KEYS]


def encrypted(chunks: Iterable[bytes], identity: bytes) -> Iterator[bytes]:
    """With the newest key. `identity` is the file's own, which must be the same when it is read."""
    salt = os.urandom(SALT)
    cipher = _cipher(newest(), salt)
    yield MARK + salt
    for number, (chunk, is_last) in enumerate(_with_last(_even(chunks))):
        yield cipher.encrypt(_nonce(number, is_last), chunk, identity)


def decrypted(source: BinaryIO, key: str, identity: bytes) -> Iterator[bytes]:
    """Raises KeyMissing before the first byte, Altered at the first chunk that is not as it was."""
    head = source.read(len(MARK) + SALT)
    if len(head) < len(MARK) + SALT or not head.startswith(MARK):
        raise Altered
    return _chunks(source, _cipher(key, head[len(MARK) :]), identity)


def _chunks(source: BinaryIO, cipher: AESGCM, identity: bytes) -> Iterator[bytes]:
    pieces = iter(lambda: source.read(CHUNK + TAG), b"")
    try:
        for number, (chunk, is_last) in enumerate(_with_last(pieces)):
            yield cipher.decrypt(_nonce(number, is_last), chunk, identity)
    except InvalidTag:
        raise Altered from None


def _cipher(name: str, salt: bytes) -> AESGCM:
    key = next((key for key in settings.FILE_KEYS if name_of(key) == name), None)
    if key is None:
        raise KeyMissing(name)
    return AESGCM(HKDF(SHA256(), 32, salt, b"stored file").derive(key.encode()))


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _even(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces of one size, and what is left; one empty piece of nothing."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) > CHUNK:
            yield bytes(held[:CHUNK])
            del held[:CHUNK]
    yield bytes(held)


def _with_last(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    before: bytes | None = None
    for piece in pieces:
        if before is not None:
            yield before, False
        before = piece
    if before is None:
        raise Altered
    yield before, True
