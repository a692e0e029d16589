"""What is decided and has to be announced in a document. The app that makes documents lies above and registers here; it does so
in the deciding transaction, so that decision and document stand or fall together."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal

from cases.models import Case

# A publicity was opened or taken down, an edition numbered.
Occasion = Literal["opened", "taken_down", "published"]
Announcer = Callable[..., None]

_announcers: dict[Occasion, list[Announcer]] = {}


def register(occasion: Occasion, announcer: Announcer) -> None:
    """`announcer(subject, cases, by=, at=)`; it may raise Refused where people still can mend what stands in the way."""
    _announcers.setdefault(occasion, []).append(announcer)


def announce(occasion: Occasion, subject: Any, cases: Sequence[Case], *, by: Any, at: datetime) -> None:
    """`subject` is the publicity or the edition, `cases` are those it is about, locked."""
    for announcer in _announcers.get(occasion, []):
        announcer(subject, cases, by=by, at=at)
