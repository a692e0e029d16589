"""Tokens of invitations: made of the site's secret, so that they are stored nowhere; the row has the digest."""

import base64
import hashlib
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.models import Invitation

SALT = "accounts.invitation"


def new(pk: UUID) -> str:
    return _made(pk, settings.SECRET_KEY)


def of(invitation: Invitation) -> str:
    """As it was given out; empty where its secret is gone."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    made = (_made(invitation.pk, secret) for secret in secrets)
    return next((token for token in made if digest(token) == invitation.token_digest), "")


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _made(pk: UUID, secret: str) -> str:
    """256 bits in 43 letters that an address takes."""
    made = salted_hmac(SALT, pk.hex, secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")
