"""Receipts: whoever lodged an objection can follow it by its address, or by its number and code; nobody else finds it."""

import unicodedata

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from publicity.models import Objection

SALT = "publicity.receipt"
# Nothing that is misread on paper or by telephone: 32 letters, ten of them are 50 bits.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 10


def url(objection: Objection) -> str:
    return reverse("objection_receipt", args=[signing.dumps(objection.pk.hex, salt=SALT)])


def find(token: str) -> Objection:
    """Raises Objection.DoesNotExist for an address that was not given out."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise Objection.DoesNotExist from None
    return Objection.objects.select_related("item__period__stage", "edition").get(pk=pk)


def code(objection: Objection) -> str:
    """Goes with the number: made from the site's secret, so that it is stored nowhere."""
    return _code(objection, settings.SECRET_KEY)


def look_up(number: str, given: str) -> Objection | None:
    """The objection with this number, for who has its code; None says no more than that the two do not go together."""
    plain = [unicodedata.normalize("NFKC", text).upper().strip() for text in (number, given)]
    bare = "".join(letter for letter in plain[1] if letter in LETTERS)
    objection = Objection.objects.filter(receipt=plain[0]).first()
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    found = [
        constant_time_compare(bare, _code(objection or Objection(), secret).replace("-", ""))
        for secret in secrets
    ]
    return objection if any(found) else None


def _code(objection: Objection, secret: str) -> str:
    digest = salted_hmac(SALT, objection.pk.hex, secret=secret, algorithm="sha256").digest()
    letters = "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:LENGTH])
    return f"{letters[: LENGTH // 2]}-{letters[LENGTH // 2 :]}"
