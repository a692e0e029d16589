"""A mail address that somebody else has changed rests: what would let its reader in waits, for the person was told at the old one."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from accounts.errors import Refused
from accounts.models import AddressChange, User
from records import words


def rests_until(user: User, at: datetime) -> datetime | None:
    """Until when no link goes to the present address; None where nobody else changed it lately."""
    last = _lately(user, at).order_by("at").last()
    return last.at + _rest() if last else None


def refuse_same_hand(user: User, *, at: datetime, by: User) -> None:
    """Whoever changed the address does not remove the second step too: both together would let anybody in as this person."""
    until, hand = rests_until(user, at), by.acted_as(_lately(user, at).values_list("by", flat=True))
    if until and hand:
        raise Refused(
            f"{user.display_name} 的邮箱刚由{hand}改过，{words.full_moment(until)} 以前不能也由{hand}解除两步登录，"
            "免得一个人经手就能以本人登录。由另一位授权管理员办理，或者到那时再办。"
        )


def masked(address: str) -> str:
    """Enough for its owner to know it by."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}***@{host}"


def hint() -> str:
    """For whoever is about to change one."""
    hours = settings.ADDRESS_REST_HOURS
    return f"改了以后寄信告诉原邮箱；{hours} 小时内，重设密码的链接不寄到新邮箱，您也不能解除这个人的两步登录"


def end_of_rest(at: datetime) -> datetime:
    return at + _rest()


def _lately(user: User, at: datetime) -> QuerySet[AddressChange]:
    return AddressChange.objects.filter(user=user, at__gt=at - _rest())


def _rest() -> timedelta:
    return timedelta(hours=settings.ADDRESS_REST_HOURS)
