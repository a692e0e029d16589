from datetime import datetime

from django.db import models
from guardian.models import UserObjectPermissionBase

from accounts import roles
from accounts.models.person import User
from cities.models import City, District, Programme
from providers.models import Organisation
from records.history import HistoricalRecords
from records.models import Kept


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
