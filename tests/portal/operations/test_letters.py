import pytest
from django.apps import apps

from records.probes import State
from tests.conftest import NOW

KEEPS_LETTERS = "letterdelivery" in apps.all_models["records"]


@pytest.mark.skipif(KEEPS_LETTERS, reason="letters are kept")
def test_site_without_an_outbox_has_nothing_undelivered(read):
    assert (read("undelivered", NOW).shown, read("undelivered", NOW).state) == ("0 封", State.OK)


@pytest.mark.skipif(not KEEPS_LETTERS, reason="no letters are kept")
@pytest.mark.parametrize(
    ("state", "count", "is_red"), [("waiting", 1, False), ("failed", 1, True), ("sent", 0, False)]
)
def test_letter_that_failed_is_red(read, provider, registration, state, count, is_red):
    letters, deliveries = (apps.get_model("records", name).objects for name in ("Letter", "LetterDelivery"))
    letter = letters.create(
        key="a",
        programme=registration.programme,
        organisation=registration.organisation,
        written_at=NOW,
    )
    due = NOW if state == "waiting" else None
    deliveries.create(letter=letter, person=provider, state=state, next_attempt_at=due)

    assert (read("undelivered", NOW).value, read("undelivered", NOW).state == State.RED) == (count, is_red)
