"""The outbox: letters are written by the act that they tell of, and sent afterwards."""

import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string

from records import clock, postman
from records.models import Letter, LetterDelivery

logger = logging.getLogger(__name__)
State = LetterDelivery.State


class NotNeeded(Exception):
    """A letter need not be sent any more; the words say why."""


@dataclass(frozen=True)
class Envelope:
    """What is on a mail and not in its letter."""

    address: str
    path: str


# Makes an envelope when the letter is sent; raises NotNeeded.
Seal = Callable[[LetterDelivery], Envelope]
_seals: dict[str, Seal] = {}


def register_seal(kind: str, seal: Seal) -> None:
    """Have the address and the link of a kind of letter found when it is sent, so that neither is kept with it."""
    _seals[kind] = seal


# The subject and the body that go by mail instead of a letter's own, as long as those are read on the site alone.
Cover = Callable[[Letter], tuple[str, str] | None]
_covers: list[Cover] = []


def register_cover(cover: Cover) -> None:
    _covers.append(cover)


def _mailed(letter: Letter) -> tuple[str, str]:
    covered = next((said for cover in _covers if (said := cover(letter))), None)
    return covered or (letter.subject, letter.body)


# How long after each failure it is tried again; after the last of them it has failed.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 6 * 60))
# How long an attempt that was begun is left to whoever began it, should nothing be heard of it again.
CLAIMED_FOR = timedelta(minutes=15)
# A round is over after so many letters or seconds, or when the server refuses so many one after another: the rest stays due, and
# the sweep does not wait for a slow server.
MOST_AT_ONCE, LONGEST_ROUND, MOST_IN_A_ROW = 200, 40, 3


def with_nobody(rows: QuerySet[Letter]) -> QuerySet[Letter]:
    """Those that went to no person, or to none with an address, and that nobody has opened in the inbox."""
    mine = LetterDelivery.objects.filter(letter=OuterRef("pk"))
    reached = mine.exclude(state=State.NOT_NEEDED)
    return rows.filter(~Exists(reached), ~Exists(mine.filter(read_at__isnull=False)))


def write(key: str, people: Iterable[Any], *, at: datetime, **what: Any) -> Letter | None:
    """Put a letter into the outbox, in the transaction of the act that it tells of; None where it is there already. `what` are
    the columns of `Letter`. Among `people` None is somebody without an account."""
    return None if Letter.objects.filter(key=key).exists() else write_first(key, people, at=at, **what)


def write_first(key: str, people: Iterable[Any], *, at: datetime, **what: Any) -> Letter:
    """The same where the key names what has only just been done."""
    letter = Letter.objects.create(key=key, written_at=at, **what)
    LetterDelivery.objects.bulk_create(_delivery(letter, person, at) for person in people)
    postman.call()
    return letter


def worded(kind: str, facts: dict[str, Any]) -> tuple[str, str]:
    """The subject and the body of a kind of letter; the first line of its wording is the subject."""
    said = render_to_string(f"letters/{kind}.txt", {**facts, "kind": kind}).strip()
    subject, _, body = said.partition("\n")
    return subject.strip()[:200], re.sub(r"\n{3,}", "\n\n", body).strip()


def _delivery(letter: Letter, person: Any, at: datetime) -> LetterDelivery:
    if person is not None and not person.email:
        return LetterDelivery(letter=letter, person=person, state=State.NOT_NEEDED, last_error="没有邮箱")
    return LetterDelivery(letter=letter, person=person, next_attempt_at=at)


def send_due(at: datetime) -> int:
    """Send what waits; how many went out. Runs late, twice or beside another without harm."""
    due = LetterDelivery.objects.filter(state=State.WAITING, next_attempt_at__lte=at)
    began, sent, refused = monotonic(), 0, 0
    for pk in list(due.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:MOST_AT_ONCE]):
        if refused >= MOST_IN_A_ROW or monotonic() - began > LONGEST_ROUND:
            logger.warning("letters left to the next sweep: the mail server is down or slow")
            break
        if delivery := _claim(pk, at):
            state = _send(delivery, at)
            sent += state == State.SENT
            refused = refused + 1 if state in (State.WAITING, State.FAILED) else 0
    return sent


def _claim(pk: int, at: datetime) -> LetterDelivery | None:
    """Make the next attempt ours, in a transaction of its own: whoever comes meanwhile does not find it due. Sending itself
    holds no lock."""
    with transaction.atomic():
        rows = LetterDelivery.objects.select_for_update(
            of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked
        )
        due = rows.filter(pk=pk, state=State.WAITING, next_attempt_at__lte=at)
        delivery = due.select_related("letter__case", "person").first()
        if delivery is None:
            return None
        delivery.attempts, delivery.next_attempt_at = delivery.attempts + 1, at + CLAIMED_FOR * clock.speed()
        delivery.last_error = ""
        delivery.save(update_fields=["attempts", "next_attempt_at", "last_error"])
        return delivery


def _send(delivery: LetterDelivery, at: datetime) -> str:
    """The state it is in then."""
    try:
        went = _message(delivery).send()
    except NotNeeded as why:
        _note_not_needed(delivery, str(why))
    except Exception as error:  # noqa: BLE001 -- whatever a mail server does, the other letters go on
        _note_failure(delivery, error, at)
    else:
        delivery.state, delivery.next_attempt_at = (State.SENT if went else State.WITHHELD), None
        delivery.sent_at = at if went else None
        delivery.save(update_fields=["state", "next_attempt_at", "sent_at"])
        logger.info("letter %s %s", delivery.pk, delivery.state)
    return delivery.state


def _message(delivery: LetterDelivery) -> EmailMessage:
    letter, seal = delivery.letter, _seals.get(delivery.letter.kind, _plain)
    envelope = seal(delivery)
    headers = {"Message-ID": message_id(delivery)}
    # Of several lines none is sent, and after three that are not the round ends.
    subject, body = _mailed(letter)
    subject = " ".join(subject.split())
    return EmailMessage(subject, _text(letter, body, envelope.path), to=[envelope.address], headers=headers)


def _plain(delivery: LetterDelivery) -> Envelope:
    assert delivery.person is not None
    return Envelope(delivery.person.email, delivery.letter.path)


def message_id(delivery: LetterDelivery) -> str:
    """The same for every attempt, so that whoever gets a mail twice can tell; with the moment, because a database that was
    restored gives its numbers out again."""
    host = urlsplit(_site(delivery.letter)).hostname or "localhost"
    return f"<letter.{delivery.pk}.{delivery.letter.written_at:%Y%m%d%H%M%S%f}@{host}>"


def _text(letter: Letter, body: str, path: str) -> str:
    """With the address of the next step."""
    if not path:
        return body
    return f"{body}\n\n{letter.action or '打开平台'}：{urljoin(_site(letter), path)}\n"


def _site(letter: Letter) -> str:
    return settings.PORTAL_BASE_URL or letter.base_url


def _note_not_needed(delivery: LetterDelivery, why: str) -> None:
    delivery.state, delivery.next_attempt_at, delivery.last_error = State.NOT_NEEDED, None, why
    delivery.save(update_fields=["state", "next_attempt_at", "last_error"])


def _note_failure(delivery: LetterDelivery, error: Exception, at: datetime) -> None:
    """By the kind of error: what a server says may hold the address."""
    delivery.last_error = type(error).__name__[:200]
    if delivery.attempts > len(PAUSES):
        delivery.state, delivery.next_attempt_at = State.FAILED, None
    else:
        delivery.next_attempt_at = at + PAUSES[delivery.attempts - 1]
    delivery.save(update_fields=["state", "next_attempt_at", "last_error"])
    logger.warning("letter %s not sent: %s", delivery.pk, delivery.last_error)


def send_again(letter: Letter, *, at: datetime) -> int:
    """Put what has failed or was kept back into the outbox again, with all its attempts; how many."""
    again = letter.deliveries.filter(state__in=[State.FAILED, State.WITHHELD])
    return again.update(state=State.WAITING, attempts=0, next_attempt_at=at, last_error="")


def was_refused_lately(at: datetime) -> bool:
    """Whether a letter failed within the first pause: then the server is asked by the sweep alone, so that its silence does not
    keep every worker."""
    waiting = LetterDelivery.objects.filter(state=State.WAITING, attempts=1, next_attempt_at__gt=at)
    return waiting.exclude(last_error="").exists()  # one that is on its way has none


def undelivered() -> dict[str, int]:
    """How many wait, have failed or were kept back: what an operator looks at."""
    states = (State.WAITING, State.FAILED, State.WITHHELD)
    return {str(state): LetterDelivery.objects.filter(state=state).count() for state in states}
