"""Many documents at once, killed while they are decided on and while they are made: every number once, every document with its file."""

import signal
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from notices import issuing, loading
from notices.models import Notice, NumberSeries
from records import clock
from records.models import StoredFile
from tests.conftest import NOW
from tests.notices.conftest import FILE
from tests.races import database_url
from tests.servers import clean_environment, running, wait_until

COUNT = 24

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def test_killed_in_the_middle_twice_and_resumed_every_number_is_there_once(
    programme: Any, settings: Any, tmp_path: Path
) -> None:
    loading.load(FILE, at=NOW)
    settings.CLOCK_FILE = tmp_path / "clock.json"
    clock.shift_to(NOW)
    variables = clean_environment(
        DATABASE_URL=database_url(),
        PORTAL_VAR=str(tmp_path / "var"),
        PORTAL_CLOCK_FILE=str(settings.CLOCK_FILE),
        DJANGO_SETTINGS_MODULE="portal.settings",
    )

    def until_killed(command: str, said: str, times: int) -> None:
        with running(command, variables, tmp_path / "log") as one:
            wait_until(lambda: one.output.count(said) >= times, 60, lambda: one.output)
            assert one.stop(signal.SIGKILL) == -signal.SIGKILL

    decide, make = f"python -m tests.notices.deciding {COUNT}", "python manage.py make_notices"
    until_killed(decide, "taken", 8)
    assert 7 <= Notice.objects.count() < COUNT
    with running(decide, variables, tmp_path / "log") as one:
        assert one.process.wait(60) == 0, one.output
    until_killed(make, f"／{COUNT}", 3)
    issued = Notice.objects.filter(state="issued").count()
    assert 3 <= issued < COUNT
    clock.shift_to(NOW + issuing.CLAIMED_FOR + timedelta(minutes=1))
    with ExitStack() as stack:
        both = [stack.enter_context(running(make, variables, tmp_path / f"log{n}")) for n in range(2)]
        assert [one.process.wait(120) for one in both] == [0, 0], [one.output for one in both]

    found = Notice.objects.order_by("ordinal").select_related("file")
    assert [notice.ordinal for notice in found] == [*range(1, COUNT + 1)]
    assert {notice.state for notice in found} == {"issued"}
    assert NumberSeries.objects.get().last == COUNT
    assert len({notice.file_id for notice in found}) == StoredFile.objects.count() == COUNT
    assert len({notice.file.sha256 for notice in found if notice.file}) == COUNT
