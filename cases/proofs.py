"""Files that prove something and that no row of the rules asks for: they come with a ground that was found, or with what a unit answers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from cases.errors import Problem, Refused
from cases.models import GroundFile
from records import events, files
from records.fields import FilesField
from records.models import Event, StoredFile

FILES: dict[str, Any] = {"kinds": ["pdf", "jpeg", "png", "xlsx"], "max_megabytes": 20}
MOST = 10
OPENED = "ground.open"


def field(label: str, told: str = "") -> FilesField:
    """Of a form that takes them; it is called `papers` there, where `keep` says what is wrong."""
    return FilesField(label=label, told=told, most=MOST, **FILES)


def keep(uploads: Iterable[UploadedFile], *, by: Any, at: datetime) -> list[StoredFile]:
    """Store them, within the caller's `files.whole()`. Raises Refused with every one that is not what it says."""
    stored: list[StoredFile] = []
    wrong: list[Problem] = []
    for upload in uploads:
        try:
            stored.append(files.store(upload, **FILES, by=by, at=at))
        except files.FileRefused as refusal:
            wrong.append(Problem("papers", str(refusal)))
    if wrong:
        raise Refused(f"有 {len(wrong)} 个文件不能收，这次都没有保存。", problems=wrong)
    return stored


def note_opening(proof: GroundFile, *, by: Any, at: datetime) -> None:
    """Who has opened what proves a ground, once each; on the case that has taken it up by then. A file's name may tell whose
    it is, so it is not said."""
    seen = Event.objects.filter(verb=OPENED, actor=by, data__ground_file=proof.pk)
    if seen.exists():
        return
    ground = proof.ground
    events.record(
        OPENED,
        f"打开情形的证明材料：{ground}",
        at=at,
        by=by,
        data={"ground": ground.pk, "ground_file": proof.pk},
        case=ground.case,
        programme=ground.programme,
        organisation=ground.registration.organisation,
    )
