"""Taking a dossier out: made first, then recorded, and only then handed out."""

import hashlib
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO

from django.db import transaction
from django.utils import timezone

from cases import confidential
from cases.dossier import archive, book, parts
from cases.dossier.contents.trail import EXPORTED, said_of
from cases.dossier.parts import Asked, Written
from cases.materials import record_opening
from cases.models import Case
from cases.queries import material_label
from records import events

ZIP, PDF = "zip", "pdf"
WRITERS = {ZIP: archive.write, PDF: book.write}
MEDIA_TYPES = {ZIP: "application/zip", PDF: "application/pdf"}


@dataclass(frozen=True)
class Made:
    """`content` lies in a file without a name that is gone when it is closed."""

    content: IO[bytes]
    name: str
    media_type: str


def export(case: Case, asked: Asked, form: str) -> Made:
    """Raises Refused where the purpose tells what must stay in the office."""
    confidential.refuse_telling([case], "detail", asked.purpose.detail)
    with ExitStack() as undone, asked.held:
        sink = undone.enter_context(tempfile.TemporaryFile())
        written = WRITERS[form](case, asked, parts.of(case, asked), sink)
        _record(case, asked, form, _digest(sink), written)
        undone.pop_all()
    moment = timezone.localtime(asked.at)
    return Made(sink, f"案卷 {case} {moment:%Y%m%d-%H%M}.{form}", MEDIA_TYPES[form])


def _digest(sink: IO[bytes]) -> str:
    sink.seek(0)
    digest = hashlib.file_digest(sink, "sha256").hexdigest()  # type: ignore[arg-type]
    sink.seek(0)
    return digest


@transaction.atomic
def _record(case: Case, asked: Asked, form: str, digest: str, written: Written) -> None:
    """What was taken and by what digest it is known again; each sensitive material that went with it by itself."""
    _record_openings(case, asked, [one.opened for one in written.put if one.opened])
    events.record(
        EXPORTED,
        said_of(asked),
        at=asked.at,
        by=asked.by,
        data={
            "form": form,
            "sha256": digest,
            "manifest": written.manifest,
            "purpose": str(asked.purpose),
            "with_sensitive": asked.with_sensitive,
        },
        case=case,
        programme=case.programme,
        organisation=case.organisation,
    )


def _record_openings(case: Case, asked: Asked, opened: list[int]) -> None:
    for material in case.materials.filter(pk__in=opened).select_related("file").order_by("pk"):
        said = f"随案卷导出材料“{material_label(case, material)}”，用途：{asked.purpose}"
        record_opening(case, material, said, by=asked.by, at=asked.at, purpose=asked.purpose)
