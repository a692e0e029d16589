from collections.abc import Iterable

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower

from accounts import same_person
from records import clock


class User(AbstractUser):
    """A person. What the person may do is in `Grant`; `is_staff` only opens the admin's door."""

    full_name = models.CharField("姓名", max_length=60)
    # By the site's clock, as its grants are; when somebody logged in is by the machine's (docs/decisions/0046).
    date_joined = models.DateTimeField("建立时间", default=clock.now)
    desk_mail = models.BooleanField("待办信寄到邮箱", default=True)
    # Accounts of which it is known that they are one person's share it; people.py writes it.
    one_person = models.UUIDField("同一人", null=True, blank=True, editable=False, db_index=True)

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    REQUIRED_FIELDS = ["full_name", "email"]

    class Meta:
        verbose_name, verbose_name_plural = "账号", "人员"
        indexes = [models.Index(Lower("email"), name="user_address")]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    def own_accounts(self) -> set[int]:
        """The numbers of every account known to be this person's, this one among them."""
        return same_person.own_accounts(self)

    def acted_as(self, earlier: Iterable[int | None]) -> str:
        """What all four eyes ask: whether this person, by whatever account, is among who acted earlier. Empty if not,
        otherwise whom a refusal names: you, or your other account and how it is known to be yours."""
        return same_person.acted_as(self, earlier)


class Suspension(models.Model):
    """From when to when an account was out of use: with the grants it says who could do what on a past day."""

    user = models.ForeignKey(User, models.PROTECT, related_name="suspensions", verbose_name="人员")
    starts_at = models.DateTimeField("自")
    ends_at = models.DateTimeField("至", null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="停用人")
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="启用人")

    class Meta:
        verbose_name = verbose_name_plural = "停用"
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(ends_at=None), name="one_open_suspension_per_user"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} 停用"


class AddressChange(models.Model):
    """Somebody else changed a person's mail address. Written by `people` alone."""

    user = models.ForeignKey(User, models.PROTECT, related_name="address_changes", verbose_name="人员")
    old_address = models.EmailField("原邮箱", blank=True)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="更改人")

    class Meta:
        verbose_name = verbose_name_plural = "更改邮箱"
