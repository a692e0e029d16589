"""The file that goes with an objection, kept also when the rest of the form has to be mended first."""

from datetime import datetime
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from records import files
from records.models import StoredFile

KINDS = ["pdf", "jpeg", "png"]
MAX_MEGABYTES = 20
SALT = "publicity.evidence"
# As long as a form may lie open (settings.SESSION_COOKIE_AGE is the same two hours).
KEPT_SECONDS = 2 * 60 * 60


def take(upload: UploadedFile | None, token: str, *, by: Any, at: datetime) -> StoredFile | None:
    """What was just uploaded, or else what the token of the try before stands for. Raises FileRefused."""
    if upload is not None:
        return files.store(upload, kinds=KINDS, max_megabytes=MAX_MEGABYTES, by=by, at=at)
    if not token:
        return None
    try:
        return StoredFile.objects.get(pk=signing.loads(token, salt=SALT, max_age=KEPT_SECONDS))
    except (signing.BadSignature, StoredFile.DoesNotExist):
        raise files.FileRefused("先前上传的文件已失效，重新选择") from None


def token(stored: StoredFile) -> str:
    """Stands for a stored file in the form that is shown again; nobody can make one for another file."""
    return signing.dumps(str(stored.pk), salt=SALT)
