"""Who keeps the machine is written to when a number is red, once a day for each number."""

from datetime import timedelta

import pytest

from accounts.models import User
from portal.operations.telling import tell
from portal.tasks import tell_operator
from records.models import Letter, LetterDelivery
from records.probes import State, probes, readings
from tests.conftest import NOW, at

pytestmark = pytest.mark.django_db
SECRET = "13800000000"


@pytest.fixture
def keeper() -> User:
    return User.objects.create_superuser("root", "root@example.org", "a-long-password-9", full_name="管机器")


@pytest.fixture
def red(submitted_case, settings):
    """One case that the sweep gave up, and nothing else."""
    settings.DISK_RED_MB = settings.DISK_WARN_MB = 0
    type(submitted_case).objects.filter(pk=submitted_case.pk).update(
        set_aside_at=NOW, wake_at=NOW + timedelta(days=90), set_aside_reason=f"RuntimeError：{SECRET}"
    )
    return {probe.key for probe, reading in readings(NOW) if reading.state == State.RED}


def about() -> set[str]:
    return set(Letter.objects.filter(kind="red").values_list("about", flat=True))


def test_each_red_number_is_told_once_a_day(red, keeper):
    assert "stuck" in red
    assert tell(NOW) == len(red)
    assert about() == red
    assert tell(NOW + timedelta(minutes=5)) == 0

    assert tell(at("2026-09-17 23:59")) == 0
    tell(at("2026-09-18 00:00"))
    assert Letter.objects.filter(kind="red", about="stuck").count() == 2


def test_letter_says_what_and_what_to_do_and_nothing_of_the_case(red, keeper, submitted_case):
    tell(NOW)

    letter = Letter.objects.get(about="stuck")
    [probe] = [probe for probe in probes() if probe.key == "stuck"]
    assert letter.subject == "要处理：被搁置的事项，1 件"
    assert probe.todo in letter.body
    assert letter.path == "/admin/operations/"
    assert not any(word in letter.body for word in (SECRET, submitted_case.number))
    delivery = LetterDelivery.objects.get(letter=letter)
    assert (delivery.person, delivery.state) == (keeper, "waiting")


def test_number_that_is_in_order_is_not_told(red, keeper):
    tell(NOW)
    assert {probe.key for probe, reading in readings(NOW) if reading.state != State.RED} & about() == set()


def test_nobody_is_written_to_where_nobody_keeps_the_machine(red, clerk):
    """Nor is a keeper who has gone."""
    User.objects.create_superuser("gone", "gone@example.org", "a-long-password-9", is_active=False)
    assert tell(NOW) == 0
    assert about() == set()


def test_task_tells(red, keeper, stopped_clock):
    tell_operator()
    assert "stuck" in about()
