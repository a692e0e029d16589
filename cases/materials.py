"""What the office does with a filed document before it judges it."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.http.response import FileResponse
from django.shortcuts import get_object_or_404

from cases import engine, people
from cases.access import OFFICE, may
from cases.models import Case, Material
from cases.queries import material_label
from records import events, files
from records.models import Event

OPENED = "material.open"


def hand_out(case: Case, pk: int, *, by: Any, at: datetime) -> FileResponse:
    """A filed document, for whoever may see its case. Wherever the office takes it from, that it did so is kept."""
    document = get_object_or_404(case.materials.select_related("file"), pk=pk)
    try:
        response = files.download(document.file)
    except FileNotFoundError:
        raise Http404(f"“{document.file}”在服务器上找不到了，记录还在。联系系统管理员从备份恢复。") from None
    if may(by, case, OFFICE):
        note_opening(case, document, by=by, at=at)
    return response


def note_opening(case: Case, material: Material, *, by: Any, at: datetime) -> None:
    """Keep who opened a document first; the desk's opening is also shown on the document itself."""
    with engine.locked(case.pk):
        opened = Event.objects.filter(case=case, verb=OPENED, actor=by, data__material=material.pk)
        if opened.exists():
            return
        if material.opened_at is None and works_at_a_desk(by, case):
            material.opened_at, material.opened_by = at, by
            material.save()
        events.record(
            OPENED,
            f"打开材料“{material_label(case, material)}”",
            at=at,
            by=by,
            data={"material": material.pk},
            case=case,
            programme=case.programme,
            organisation=case.organisation,
        )


def works_at_a_desk(user: Any, case: Case) -> bool:
    """At one of the programme's own desks; at the district's only while the case is there."""
    actors = {"clerk", "decider", case.waiting_for} & people.DESK_PERMISSION.keys()
    return any(people.may_work(user, case, actor) for actor in actors)
