"""What the portal holds about somebody who objected."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django import forms
from django.db import models, transaction

from accounts import access
from cases import confidential, engine
from cities.permissions import HANDLE_CASES
from publicity import receipts
from publicity.forms.objections import REACHABLE
from publicity.models import Objection, ObjectionFile
from publicity.steps.common import tell
from publicity.steps.objections import note_opening
from records import personal
from records.models import Letter
from records.personal import erasing, holdings, subjects
from records.personal.subjects import ERASED, Duty, Held
from records.words import full_day, second

OBJECTOR = "objector"
# Internal, as looking at it is: the party complained of reads neither.
CORRECTED, FORGOTTEN = "objection.correct", "objection.erase"
FIELDS = ("name", "employer", "contact_person", "contact", "address")


def register() -> None:
    holdings.declare("publicity.Objection", *FIELDS)
    holdings.declare_impersonal(
        "publicity.Objection", ["person"], "whether a person or an organisation objects"
    )
    subjects.register(Objectors())


def _objections(user: Any) -> models.QuerySet[Objection]:
    programmes = access.programmes_for(user, HANDLE_CASES)
    rows = Objection.objects.filter(item__case__programme__in=programmes).exclude(name=ERASED)
    return rows.select_related("item__case__programme", "item__period")


class Objectors(subjects.Subjects):
    key, title, asked = OBJECTOR, "提出异议的人", "回执编号"
    erases = (
        "姓名、单位、联系人、联系方式和地址换成“已删除”，身份证件扫描件删掉，其他材料的文件名去掉。"
        "事实与理由、证明材料和处理经过属于案卷，留着"
    )

    def is_open_to(self, user: Any) -> bool:
        """Who asks what is held of him asks the desk; an auditor looks at an objector in the objection, and says what for."""
        return access.somewhere(user, HANDLE_CASES)

    def look_up(self, user: Any, text: str) -> Objection | None:
        return _objections(user).filter(receipt=receipts.plain(text)).first()

    def get(self, user: Any, key: str) -> Objection | None:
        rows = _objections(user)
        return rows.filter(pk=key).first() if re.fullmatch(r"[0-9a-f-]{36}", key) else None

    def may_change(self, user: Any, subject: Objection, at: datetime) -> bool:
        return access.may(user, HANDLE_CASES, subject.item.case.programme)

    def fields(self, subject: Objection) -> dict[str, forms.Field]:
        return {name: _field(name, subject) for name in FIELDS}

    def held(self, subject: Objection, reader: Any) -> list[Held]:
        """All that the objector said, and what he is told; what the desk noted on its way is the case file's."""
        where = f"异议 {subject.receipt}"
        said = [
            Held(
                where, str(_column(name).verbose_name), getattr(subject, name), name if name in FIELDS else ""
            )
            for name in (*FIELDS, "credit_code", "matter")
            if getattr(subject, name)
        ]
        papers = subject.files.select_related("stored")
        return [
            Held(where, "身份", subject.get_person_display()),
            *said,
            Held(where, "收到日期", full_day(subject.received_on)),
            Held(where, "针对", f"{subject.item.case}"),
            *(Held(where, one.get_kind_display(), _paper(one)) for one in papers),
            *_told(where, subject),
        ]

    def duties(self, subject: Objection, at: datetime) -> list[Duty]:
        if subject.settled_at is None:
            return [Duty("异议还没有处理完，处理和告知都要用")]
        until = erasing.kept_until(subject.settled_at)
        return [Duty("异议归入案卷", until)] if until >= erasing.day_of(at) else []

    def correct(self, subject: Objection, values: Mapping[str, str], *, by: Any, at: datetime) -> list[str]:
        with engine.locked(subject.item.case_id) as (case, _):
            row = Objection.objects.get(pk=subject.pk)
            changed = [name for name, value in values.items() if getattr(row, name) != value]
            for name in changed:
                setattr(row, name, values[name])
            if changed:
                row.save(update_fields=changed)
                what = "、".join(str(_column(name).verbose_name) for name in changed)
                tell(CORRECTED, f"更正异议 {row} 的{what}", case, at=at, by=by, data={"changed": changed})
        return changed

    def erase(self, subject: Objection, *, reason: str, by: Any, at: datetime) -> None:
        with engine.locked(subject.item.case_id) as (case, _):
            row = Objection.objects.get(pk=subject.pk)
            subjects.refuse_duties(self.duties(row, at))
            confidential.refuse_telling([case], "reason", reason)
            for paper in row.files.select_related("stored"):
                _forget_paper(paper)
            erasing.overwrite(row, **{**dict.fromkeys(FIELDS, ""), "name": ERASED})
            data = {"objection": str(row.pk), "reason": reason}
            tell(FORGOTTEN, f"删除异议 {row} 提出人的个人信息：{reason}", case, at=at, by=by, data=data)

    def seen(self, subject: Objection, *, by: Any, at: datetime) -> None:
        note_opening(subject, by=by, at=at)


def _paper(paper: ObjectionFile) -> str:
    return f"{paper.stored.name}，{second(paper.stored.uploaded_at)} 上传"


def _told(where: str, subject: Objection) -> Iterator[Held]:
    yield Held(where, "办理情况", subject.get_state_display())
    if subject.conclusion:
        yield Held(where, "处理意见", subject.conclusion)
    if subject.told_on:
        yield Held(where, "告知", f"{full_day(subject.told_on)}，{subject.get_told_how_display()}")
    about = Letter.objects.filter(audience=Letter.Audience.OBJECTOR, about=str(subject.pk))
    for letter in about.order_by("written_at", "pk"):
        yield Held(where, f"{second(letter.written_at)}的信", f"{letter.subject}\n{letter.body.strip()}")


def _column(name: str) -> Any:
    return Objection._meta.get_field(name)


def _field(name: str, subject: Objection) -> forms.CharField:
    column = _column(name)
    return forms.CharField(
        label=column.verbose_name,
        required=not column.blank,
        max_length=column.max_length,
        initial=getattr(subject, name),
        validators=[_reachable] if name == "contact" else [],
        error_messages={"required": f"写明{column.verbose_name}，不能留空"},
    )


def _reachable(contact: str) -> None:
    if any(found.kind == personal.Kind.IDENTITY for found in personal.find(contact)):
        raise forms.ValidationError("这里有身份证号码。只留电话或邮箱")
    if not REACHABLE.search(re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", contact))):
        raise forms.ValidationError("写能联系上的电话（至少 7 位）或邮箱")


def _forget_paper(paper: ObjectionFile) -> None:
    """A copy of an identity card goes; of the rest only what it was called, which may be a name."""
    stored = paper.stored
    if paper.kind != ObjectionFile.Kind.ID_COPY:
        erasing.overwrite(stored, name=f"{ERASED}{PurePath(stored.name).suffix}")
        return
    paper.delete()
    stored.delete()
    transaction.on_commit(lambda: stored.content.delete(save=False))
