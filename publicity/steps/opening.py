"""A batch is shown by the worker: a clerk asks for it, and the page tells what came of it (docs/decisions/0033)."""

import logging
from datetime import datetime
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from accounts import access
from cases.desk import said
from cases.errors import Refused
from cases.models import Batch
from cities.permissions import HANDLE_CASES
from providers import registry
from publicity.models import Opening
from publicity.steps.periods import Elsewhere, open_batch
from records import words

FAILED = "系统出错，没有开始公示，什么都没有改变。请告诉系统管理员，日志里有这一次的记录；排除以后再开始。"
MIDNIGHT = "提交以后过了零点，公示的起止日期和您看到的不同了。看过新的日期再开始。"

logger = logging.getLogger(__name__)


def ask_to_open(
    batch: Batch, *, by: Any, at: datetime, elsewhere: Elsewhere | None = None, without_rest: bool = False
) -> Opening:
    """Note that a batch is to be shown. Whoever asks once more meanwhile gets what was asked for first."""
    if not access.may(by, HANDLE_CASES, batch.programme):
        raise Refused("公示由经办人办理，您没有这个角色。")
    wanted: dict[str, Any] = {"asked_at": at, "asked_by": by, "without_rest": without_rest}
    if elsewhere:
        wanted |= {"url": elsewhere.url, "started_on": elsewhere.started_on}
    try:
        with transaction.atomic():
            return Opening.objects.create(batch=batch, **wanted)
    except IntegrityError:
        return Opening.objects.get(batch=batch, ended_at=None)


def carry_out_openings(at: datetime) -> int:
    """Show what was asked for and is not done yet, a transaction each; how many were. Runs late, twice or beside another
    without harm."""
    waiting = Opening.objects.filter(ended_at=None).order_by("asked_at", "pk")
    return sum(_carry_out(opening, at) for opening in waiting.select_related("batch__programme"))


def _carry_out(opening: Opening, at: datetime) -> bool:
    try:
        return _open(opening, at)
    except Refused as refusal:
        problems = [said(problem) for problem in refusal.problems]
        _end(opening, at, refused={"message": refusal.message, "problems": problems})
    except (OperationalError, InterfaceError):
        raise  # the database's own trouble: the next sweep tries again
    except Exception:
        logger.exception("batch was not opened", extra={"batch": opening.batch.number})
        _end(opening, at, refused={"message": FAILED, "problems": []})
    return False


def _open(opening: Opening, at: datetime) -> bool:
    with transaction.atomic():
        registry.lock(opening.batch.programme)
        opening = Opening.objects.select_related("batch__programme", "asked_by").get(pk=opening.pk)
        if opening.ended_at:  # another worker was here first
            return False
        at = max(at, opening.asked_at)  # a clock that was put back shows nothing before it was asked for
        if words.local_day(opening.asked_at) != words.local_day(at):
            raise Refused(MIDNIGHT)
        period = open_batch(
            opening.batch,
            by=opening.asked_by,
            at=at,
            elsewhere=_elsewhere(opening),
            without_rest=opening.without_rest,
        )
        _end(opening, at, period=period)
    return True


def _elsewhere(opening: Opening) -> Elsewhere | None:
    return Elsewhere(opening.url, opening.started_on) if opening.url and opening.started_on else None


def _end(opening: Opening, at: datetime, **what: Any) -> None:
    Opening.objects.filter(pk=opening.pk, ended_at=None).update(ended_at=at, **what)
