"""The address of a receipt: whoever lodged an objection can follow it, and nobody else finds it."""

from django.core import signing
from django.urls import reverse

from publicity.models import Objection

SALT = "publicity.receipt"


def url(objection: Objection) -> str:
    return reverse("objection_receipt", args=[signing.dumps(objection.pk.hex, salt=SALT)])


def find(token: str) -> Objection:
    """Raises Objection.DoesNotExist for an address that was not given out."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise Objection.DoesNotExist from None
    return Objection.objects.select_related("item__period").get(pk=pk)
