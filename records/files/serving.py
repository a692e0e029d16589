"""Handing a file out: always as an attachment, so that no uploaded file ever runs in the site's name."""

from collections.abc import Iterable

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from records.files.encryption import KeyMissing
from records.files.reading import opened
from records.models import StoredFile

Content = Iterable[bytes]


def download(stored: StoredFile) -> HttpResponseBase:
    """The file as it was uploaded. What is sensitive is handed out so only to whose it is."""
    refuse_removed(stored)
    response = StreamingHttpResponse(_opened(stored))
    response["Content-Length"] = stored.size
    return as_attachment(response, stored)


def copy(stored: StoredFile, content: bytes) -> HttpResponseBase:
    """Something else under its name: a copy that was made for this one reader."""
    return as_attachment(HttpResponse(content), stored)


def as_attachment(response: HttpResponseBase, stored: StoredFile) -> HttpResponseBase:
    response["Content-Type"] = stored.content_type
    response["Content-Disposition"] = content_disposition_header(True, stored.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def refuse_removed(stored: StoredFile) -> None:
    if stored.removed_at:
        raise Http404(f"“{stored}”{stored.removal}。")


def _opened(stored: StoredFile) -> Content:
    try:
        return opened(stored)
    except FileNotFoundError:
        raise Http404(f"“{stored}”在服务器上找不到了，记录还在。联系系统管理员从备份恢复。") from None
    except KeyMissing:
        raise Http404(
            f"“{stored}”是加密保存的，服务器上没有它的密钥。联系系统管理员把密钥放回 FILE_KEYS。"
        ) from None
