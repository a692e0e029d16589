"""The files that go with an objection, kept also when the rest of the form has to be mended first."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.http import HttpRequest

from cities import keys
from records import clock, files
from records.models import StoredFile

KINDS = ["pdf", "jpeg", "png"]
MAX_MEGABYTES = 20
SALT = "publicity.evidence"
# As long as a form may lie open (settings.SESSION_COOKIE_AGE is the same two hours).
KEPT_SECONDS = 2 * 60 * 60
# Twice that, so that no objection just being lodged loses its file under its hands.
UNUSED_AFTER = timedelta(seconds=2 * KEPT_SECONDS)


@dataclass
class Papers:
    """What has come in for each kind of file, and why something has not."""

    stored: dict[str, list[StoredFile]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def most(kind: str) -> int:
    return 2 if kind == "id_copy" else int(settings.OBJECTION_FILES)  # both sides of a card


def take(
    request: HttpRequest, kinds: Iterable[str], *, by: Any, at: datetime, keeps_new: bool = True
) -> Papers:
    """What was just uploaded, and what the tokens of the try before stand for. Without `keeps_new` only the latter."""
    papers = Papers()
    for kind in kinds:
        uploads = request.FILES.getlist(kind) if keeps_new else []
        tokens = request.POST.getlist(f"kept_{kind}")[: most(kind)]
        try:
            papers.stored[kind] = [_kept(token, kind) for token in dict.fromkeys(tokens)]
            _take_new(papers.stored[kind], kind, uploads, by=by, at=at)
        except files.FileRefused as refusal:
            papers.problems[kind] = str(refusal)
        if request.FILES.getlist(kind) and not keeps_new:
            papers.problems[kind] = "这次选的文件没有保留，再提交时重新选择"
    return papers


def _take_new(
    stored: list[StoredFile], kind: str, uploads: list[UploadedFile], *, by: Any, at: datetime
) -> None:
    if len(stored) + len(uploads) > most(kind):
        raise files.FileRefused(f"最多 {most(kind)} 个文件，现在 {len(stored) + len(uploads)} 个，合并后再传")
    if uploads and by is None and _unattached() > settings.OBJECTION_UPLOADS_MB << 20:
        raise files.FileRefused("现在上传的人太多，文件暂时收不下。过几小时再传，或者交书面材料")
    limits: dict[str, Any] = {"kinds": KINDS, "max_megabytes": MAX_MEGABYTES}
    limits["sensitive"] = keys.OBJECTION_FIELDS[kind].sensitive
    stored.extend(files.store(upload, **limits, by=by, at=at) for upload in uploads)


def _unattached() -> int:
    """How many bytes the public has sent that belong to nothing yet."""
    return int(_unnamed().aggregate(Sum("size"))["size__sum"] or 0)


def _kept(token: str, kind: str) -> StoredFile:
    """What came in as evidence lies open and cannot pass for a copy of an identity card."""
    is_sensitive = keys.OBJECTION_FIELDS[kind].sensitive
    try:
        pk = signing.loads(token, salt=SALT, max_age=KEPT_SECONDS)
        return StoredFile.objects.get(pk=pk, sensitive=is_sensitive)
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
    """The forms that hold on to them lie open by the machine's clock, so a fast one of the site must not count here."""
    return _unnamed().filter(uploaded_at__lt=at - UNUSED_AFTER * clock.speed())


def _unnamed() -> QuerySet[StoredFile]:
    """Only uploads of the public are without a person. What any row or its history names stays, whatever it is."""
    rows = StoredFile.objects.filter(uploaded_by=None)
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.is_relation and relation.related_model:
            rows = rows.exclude(Exists(_naming(relation)))
    return rows


def _naming(relation: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
    return rows
