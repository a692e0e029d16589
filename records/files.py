"""Uploads: what they say they are is checked against what they are; they lie under random names outside any public path."""

import hashlib
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.utils.text import get_valid_filename

from records.models import StoredFile

# Offset, first bytes and media type of each kind a row may ask for.
SIGNATURES: dict[str, tuple[bytes, str, tuple[str, ...]]] = {
    "pdf": (b"%PDF-", "application/pdf", (".pdf",)),
    "jpeg": (b"\xff\xd8\xff", "image/jpeg", (".jpg", ".jpeg")),
    "png": (b"\x89PNG\r\n\x1a\n", "image/png", (".png",)),
}
NAMES = {"pdf": "PDF", "jpeg": "JPG", "png": "PNG"}


class FileRefused(Exception):
    """Why an upload was not taken, as a sentence with what to do."""


def store(upload: UploadedFile, *, kinds: list[str], max_megabytes: int, by: Any, at: datetime) -> StoredFile:
    """Keep an upload. `kinds` are keys of SIGNATURES; raises FileRefused with nothing kept."""
    kind = _sniff(upload, kinds)
    if (upload.size or 0) > max_megabytes * 1024 * 1024:
        raise FileRefused(
            f"{upload.name} 有 {_megabytes(upload)} MB，最大 {max_megabytes} MB。压缩或拆分后再传"
        )
    stored = StoredFile(
        name=get_valid_filename((upload.name or "文件")[-200:]),
        content_type=SIGNATURES[kind][1],
        size=upload.size or 0,
        sha256=_digest(upload),
        uploaded_at=at,
        uploaded_by=by,
    )
    stored.content.save(stored.name, upload, save=False)
    stored.save()
    return stored


def download(stored: StoredFile) -> FileResponse:
    """Always as an attachment, so that no uploaded file ever runs in the site's name."""
    response = FileResponse(stored.content.open("rb"), as_attachment=True, filename=stored.name)
    response["Content-Type"] = stored.content_type
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def wording(kinds: list[str], max_megabytes: int) -> str:
    return f"{'、'.join(NAMES[kind] for kind in kinds)}，每个不超过 {max_megabytes} MB"


def _sniff(upload: UploadedFile, kinds: list[str]) -> str:
    if not upload.size:
        raise FileRefused(f"{upload.name} 是空文件，重新选择")
    upload.seek(0)
    head = upload.read(16)
    upload.seek(0)
    suffix = "." + (upload.name or "").rpartition(".")[2].lower()
    for kind in kinds:
        signature, _, suffixes = SIGNATURES[kind]
        if head.startswith(signature) and suffix in suffixes:
            return kind
    accepted = "、".join(NAMES[kind] for kind in kinds)
    raise FileRefused(
        f"{upload.name} 的内容不是 {accepted}（看的是文件内容，不只是后缀）。另存为 {accepted} 后再传"
    )


def _digest(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def _megabytes(upload: UploadedFile) -> str:
    return f"{(upload.size or 0) / 1024 / 1024:.1f}"
