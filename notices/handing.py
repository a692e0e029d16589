"""The file of a document, handed out to whom the caller has asked for."""

from typing import Literal

from django.http import Http404
from django.http.response import HttpResponseBase

from notices.models import Notice
from records import files
from records.models import StoredFile


def handed_out(notice: Notice, which: Literal["file", "sealed"]) -> HttpResponseBase:
    """What was withdrawn is not handed out any more."""
    stored: StoredFile | None = getattr(notice, which)
    if stored is None or notice.state != Notice.State.ISSUED:
        raise Http404
    return files.download(stored)
