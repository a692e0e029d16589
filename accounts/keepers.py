"""Who lets others in: the last of them is not removed from among the keepers."""

from datetime import datetime

from django.db import transaction

from accounts import roles
from accounts.errors import Refused
from accounts.models import Grant, User
from accounts.targets import TARGETS, target_word


def why_not_withdrawn(grant: Grant, *, at: datetime, by: User) -> str:
    """Why a grant that holds could not be withdrawn now; empty where it could. A page that offers it asks."""
    if grant.role not in roles.KEEPERS:
        return ""
    try:
        with transaction.atomic():
            refuse_last(grant, at, by)
    except Refused as refusal:
        return str(refusal)
    return ""


def refuse_last(held: Grant, at: datetime, by: User | None) -> None:
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
