"""The last door before a mail leaves: a site that is not a city's sends to the addresses on its list and to nobody else."""

from collections.abc import Sequence
from email.policy import SMTP
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

# What these carry stays on this machine.
KEPT_HERE = ("filebased", "console", "dummy")


class AllowListBackend(BaseEmailBackend):
    """Hands on to the carrier that is configured (`EMAIL_CARRIER`) what may leave; of the rest nothing is sent, and the number
    returned says so. Everything that the site sends comes through here, Django's own letters too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(fail_silently=bool(kwargs.get("fail_silently")))
        self.carrier: BaseEmailBackend = get_connection(settings.EMAIL_CARRIER, *args, **kwargs)

    def open(self) -> bool | None:
        return self.carrier.open()

    def close(self) -> None:
        self.carrier.close()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        leaving = [message for message in email_messages if all(map(may_go_to, message.recipients()))]
        return self.carrier.send_messages(leaving) or 0 if leaving else 0


def may_go_to(address: str) -> bool:
    """Whether mail for this address may leave: it, or its domain, is on the list."""
    if is_open():
        return True
    person, sign, domain = _addressee(address).rpartition("@")
    allowed = {entry.strip().lower() for entry in settings.EMAIL_ALLOWED}
    return bool(person and domain) and not allowed.isdisjoint({f"{person}@{domain}", f"{sign}{domain}"})


def _addressee(address: str) -> str:
    """Whom the mail server would be told, read as the carrier reads it; empty where that is not exactly one plain address."""
    if len(address.splitlines()) != 1:
        return ""
    header = SMTP.header_factory("To", address)
    if header.defects or len(header.addresses) != 1:
        return ""
    return str(header.addresses[0].addr_spec).lower()


def is_open() -> bool:
    """Whether nobody need be kept from getting mail: a city's site, or one whose mail stays on this machine."""
    return bool(settings.PRODUCTION) or stays_here()


def stays_here() -> bool:
    return settings.EMAIL_CARRIER.split(".")[-2] in KEPT_HERE


def reach() -> str:
    """How far mail of this site goes, as its banner says; empty for a city's."""
    if settings.PRODUCTION:
        return ""
    if stays_here():
        return "邮件不寄出，只存成文件"
    return "邮件只寄给允许名单上的地址" if settings.EMAIL_ALLOWED else "邮件一封也不寄出"
