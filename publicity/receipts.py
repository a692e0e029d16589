"""Receipts: whoever lodged an objection can follow it by its address, or by its number and code; nobody else finds it."""

import hashlib
import unicodedata

from django.urls import reverse
from django.utils.crypto import constant_time_compare

from publicity.models import Objection

# Nothing that is misread on paper or by telephone: 32 letters, ten of them are 50 bits.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 10


def url(objection: Objection) -> str:
    return reverse("objection_receipt", args=[objection.receipt_key])


def find(token: str) -> Objection:
    """Raises Objection.DoesNotExist for an address that was not given out."""
    return Objection.objects.select_related("item__period__stage", "edition").get(receipt_key=token)


def code(objection: Objection) -> str:
    """Goes with the number; who has the code alone cannot make the address of it."""
    digest = hashlib.sha256(f"code {objection.receipt_key}".encode()).digest()
    letters = "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:LENGTH])
    return f"{letters[: LENGTH // 2]}-{letters[LENGTH // 2 :]}"


def plain(text: str) -> str:
    """A number or a code as typed from paper: wide, in small letters, with spaces."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def look_up(number: str, given: str) -> Objection | None:
    """The objection with this number, for who has its code; None says no more than that the two do not go together."""
    bare = "".join(letter for letter in plain(given) if letter in LETTERS)
    objection = Objection.objects.filter(receipt=plain(number)).first()
    is_right = constant_time_compare(bare, code(objection or Objection()).replace("-", ""))
    return objection if is_right else None
