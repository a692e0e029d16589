"""What came with an answer, handed out."""

from datetime import datetime
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from cases import engine
from cases.access import OFFICE, may
from cases.models import Case
from clearance.models import AnswerFile
from records import events, files
from records.models import Event

OPENED = "answer.open"


def hand_out(case: Case, pk: int, *, by: Any, at: datetime) -> HttpResponseBase:
    """For whoever may see the case. That the office opened it is kept, as of a material: once for each person."""
    row = get_object_or_404(
        AnswerFile.objects.select_related("file", "answer__stage"), pk=pk, answer__case=case
    )
    response = files.download(row.file)
    if may(by, case, OFFICE):
        _note_opening(case, row, by=by, at=at)
    return response


def _note_opening(case: Case, row: AnswerFile, *, by: Any, at: datetime) -> None:
    with engine.locked(case.pk):
        if Event.objects.filter(case=case, verb=OPENED, actor=by, data__file=row.pk).exists():
            return
        events.record(
            OPENED,
            f"打开{row.answer}的材料",
            at=at,
            by=by,
            data={"file": row.pk},
            case=case,
            programme=case.programme,
            organisation=case.organisation,
        )
