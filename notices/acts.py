"""What people do with a document that was issued: withdraw it, or keep the scan of its sealed copy beside it."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts import access
from cases import confidential
from cases.errors import Problem, Refused
from cities.permissions import ISSUE_NOTICES
from notices import facts, issuing, kinds, obstacles, queries, templates, wording
from notices.models import Notice, NoticeLink
from records import files, personal
from records.models import StoredFile

WITHDRAWAL = "withdrawal"
WITHDRAWING = (WITHDRAWAL, kinds.key_to_unit(WITHDRAWAL))
MOST_MEGABYTES = 20


@transaction.atomic
def withdraw(notice: Notice, *, reason: str, by: Any, at: datetime) -> None:
    notice = own(notice, by)
    if notice.state == Notice.State.WITHDRAWN:
        raise Refused(f"{notice}已经撤回。")
    reason = reason.strip()
    if not reason:
        raise Refused("写明撤回的原因，这会公开。", problems=[Problem("reason", "写明撤回的原因，这会公开")])
    confidential.refuse_telling(queries.cases_of(notice), "reason", reason)
    withdraw_for(notice, reason=reason, by=by, at=at)


def withdraw_for(notice: Notice, *, reason: str, by: Any, at: datetime) -> None:
    """For a reason the public reads, with a document that says so where the programme has a wording for it."""
    said = said_of(notice, reason)
    kind = WITHDRAWAL if notice.is_public else kinds.key_to_unit(WITHDRAWAL)
    template = templates.in_force(notice.programme, kind)
    words = template and wording.of(template, said)
    if why := obstacles.in_text(words.text if words else reason):
        raise Refused(f"还不能撤回：{why}。", problems=[Problem("reason", why)])
    was_out = notice.state == Notice.State.ISSUED
    issuing.withdraw(notice, reason=reason, by=by, at=at)
    if template and words and was_out:
        issuing.issue(
            template,
            words,
            by=by,
            at=at,
            facts=said,
            is_public=notice.is_public,
            earlier={NoticeLink.Does.WITHDRAWS: [notice]},
            concerns=notice.concerns.all(),
            case=notice.case,
            batch=notice.batch,
            period=notice.period,
        )


def said_of(notice: Notice, reason: str) -> dict[str, str]:
    return {
        **facts.of_programme(notice.programme),
        "单位": notice.facts.get("单位", ""),
        "原文书": facts.entitled(notice),
        "原主送": facts.addressed([notice]),
        "撤回理由": reason.strip().rstrip("。"),
    }


@transaction.atomic
def keep_sealed(notice: Notice, upload: UploadedFile, *, by: Any, at: datetime) -> None:
    """The scan of the copy that bears the seal, which no one draws here."""
    notice = own(notice, by)
    if notice.state != Notice.State.ISSUED:
        raise Refused(f"{notice}{notice.get_state_display()}，不能登记盖章扫描件。")
    try:
        with files.whole():
            stored = files.store(upload, kinds=["pdf"], max_megabytes=MOST_MEGABYTES, by=by, at=at)
            _refuse_personal(stored)
            issuing.keep_sealed(notice, stored, by=by, at=at)
    except files.FileRefused as refusal:
        raise Refused(f"{refusal}。", problems=[Problem("scan", str(refusal))]) from refusal


def _refuse_personal(stored: StoredFile) -> None:
    """What a scanner read from the page, or wrote beside it, is handed to everybody with it."""
    if found := personal.gate({"扫描件": stored}):
        wrong = f"{found[0]}，这里公开下载，不能有（{personal.NO_DISCLOSURE}）。遮去后重新扫描"
        raise Refused(f"{wrong}。", problems=[Problem("scan", wrong)])


def own(notice: Notice, by: Any) -> Notice:
    """A fresh copy under lock, for who signs documents of its programme."""
    if not access.may(by, ISSUE_NOTICES, notice.programme):
        raise Refused("文书由公告签发人撤回、重新发和登记盖章扫描件，您没有这个角色。")
    rows = Notice.objects.select_for_update(of=("self",))
    return rows.select_related("programme__city", "case", "batch", "period").get(pk=notice.pk)
