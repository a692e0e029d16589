import uuid
from datetime import datetime

from django.db import models

from accounts import roles
from accounts.models.grant import Grant
from accounts.models.person import User
from providers.models import Organisation
from records.models import StoredFile


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
