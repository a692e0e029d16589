"""The outbox: what is written once, sent once, tried again, given up."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError

from records import letters
from records.models import Letter, LetterDelivery
from tests.conftest import NOW, person

pytestmark = pytest.mark.django_db

DOWN = "tests.mailboxes.Down"
WORKS = "django.core.mail.backends.locmem.EmailBackend"
# After each failure: 1 and 5 minutes, half an hour, two and six hours.
MOMENTS = [NOW + timedelta(minutes=minutes) for minutes in (0, 1, 6, 36, 156, 516)]


@pytest.fixture
def people(provider):
    return [provider, person("second", "周办事")]


@pytest.fixture
def write(programme, organisation, people):
    def put(key="act:1", to=people, **other):
        what = {
            "kind": "received",
            "subject": "已收到",
            "body": "您好",
            "path": "/cases/1/",
            "action": "查看这件",
        }
        return letters.write(
            key, to, programme=programme, organisation=organisation, at=NOW, **{**what, **other}
        )

    return put


def states():
    return list(LetterDelivery.objects.order_by("pk").values_list("state", flat=True))


def test_letter_goes_to_each_person_in_a_mail_of_its_own(write, people, settings):
    settings.PORTAL_BASE_URL = "https://portal.example/"
    write()

    assert letters.send_due(NOW) == 2
    assert [message.to for message in mail.outbox] == [[one.email] for one in people]
    assert not any(message.cc or message.bcc for message in mail.outbox)
    assert mail.outbox[0].body == "您好\n\n查看这件：https://portal.example/cases/1/\n"
    assert set(LetterDelivery.objects.values_list("state", "sent_at", "next_attempt_at")) == {
        ("sent", NOW, None)
    }


def test_the_same_key_is_one_letter(write):
    assert write() is not None
    assert write(subject="另一封") is None
    assert (Letter.objects.get().subject, LetterDelivery.objects.count()) == ("已收到", 2)


def test_sent_letter_is_not_sent_again(write):
    write()
    letters.send_due(NOW)
    assert letters.send_due(NOW + timedelta(days=1)) == 0
    assert len(mail.outbox) == 2


def test_person_without_an_address_needs_no_mail(write, people):
    people[0].email = ""
    write()
    letters.send_due(NOW)
    assert states() == ["not_needed", "sent"]


def test_letter_is_tried_again_with_growing_pauses_and_fails_at_the_end(write, people, settings):
    settings.EMAIL_BACKEND = DOWN
    write(to=people[:1])
    delivery = LetterDelivery.objects.get()

    for number, moment in enumerate(MOMENTS, 1):
        letters.send_due(moment - timedelta(seconds=1))
        delivery.refresh_from_db()
        assert delivery.attempts == number - 1
        assert letters.send_due(moment) == 0
        delivery.refresh_from_db()
        assert delivery.attempts == number

    assert (delivery.state, delivery.next_attempt_at) == ("failed", None)
    assert delivery.last_error == "ConnectionRefusedError"  # the server's words hold the address
    assert letters.send_due(NOW + timedelta(days=30)) == 0


def test_letter_that_failed_twice_goes_when_the_server_is_back(write, people, settings):
    settings.EMAIL_BACKEND = DOWN
    write(to=people[:1])
    for moment in MOMENTS[:2]:
        letters.send_due(moment)
    settings.EMAIL_BACKEND = WORKS

    assert letters.send_due(MOMENTS[2]) == 1
    assert (states(), LetterDelivery.objects.get().last_error) == (["sent"], "")


def test_one_that_raises_does_not_stop_the_rest(write, settings):
    settings.EMAIL_BACKEND = "tests.mailboxes.RefusesOne"
    write()

    assert letters.send_due(NOW) == 1
    assert states() == ["waiting", "sent"]
    assert LetterDelivery.objects.first().last_error == "ValueError"


def test_server_that_is_down_is_not_asked_for_every_letter(write, settings):
    settings.EMAIL_BACKEND = DOWN
    for number in range(5):
        write(f"act:{number}")

    letters.send_due(NOW)

    assert sum(LetterDelivery.objects.values_list("attempts", flat=True)) == letters.MOST_IN_A_ROW


def test_round_ends_when_the_server_is_slow_and_the_next_one_goes_on(write, people, settings, monkeypatch):
    settings.EMAIL_BACKEND = "tests.mailboxes.Slow"
    monkeypatch.setattr(letters, "LONGEST_ROUND", 0.1)
    write()
    assert [letters.send_due(NOW), letters.send_due(NOW), letters.send_due(NOW)] == [1, 1, 0]


def test_attempt_that_was_cut_off_is_made_again(write, people):
    write(to=people[:1])
    letters._claim(LetterDelivery.objects.get().pk, NOW)  # and the worker is killed

    assert letters.send_due(MOMENTS[1]) == 0
    assert letters.send_due(NOW + timedelta(minutes=15)) == 1
    assert LetterDelivery.objects.get().attempts == 2


def test_claim_lasts_as_long_by_the_machine_on_a_fast_clock(write, people, monkeypatch):
    monkeypatch.setattr(letters.clock, "speed", lambda: 1440)
    write(to=people[:1])
    letters._claim(LetterDelivery.objects.get().pk, NOW)

    assert letters.send_due(NOW + timedelta(minutes=1440 * 14)) == 0
    assert letters.send_due(NOW + timedelta(minutes=1440 * 15)) == 1


def test_letter_to_who_is_not_on_the_list_says_so_and_can_be_sent_later(write, people, settings):
    settings.PRODUCTION, settings.EMAIL_ALLOWED = False, ["second@example.org"]
    settings.EMAIL_BACKEND, settings.EMAIL_CARRIER = "records.mail.AllowListBackend", WORKS
    letter = write()

    letters.send_due(NOW)

    assert states() == ["withheld", "sent"]
    assert LetterDelivery.objects.first().get_state_display() == "没有寄：不在允许名单"
    settings.EMAIL_ALLOWED = ["@example.org"]
    assert letters.send_again(letter, at=MOMENTS[1]) == 1
    letters.send_due(MOMENTS[1])
    assert states() == ["sent", "sent"]
    assert [message.to for message in mail.outbox] == [[people[1].email], [people[0].email]]


def test_failed_letter_gets_all_its_attempts_again_by_hand(write, people, settings):
    settings.EMAIL_BACKEND = DOWN
    letter = write(to=people[:1])
    for moment in MOMENTS:
        letters.send_due(moment)
    again = MOMENTS[-1] + timedelta(hours=1)

    assert letters.send_again(letter, at=again) == 1
    letters.send_due(again)
    delivery = LetterDelivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("waiting", 1)
    assert delivery.next_attempt_at == again + timedelta(minutes=1)
    assert letters.send_again(letter, at=again) == 0


def test_operator_counts_what_did_not_go_out(write, settings):
    settings.EMAIL_BACKEND = DOWN
    write()
    assert letters.undelivered() == {"waiting": 2, "failed": 0, "withheld": 0}


def test_mail_that_goes_twice_has_one_id(write, people, settings):
    settings.PORTAL_BASE_URL = "https://portal.example/"
    write(to=people[:1])
    cut_off = letters._claim(LetterDelivery.objects.get().pk, NOW)
    letters._message(cut_off).send()  # and the worker is killed before it is noted

    letters.send_due(NOW + timedelta(minutes=15))

    ids = [message.message()["Message-ID"] for message in mail.outbox]
    assert len(ids) == 2
    assert ids[0] == ids[1] == f"<letter.{cut_off.pk}.20260917023200000000@portal.example>"


def test_each_mail_has_an_id_of_its_own(write):
    write("act:1")
    write("act:2")
    letters.send_due(NOW)
    assert len({message.message()["Message-ID"] for message in mail.outbox}) == 4


def test_id_of_a_mail_after_a_restore_is_another(write, people):
    """The database gives its numbers out again."""
    delivery = write(to=people[:1]).deliveries.get()
    before = letters.message_id(delivery)
    delivery.letter.written_at += timedelta(seconds=1)
    assert letters.message_id(delivery) != before


@pytest.fixture
def sealed(monkeypatch):
    """A kind whose address and link are known only to who seals it."""

    def register(seal):
        monkeypatch.setitem(letters._seals, "sealed", seal)

    return register


def test_sealed_letter_gets_address_and_link_when_it_is_sent(write, sealed):
    sealed(lambda delivery: letters.Envelope(f"{delivery.letter.about}@example.org", "/secret/"))
    write(to=[None], kind="sealed", about="lin", path="", base_url="https://asked.example/")
    letters.send_due(NOW)

    assert (mail.outbox[0].to, mail.outbox[0].body) == (
        ["lin@example.org"],
        "您好\n\n查看这件：https://asked.example/secret/\n",
    )
    kept = str(list(Letter.objects.values())) + str(list(LetterDelivery.objects.values()))
    assert not {part for part in ("secret", "@") if part in kept}


def test_letter_that_is_not_needed_any_more_says_why(write, sealed):
    def seal(delivery):
        raise letters.NotNeeded("已收回")

    sealed(seal)
    write(to=[None], kind="sealed")
    assert (letters.send_due(NOW), states(), mail.outbox) == (0, ["not_needed"], [])
    assert LetterDelivery.objects.get().last_error == "已收回"


def test_seal_that_raises_is_tried_again(write, sealed):
    def seal(delivery):
        raise LookupError("lin@example.org")

    sealed(seal)
    write(to=[None], kind="sealed")
    letters.send_due(NOW)
    assert (states(), LetterDelivery.objects.get().last_error) == (["waiting"], "LookupError")


def test_letter_to_a_unit_names_it(programme):
    with pytest.raises(IntegrityError):
        letters.write("act:1", [], at=NOW, kind="received", programme=programme)
