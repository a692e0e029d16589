import uuid
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower
from guardian.models import UserObjectPermissionBase

from accounts import roles, same_person
from cities.models import City, District, Programme
from providers.models import Organisation
from records.history import HistoricalRecords
from records.models import Kept, StoredFile


class User(AbstractUser):
    """A person. What the person may do is in `Grant`; `is_staff` only opens the admin's door."""

    full_name = models.CharField("姓名", max_length=60)
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


class GrantQuerySet(models.QuerySet["Grant"]):
    def active(self, at: datetime) -> "GrantQuerySet":
        """Grants that hold at that moment."""
        not_over = models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=at)
        return self.filter(not_over, starts_at__lte=at)


def _once_open(target: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=["user", "role", target],
        condition=models.Q(**{"closed_at__isnull": True, f"{target}__isnull": False}),
        name=f"grant_open_once_per_{target}",
    )


class Grant(Kept):
    """Who may act as what on which object, from when to when, by whose act: the truth guardian's rows are derived from."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name="人员")
    role = models.CharField("角色", max_length=30, choices=roles.CHOICES)
    city = models.ForeignKey(
        City, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name="城市"
    )
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name="区市"
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name="项目"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name="单位"
    )
    starts_at = models.DateTimeField("自")
    ends_at = models.DateTimeField("至", null=True, blank=True)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="授予人")
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="收回人"
    )
    reason = models.CharField("理由", max_length=200)
    end_reason = models.CharField("收回理由", max_length=200, blank=True)
    # When the end was carried out, by hand or by the sweep; `ends_at` alone may lie ahead.
    closed_at = models.DateTimeField("了结时间", null=True, blank=True, editable=False)

    objects = GrantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "授权"
        constraints = [
            models.CheckConstraint(
                name="grant_names_exactly_one_object",
                condition=models.Q(city__isnull=False, district=None, programme=None, organisation=None)
                | models.Q(city=None, district__isnull=False, programme=None, organisation=None)
                | models.Q(city=None, district=None, programme__isnull=False, organisation=None)
                | models.Q(city=None, district=None, programme=None, organisation__isnull=False),
            ),
            *(_once_open(target) for target in roles.TARGET_WORDS),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()} {self.target}"

    def is_active(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or self.ends_at > at)

    @property
    def target(self) -> City | District | Programme | Organisation | None:
        return self.city or self.district or self.programme or self.organisation


class Derived(UserObjectPermissionBase):
    """One of guardian's rows: written by `derivation.derive` alone. It carries its end, so that a late sweep leaves no door open."""

    ends_at = models.DateTimeField(null=True)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True


class CityPermission(Derived):
    content_object = models.ForeignKey(City, models.CASCADE)


class DistrictPermission(Derived):
    content_object = models.ForeignKey(District, models.CASCADE)


class ProgrammePermission(Derived):
    content_object = models.ForeignKey(Programme, models.CASCADE)


class OrganisationPermission(Derived):
    content_object = models.ForeignKey(Organisation, models.CASCADE)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self, at: datetime) -> "InvitationQuerySet":
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=at)


class Invitation(models.Model):
    """An offer to act for an organisation; the token itself is only in the letter, here is its digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="invitations", verbose_name="单位"
    )
    role = models.CharField("角色", max_length=30, choices=roles.CHOICES)
    email = models.EmailField("邮箱")
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("发出时间")
    expires_at = models.DateTimeField("有效期至")
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="邀请人")
    accepted_at = models.DateTimeField("接受时间", null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "邀请"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.email} {self.organisation}"


class Handover(models.Model):
    """That an organisation's manager gives way to another: done at once, or when an invitation is taken up."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="handovers", verbose_name="单位"
    )
    old = models.ForeignKey(Grant, models.PROTECT, related_name="+", verbose_name="原管理员的授权")
    new = models.ForeignKey(
        Grant, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="新管理员的授权"
    )
    invitation = models.OneToOneField(
        Invitation, models.PROTECT, null=True, blank=True, related_name="handover", verbose_name="邀请"
    )
    stays = models.BooleanField("原管理员留任办事员", default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="办理人")
    begun_at = models.DateTimeField("提出时间")
    done_at = models.DateTimeField("交接时间", null=True, blank=True)
    reason = models.CharField("理由", max_length=200)
    evidence = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="凭据"
    )

    class Meta:
        verbose_name = verbose_name_plural = "管理员交接"
        constraints = [
            models.UniqueConstraint(
                fields=["old"], condition=models.Q(done_at__isnull=False), name="handed_over_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} 管理员交接"


class LoginSession(AbstractBaseSession):
    """A session, and whose it is: so that somebody sees his own and ends them. Written by `login.store` from what is in the
    session; the times are the machine's, as cookies have it, whatever the site's clock says."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    # What stands in addresses; the key itself is the cookie.
    number = models.UUIDField(null=True)
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()
    address = models.CharField(max_length=45)
    device = models.CharField(max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "登录"


class AddressChange(models.Model):
    """Somebody else changed a person's mail address. Written by `people` alone."""

    user = models.ForeignKey(User, models.PROTECT, related_name="address_changes", verbose_name="人员")
    old_address = models.EmailField("原邮箱", blank=True)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="更改人")

    class Meta:
        verbose_name = verbose_name_plural = "更改邮箱"


class SecondFactor(models.Model):
    """What somebody logs in with besides the password. Written by `login.second` alone."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="second_factor")
    secret = models.TextField()  # sealed (login.sealing)
    since = models.DateTimeField()
    # The last 30 seconds whose code was used: no code works twice.
    last_step = models.BigIntegerField()
    recovery_digests = models.JSONField()

    class Meta:
        verbose_name = verbose_name_plural = "两步登录"


class KeptForm(models.Model):
    """What somebody had typed when the session was over, sealed, until it is sent again or a day has passed."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    content = models.TextField()
    kept_at = models.DateTimeField()  # the machine's time
