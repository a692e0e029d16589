from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from accounts.models.person import User


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
