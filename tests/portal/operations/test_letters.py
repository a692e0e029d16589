import pytest

from records.models import Letter, LetterDelivery
from records.probes import State
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("state", "count", "is_red"), [("waiting", 1, False), ("failed", 1, True), ("sent", 0, False)]
)
def test_letter_that_failed_is_red(read, provider, registration, state, count, is_red):
    letter = Letter.objects.create(
        key="a",
        programme=registration.programme,
        organisation=registration.organisation,
        written_at=NOW,
    )
    due = NOW if state == "waiting" else None
    LetterDelivery.objects.create(letter=letter, person=provider, state=state, next_attempt_at=due)

    assert (read("undelivered", NOW).value, read("undelivered", NOW).state == State.RED) == (count, is_red)
