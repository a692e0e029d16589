"""What the office does with a filed document before it judges it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from accounts import access
from cases import confidential, engine, people, steps
from cases.access import OFFICE, may
from cases.errors import Problem, Refused
from cases.models import Case, Material
from cases.queries import Document, material_label, required_materials
from cities.permissions import VIEW_RECORDS
from providers.permissions import VIEW_OWN
from records import events, files
from records.files.purposes import Page, Purpose, open_for_purpose
from records.models import Event

OPENED = "material.open"


@dataclass(frozen=True)
class Asker:
    """Who wants a document, and how the page looks that asks what for."""

    request: HttpRequest
    page: Callable[[Material], Page]
    at: datetime

    @property
    def user(self) -> Any:
        return self.request.user


def hand_out(asker: Asker, case: Case, pk: int) -> HttpResponseBase:
    """A filed document, for whoever may see its case. Wherever the office takes it from, that it did so is kept."""
    document = get_object_or_404(case.materials.select_related("file"), pk=pk)
    if document.file.sensitive:
        return _hand_out_sensitive(asker, case, document)
    response = files.download(document.file)
    if may(asker.user, case, OFFICE):
        note_opening(case, document, by=asker.user, at=asker.at)
    return response


def _hand_out_sensitive(asker: Asker, case: Case, document: Material) -> HttpResponseBase:
    """To its own unit as it is; to who judges or audits it with a watermark; to nobody else."""

    def record(purpose: Purpose | None) -> None:
        note_opening(case, document, by=asker.user, at=asker.at, purpose=purpose or "本单位查看")

    def record_purpose(purpose: Purpose) -> None:
        try:
            confidential.refuse_telling([case], "detail", purpose.detail)
        except Refused as refusal:
            raise ValidationError(refusal.message) from None
        record(purpose)

    if is_own(asker.user, case):
        response = files.download(document.file)
        record(None)
        return response
    if not may_open_sensitive(asker.user, case):
        raise Http404
    page = asker.page(document)
    return open_for_purpose(asker.request, document.file, page=page, record=record_purpose, at=asker.at)


def keep(case: Case, document: Document, upload: Any, *, by: Any, at: datetime) -> list[Problem]:
    """File an upload against a document that a draft asks for; why it was not taken, if it was not."""
    row = document.row
    try:
        with files.whole():
            stored = files.store(upload, **row.file_limits, by=by, at=at)
            steps.add_material(case, row.key, stored, by=by, at=at, subject=document.subject)
    except (files.FileRefused, Refused) as refusal:
        return [Problem(document.anchor, f"{document.label}：{refusal}", row.article.number)]
    return []


def keep_all(case: Case, uploads: Mapping[str, Any], *, by: Any, at: datetime) -> list[Problem]:
    """File every upload of a draft's form that is what it says; why each of the others was not taken."""
    problems: list[Problem] = []
    for document in required_materials(case):
        if upload := uploads.get(document.anchor):
            problems += keep(case, document, upload, by=by, at=at)
    return problems


def is_own(user: Any, case: Case) -> bool:
    """What the office itself has put into a case is not its unit's."""
    return case.channel != Case.Channel.OFFICE and access.may(user, VIEW_OWN, case.organisation)


def may_open_sensitive(user: Any, case: Case) -> bool:
    """Who sees a case need not see what people have handed in about themselves."""
    audits = access.may(user, VIEW_RECORDS, case.programme) and may(user, case, OFFICE)
    return audits or works_at_a_desk(user, case)


def note_opening(
    case: Case, material: Material, *, by: Any, at: datetime, purpose: Purpose | str = ""
) -> None:
    """Keep who opened a document first, and each opening that has a purpose; the desk's is also shown on the document itself."""
    with engine.locked(case.pk):
        opened = Event.objects.filter(case=case, verb=OPENED, actor=by, data__material=material.pk)
        if not purpose and opened.exists():
            return
        if material.opened_at is None and works_at_a_desk(by, case):
            material.opened_at, material.opened_by = at, by
            material.save()
        told = f"，用途：{purpose}" if purpose else ""
        said = f"打开材料“{material_label(case, material)}”{told}"
        record_opening(case, material, said, by=by, at=at, purpose=purpose)


def record_opening(
    case: Case, material: Material, said: str, *, by: Any, at: datetime, purpose: Purpose | str = ""
) -> None:
    events.record(
        OPENED,
        said,
        at=at,
        by=by,
        data={"material": material.pk, **({"purpose": str(purpose)} if purpose else {})},
        case=case,
        programme=case.programme,
        organisation=case.organisation,
    )


def works_at_a_desk(user: Any, case: Case) -> bool:
    """At one of the programme's own desks; at the district's only while the case is there."""
    actors = {"clerk", "decider", case.waiting_for} & people.DESK_PERMISSION.keys()
    return any(people.may_work(user, case, actor) for actor in actors)
