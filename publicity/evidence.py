"""The file that goes with an objection, kept also when the rest of the form has to be mended first."""

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef, QuerySet

from records import files
from records.models import StoredFile

KINDS = ["pdf", "jpeg", "png"]
MAX_MEGABYTES = 20
SALT = "publicity.evidence"
# As long as a form may lie open (settings.SESSION_COOKIE_AGE is the same two hours).
KEPT_SECONDS = 2 * 60 * 60
# Twice that, so that no objection just being lodged loses its file under its hands.
UNUSED_AFTER = timedelta(seconds=2 * KEPT_SECONDS)


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


def forget_unused(at: datetime) -> int:
    """Remove what somebody uploaded without a name to an objection that was never lodged; says how many."""
    count = 0
    for stored in _unused(at):
        content = stored.content
        stored.delete()
        content.delete(save=False)
        count += 1
    return count


def _unused(at: datetime) -> QuerySet[StoredFile]:
    """Only uploads of the public are without a person. What any row or its history names stays, whatever it is."""
    rows = StoredFile.objects.filter(uploaded_by=None, uploaded_at__lt=at - UNUSED_AFTER)
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.is_relation and relation.related_model:
            rows = rows.exclude(Exists(_naming(relation)))
    return rows


def _naming(relation: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
    return rows
