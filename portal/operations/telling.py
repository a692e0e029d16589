"""A letter to who keeps the machine when a number is red: one a day for each, however often it is asked."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from accounts.models import User
from records import letters
from records.models import Letter
from records.probes import Probe, Reading, State, readings
from records.words import local_day

KIND = "red"


def tell(at: datetime) -> int:
    """How many letters were written. None is where nobody keeps the machine; the page says the same."""
    people = User.objects.filter(is_active=True, is_superuser=True).order_by("pk")
    red = [(probe, reading) for probe, reading in readings(at) if reading.state == State.RED]
    return sum(_write(probe, reading, people, at) for probe, reading in red) if people else 0


def _write(probe: Probe, reading: Reading, people: Iterable[User], at: datetime) -> bool:
    """Without the lines behind the number: what a page shows to few is not for the mail."""
    subject, body = letters.worded("desks/red", {"probe": probe, "reading": reading, "at": at})
    letter = letters.write(
        f"red:{probe.key}:{local_day(at)}",
        people,
        audience=Letter.Audience.STAFF,
        kind=KIND,
        about=probe.key,
        subject=subject,
        body=body,
        path=reverse("admin:operations"),
        action="打开运行情况",
        at=at,
    )
    return letter is not None
