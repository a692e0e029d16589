"""Mail servers of the tests' own: one that is down, one that refuses a person, one that is slow."""

import time
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend

REFUSED = "provider@example.org"


class Down(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise ConnectionRefusedError(f"no way to {email_messages[0].to}")


class RefusesOne(EmailBackend):
    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if any(REFUSED in message.to for message in messages):
            raise ValueError(f"550 {REFUSED} unknown")
        return int(super().send_messages(messages))


class Slow(EmailBackend):
    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        time.sleep(0.3)
        return int(super().send_messages(messages))
