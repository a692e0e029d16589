"""The one writer of documents. What one says is frozen in the deciding transaction with its number; its file is made after commit
(`carry_out`), and only then is it public."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from notices import codes, numbering, obstacles, pdf, postman, templates
from notices.facts import entitled
from notices.models import Notice, NoticeLink, NoticeTemplate
from notices.wording import Words
from providers.models import Organisation
from records import clock, events, files
from records.letters import PAUSES
from records.models import StoredFile

logger = logging.getLogger(__name__)

CLAIMED_FOR = timedelta(minutes=15)
# A round is over after so many seconds; the rest stays due.
LONGEST_ROUND = 40
Earlier = Mapping[NoticeLink.Does, Sequence[Notice]]
Receiver = Callable[..., None]
Tell = Callable[[int, int], None]
BROKEN = "系统出错，日志里有记录；会自动再试"


_receivers: list[Receiver] = []


def on_issued(receiver: Receiver) -> None:
    """`receiver(notice, at=)` once its file is there, in the transaction that says so: if it fails the document is issued later."""
    _receivers.append(receiver)


def issue(
    template: NoticeTemplate,
    words: Words,
    *,
    by: Any,
    at: datetime,
    facts: Mapping[str, str] | None = None,
    is_public: bool = True,
    earlier: Earlier | None = None,
    concerns: Iterable[Organisation] = (),
    **stands_on: Any,
) -> Notice:
    """Inside the transaction of the decision. `facts` are what its fields hold, `earlier` the documents it is about,
    `concerns` those who are named in it, `stands_on` are case, batch, period, edition."""
    issuers = templates.issuers_of(template)
    number = numbering.take(issuers[0], at) if template.letterhead else None
    notice = Notice.objects.create(
        code=codes.new(),
        programme=template.programme,
        kind=template.kind,
        template=template,
        series=number.series if number else None,
        ordinal=number.ordinal if number else None,
        number=str(number or ""),
        issuers=[one.name for one in issuers],
        title=words.title,
        addressees=words.addressees,
        body=words.body,
        attachments=words.attachments,
        copies=words.copies,
        facts=dict(facts or {}),
        is_public=is_public,
        written_on=timezone.localtime(at).date(),
        decided_at=at,
        decided_by=by,
        next_attempt_at=at,
        **stands_on,
    )
    notice.concerns.set(concerns)
    _link(notice, earlier or {})
    _record("notice.decide", f"拟发{entitled(notice)}", notice, by=by, at=at)
    postman.call()
    return notice


def _link(notice: Notice, earlier: Earlier) -> None:
    NoticeLink.objects.bulk_create(
        NoticeLink(notice=notice, earlier=one, does=does) for does, rows in earlier.items() for one in rows
    )


def withdraw(notice: Notice, *, reason: str, by: Any, at: datetime) -> None:
    """From now on it stands no more. What says so to the public is a document of its own, where there is one (`acts`)."""
    notice.state, notice.withdrawn_at, notice.withdrawn_reason = Notice.State.WITHDRAWN, at, reason[:300]
    notice.next_attempt_at = None
    notice.save(update_fields=["state", "withdrawn_at", "withdrawn_reason", "next_attempt_at"])
    _record("notice.withdraw", f"撤回{entitled(notice)}：{reason}", notice, by=by, at=at)


def keep_sealed(notice: Notice, stored: StoredFile, *, by: Any, at: datetime) -> None:
    notice.sealed = stored
    notice.save(update_fields=["sealed"])
    _record("notice.seal", f"登记{entitled(notice)}的盖章扫描件", notice, by=by, at=at, sha256=stored.sha256)


def carry_out(at: datetime, *, longest: float = LONGEST_ROUND, tell: Tell = lambda done, due: None) -> int:
    """Make the files that wait; how many documents were issued. Runs late, twice or beside another without harm. `longest` are the
    seconds after which the rest is left; `tell(done, due)` hears of each."""
    rows = Notice.objects.filter(state=Notice.State.ISSUING, next_attempt_at__lte=at)
    due = list(rows.order_by("next_attempt_at", "decided_at", "ordinal").values_list("pk", flat=True))
    began, issued = monotonic(), 0
    for done, pk in enumerate(due, start=1):
        if monotonic() - began > longest:
            logger.warning("documents left to the next sweep: a round took too long")
            break
        if notice := _claim(pk, at):
            issued += _make(notice, at)
        tell(done, len(due))
    return issued


def _claim(pk: Any, at: datetime) -> Notice | None:
    """Make the next attempt ours, in a transaction of its own; making the file holds no lock."""
    with transaction.atomic():
        rows = Notice.objects.select_for_update(
            of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked
        ).select_related("template", "programme__city")
        notice = rows.filter(pk=pk, state=Notice.State.ISSUING, next_attempt_at__lte=at).first()
        if notice is not None:
            notice.attempts, notice.next_attempt_at = notice.attempts + 1, at + CLAIMED_FOR * clock.speed()
            notice.save(update_fields=["attempts", "next_attempt_at"])
        return notice


def _make(notice: Notice, at: datetime) -> bool:
    if why := obstacles.in_text(pdf.text_of(notice)):
        return _try_again(notice, why, at)
    try:
        return _put(notice, pdf.render(notice), at)
    except (OperationalError, InterfaceError):
        raise  # the database's own trouble: found again when the claim is over
    except Exception:
        logger.exception("document could not be made", extra={"notice": notice.code})
        return _try_again(notice, BROKEN, at)


def _try_again(notice: Notice, why: str, at: datetime) -> bool:
    """Without end: what was decided has to be announced. How many wait is one of the operator's numbers."""
    pause = PAUSES[min(notice.attempts, len(PAUSES)) - 1]
    rows = Notice.objects.filter(pk=notice.pk, state=Notice.State.ISSUING)
    rows.update(last_error=why[:300], next_attempt_at=at + pause)
    logger.warning("document %s is not issued yet", notice.code)
    return False


def _put(notice: Notice, made: pdf.Made, at: datetime) -> bool:
    with transaction.atomic():
        row = Notice.objects.select_for_update().filter(pk=notice.pk, state=Notice.State.ISSUING).first()
        if row is None:  # issued by another worker or withdrawn meanwhile
            return False
        name = f"{file_name(row)}.pdf"
        row.file = files.keep_made(made.content, name=name, media_type="application/pdf", at=at)
        row.fonts, row.state, row.issued_at = made.fonts, Notice.State.ISSUED, at
        row.last_error, row.next_attempt_at = "", None
        row.save()
        _record(
            "notice.issue",
            f"{'发布' if row.is_public else '发出'}{entitled(row)}",
            row,
            by=None,
            at=at,
            sha256=row.file.sha256,
        )
        for receiver in _receivers:
            receiver(row, at=at)
    return True


def file_name(notice: Notice) -> str:
    return f"{notice.number or notice.kind_title}-{codes.shown(notice.code)}"


def _record(verb: str, summary: str, notice: Notice, *, by: Any, at: datetime, **data: Any) -> None:
    events.record(
        verb,
        summary,
        at=at,
        by=by,
        data={"notice": notice.code, "number": notice.number, **data},
        case=notice.case,
        programme=notice.programme,
        city=notice.programme.city,
    )
