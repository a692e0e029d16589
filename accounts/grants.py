"""Who is granted what, and until when; the only writer of `Grant`. derivation.py makes guardian's rows follow."""

from datetime import datetime

from django.db import models, transaction

from accounts import reasons
from accounts.derivation import derive, lock
from accounts.errors import Refused
from accounts.keepers import refuse_last
from accounts.models import Grant, User
from accounts.targets import TARGETS, Target, city_of, target_word
from accounts.unfit import refuse_unfit
from records import events, words


@transaction.atomic
def grant(
    user: User,
    role: str,
    target: Target,
    *,
    at: datetime,
    by: User | None,
    reason: str,
    ends_at: datetime | None = None,
) -> Grant:
    """Let somebody act in a role on an object from now on. `by=None` is the system. Raises Refused."""
    _close_due(user.grants.all(), at)
    refuse_unfit(lock(user), role, target, at=at, by=by, reason=reason, ends_at=ends_at)
    new = Grant.objects.create(
        user=user,
        role=role,
        starts_at=at,
        ends_at=ends_at,
        granted_by=by,
        reason=reason.strip(),
        **{target_word(target): target},
    )
    derive(user, at)
    until = f"，至 {words.full_closes(ends_at)}" if ends_at else ""
    _record("grant", f"授予 {user.pk} 号账号{new.get_role_display()}：{target}{until}", new, at=at, by=by)
    return new


@transaction.atomic
def withdraw(grant: Grant, *, at: datetime, by: User | None, reason: str) -> Grant:
    """End a grant now. Raises Refused where it has ended, or where nobody would be left who can let others in."""
    user = grant.user
    lock(user)
    grant = Grant.objects.select_related("user", *TARGETS).get(pk=grant.pk)
    reasons.refuse(reason, "写明收回的理由，不能留空。")
    if grant.closed_at or (grant.ends_at and grant.ends_at <= at):
        raise Refused(f"{user.display_name} 的这项授权已经结束，不用再收回。")
    refuse_last(grant, at, by)
    grant.ends_at = grant.closed_at = at
    grant.ended_by, grant.end_reason = by, reason.strip()
    grant.save(update_fields=["ends_at", "closed_at", "ended_by", "end_reason"])
    derive(user, at)
    summary = f"收回 {user.pk} 号账号的{grant.get_role_display()}：{grant.target}"
    _record("grant_withdrawn", summary, grant, at=at, by=by)
    return grant


def expire(at: datetime) -> int:
    """Carry out the end of every grant that is over; how late and how often this runs changes nothing."""
    return _close_due(Grant.objects.all(), at)


def _close_due(grants: models.QuerySet[Grant], at: datetime) -> int:
    due = grants.filter(closed_at=None, ends_at__lte=at).order_by("pk")
    rows = due.select_related("user", *TARGETS)
    return sum(_close(held.pk, held, at) for held in rows)


@transaction.atomic
def _close(pk: int, held: Grant, at: datetime) -> bool:
    lock(held.user)
    if not Grant.objects.filter(pk=pk, closed_at=None).exists():
        return False
    held.closed_at = at
    held.save(update_fields=["closed_at"])
    derive(held.user, at)
    summary = f"{held.user_id} 号账号的{held.get_role_display()}到期：{held.target}"
    _record("grant_expired", summary, held, at=at, by=None)
    return True


def _record(verb: str, summary: str, held: Grant, *, at: datetime, by: User | None) -> None:
    data = {
        "grant": held.pk,
        "user": held.user_id,
        "role": held.role,
        "reason": held.end_reason or held.reason,
    }
    events.record(
        verb,
        summary,
        at=at,
        by=by,
        data=data,
        city=city_of(held.target),
        programme=held.programme,
        organisation=held.organisation,
    )
