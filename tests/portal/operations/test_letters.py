from datetime import timedelta

import pytest

from records.models import Letter, LetterDelivery
from records.probes import State
from tests.conftest import NOW


def letter_of(registration) -> Letter:
    whose = {"programme": registration.programme, "organisation": registration.organisation}
    return Letter.objects.create(key="a", written_at=NOW, **whose)


@pytest.mark.parametrize(
    ("state", "count", "is_red"), [("waiting", 1, False), ("failed", 1, True), ("sent", 0, False)]
)
def test_letter_that_failed_is_red(read, provider, registration, state, count, is_red):
    letter = letter_of(registration)
    due = NOW if state == "waiting" else None
    LetterDelivery.objects.create(letter=letter, person=provider, state=state, next_attempt_at=due)

    assert (read("undelivered", NOW).value, read("undelivered", NOW).state == State.RED) == (count, is_red)


@pytest.mark.parametrize(("minutes", "state"), [(59, State.OK), (60, State.WARN)])
def test_letter_that_waits_long_is_looked_at(read, provider, registration, minutes, state):
    LetterDelivery.objects.create(letter=letter_of(registration), person=provider, next_attempt_at=NOW)

    assert read("undelivered", NOW + timedelta(minutes=minutes)).state == state


@pytest.mark.parametrize(
    ("delivery", "count"),
    [
        (None, 1),  # nobody acts for the unit
        ({"state": "not_needed"}, 1),  # nobody has an address
        ({"state": "not_needed", "read_at": NOW}, 0),
        ({"state": "sent"}, 0),
        ({"state": "failed"}, 0),  # another number
    ],
)
def test_letter_that_nobody_can_get(read, provider, registration, delivery, count):
    letter = letter_of(registration)
    if delivery:
        LetterDelivery.objects.create(letter=letter, person=provider, **delivery)

    found = read("letters_to_nobody", NOW)

    assert (found.value, found.state == State.WARN) == (count, bool(count))
    assert len(found.lines) == count
    assert read("letters_to_nobody", NOW + timedelta(days=31)).value == 0
