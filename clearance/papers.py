"""What came with an answer, and what proves a service, handed out: that the office opened one is kept, as of a material."""

from datetime import datetime
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from cases import engine
from cases.access import OFFICE, may
from cases.models import Case
from clearance.models import AnswerFile
from records import events, files
from records.models import Event, StoredFile

ANSWER_OPENED, PROOF_OPENED = "answer.open", "service.open"


def hand_out_answer(case: Case, pk: int, *, by: Any, at: datetime) -> HttpResponseBase:
    """For whoever may see the case."""
    rows = AnswerFile.objects.select_related("file", "answer__stage")
    row = get_object_or_404(rows, pk=pk, answer__case=case)
    return _hand_out(case, row.file, ANSWER_OPENED, f"打开{row.answer}的材料", by=by, at=at)


def hand_out_proof(case: Case, pk: int, *, by: Any, at: datetime) -> HttpResponseBase:
    """For the office, which the caller has asked."""
    row = get_object_or_404(case.services.select_related("proof", "stage"), pk=pk, proof__isnull=False)
    assert row.proof is not None
    return _hand_out(case, row.proof, PROOF_OPENED, f"打开{row.stage}的送达凭证", by=by, at=at)


def _hand_out(
    case: Case, stored: StoredFile, verb: str, said: str, *, by: Any, at: datetime
) -> HttpResponseBase:
    response = files.download(stored)
    if may(by, case, OFFICE):
        _note_opening(case, stored, verb, said, by=by, at=at)
    return response


def _note_opening(case: Case, stored: StoredFile, verb: str, said: str, *, by: Any, at: datetime) -> None:
    """Once for each person."""
    data = {"file": str(stored.pk)}
    with engine.locked(case.pk):
        if Event.objects.filter(case=case, verb=verb, actor=by, data__file=data["file"]).exists():
            return
        events.record(
            verb,
            said,
            at=at,
            by=by,
            data=data,
            case=case,
            programme=case.programme,
            organisation=case.organisation,
        )
