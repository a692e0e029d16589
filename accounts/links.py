"""Whole addresses for letters and for copying."""

from urllib.parse import urljoin

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import User


def base_url(request: HttpRequest) -> str:
    """Where this site is reached: what the operator says, otherwise the (allowed) host that was asked."""
    return settings.PORTAL_BASE_URL or request.build_absolute_uri("/")


def invitation(token: str, base: str) -> str:
    return urljoin(base, reverse("invitation", args=[token]))


def set_password(user: User, base: str) -> str:
    """The same link a password reset sends: it works once and ends with PASSWORD_RESET_TIMEOUT."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return urljoin(
        base, reverse("password_reset_confirm", args=[uid, default_token_generator.make_token(user)])
    )
