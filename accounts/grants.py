"""Who is granted what, and until when; the only writer of `Grant`. derivation.py makes guardian's rows follow."""

from datetime import datetime
from typing import Any

from django.db import models, transaction

from accounts import roles, same_person
from accounts.derivation import MODELS, derive, lock
from accounts.errors import Refused
from accounts.models import Grant, User
from cities.models import City, District, Programme
from providers.models import Organisation
from records import events, words

TARGETS = ("city", "district__city", "programme__city", "organisation")  # what `Grant.target` reads
Target = City | District | Programme | Organisation


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
    if not reason.strip():
        raise Refused("写明收回的理由，不能留空。")
    if grant.closed_at or (grant.ends_at and grant.ends_at <= at):
        raise Refused(f"{user.display_name} 的这项授权已经结束，不用再收回。")
    _refuse_last(grant, at, by)
    grant.ends_at = grant.closed_at = at
    grant.ended_by, grant.end_reason = by, reason.strip()
    grant.save(update_fields=["ends_at", "closed_at", "ended_by", "end_reason"])
    derive(user, at)
    summary = f"收回 {user.pk} 号账号的{grant.get_role_display()}：{grant.target}"
    _record("grant_withdrawn", summary, grant, at=at, by=by)
    return grant


def why_not_withdrawn(grant: Grant, *, at: datetime, by: User) -> str:
    """Why a grant that holds could not be withdrawn now; empty where it could. A page that offers it asks."""
    if grant.role not in roles.KEEPERS:
        return ""
    try:
        with transaction.atomic():
            _refuse_last(grant, at, by)
    except Refused as refusal:
        return str(refusal)
    return ""


def expire(at: datetime) -> int:
    """Carry out the end of every grant that is over; how late and how often this runs changes nothing."""
    return _close_due(Grant.objects.all(), at)


def refuse_unfit(
    user: User,
    role: str,
    target: Target,
    *,
    at: datetime,
    by: User | None,
    reason: str,
    ends_at: datetime | None = None,
) -> None:
    """Everything that makes a grant impossible; a form asks it before it writes."""
    if not reason.strip():
        raise Refused("写明授权的理由，不能留空。")
    if not user.is_active:
        raise Refused(f"{user.display_name} 的账号已停用，不能授权。先启用账号。")
    if by and (hand := by.acted_as([user.pk])):
        whose = "自己" if by == user else hand
        raise Refused(f"不能给{whose}授权。由另一位授权管理员办理。")
    if ends_at is not None and ends_at <= at:
        raise Refused(f"结束时间 {words.full_closes(ends_at)} 已经过了。改成以后的日子，或者空着（不定期）。")
    _refuse_wrong_target(role, target)
    _refuse_clash(user, role, target, at)


def _refuse_wrong_target(role: str, target: Target) -> None:
    if role not in roles.TARGETS:
        raise Refused(f"没有“{role}”这个角色。从列出的角色中选一个。")
    allowed = roles.TARGETS[role]
    if target_word(target) not in allowed:
        fit = "或".join(roles.TARGET_WORDS[word] for word in allowed)
        raise Refused(
            f"{roles.LABELS[role]}只能授予在{fit}上，{target} 是{roles.TARGET_WORDS[target_word(target)]}。换一个角色或对象。"
        )


def _refuse_clash(user: User, role: str, target: Target, at: datetime) -> None:
    """One grant of a kind; office people do not act for a provider; who grants or audits does nothing else, by no account."""
    accounts = user.own_accounts()
    for other in Grant.objects.active(at).filter(user__in=accounts).select_related("user", *TARGETS):
        if other.user_id == user.pk:
            _refuse_beside(user, role, target, other)
        alone = other.role != role and roles.ALONE & {role, other.role}
        if alone and city_of(other.target) == city_of(target) is not None:
            raise Refused(
                f"{_named(other, user)}已是 {other.target} 的{other.get_role_display()}，不能同时是{roles.LABELS[role]}："
                f"{roles.LABELS[min(alone)]}在同一城市不兼任其他角色。换一个人，或者先收回原来的授权。"
            )


def _refuse_beside(user: User, role: str, target: Target, other: Grant) -> None:
    if other.role == role and other.target == target:
        since = words.full_day(other.starts_at)
        raise Refused(
            f"{user.display_name} 自 {since} 起已是 {target} 的{roles.LABELS[role]}，不用再授。要改期限，先收回再授。"
        )
    if (other.role in roles.PROVIDER_ROLES) != (role in roles.PROVIDER_ROLES):
        raise Refused(
            f"{user.display_name} 已是 {other.target} 的{other.get_role_display()}。一个账号不能既为管理部门又为企业办事，换一个账号。"
        )


def _named(held: Grant, user: User) -> str:
    if held.user_id == user.pk:
        return f"{user.display_name} "
    return f"{user.display_name} 的另一个账号 {held.user.username}（{same_person.how(user, held.user)}）"


def _refuse_last(held: Grant, at: datetime, by: User | None) -> None:
    """The last keeper is not removed from among the keepers: by himself, or by one whom he has removed in the same moment.
    For a city nobody but the keeper of the machine does."""
    if by is None or not is_last_keeper(held, at):
        return
    label = held.get_role_display()
    if held.user_id in (mine := by.own_accounts()):
        raise Refused(
            f"您是 {held.target} 唯一的{label}，不能收回自己的授权。先让另一位担任{label}，由其收回。"
        )
    if by.is_superuser:
        return
    is_among_them = Grant.objects.filter(
        user__in=mine, role=held.role, **{target_word(held.target): held.target}
    )
    if held.role == roles.ACCESS_ADMINISTRATOR or is_among_them.exists():
        raise Refused(
            f"{held.user.display_name} 是 {held.target} 唯一的{label}，您的授权已经不在，不能收回。先让另一位担任{label}。"
        )


def refuse_last_out_of_use(user: User, *, at: datetime, by: User) -> None:
    """The same for an account that is put out of use."""
    kept = user.grants.active(at).filter(role=roles.ACCESS_ADMINISTRATOR).select_related("user", *TARGETS)
    for held in kept if not by.is_superuser else ():
        if is_last_keeper(held, at):
            raise Refused(
                f"{user.display_name} 是 {held.target} 唯一的{held.get_role_display()}，不能停用。先让另一位担任，再停用。"
            )


def is_last_keeper(grant: Grant, at: datetime) -> bool:
    """Whether ending it would leave its object without anybody who can let others in."""
    if grant.role not in roles.KEEPERS:
        return False
    word = target_word(grant.target)
    same = Grant.objects.active(at).filter(role=grant.role, **{word: grant.target})
    # Locked: two who leave at once must not each count on the other. Who is in use is read after that, not with it.
    holders = list(same.order_by("pk").select_for_update(of=("self",)).values_list("pk", "user"))
    others = [user for pk, user in holders if pk != grant.pk]
    return not User.objects.filter(pk__in=others, is_active=True).exists()


def target_word(target: Any) -> str:
    """`city`, `district`, `programme` or `organisation`: the name of the column a target stands in."""
    return next(word for word, model in MODELS.items() if isinstance(target, model))


def city_of(target: Any) -> City | None:
    if isinstance(target, City):
        return target
    return None if isinstance(target, Organisation) else target.city


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
