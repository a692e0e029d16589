"""The last block's digest stands on the operator's page, to be kept elsewhere."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.operations import trail
from records.probes import State
from records.trail import sealing
from tests.conftest import NOW


def test_page_gives_the_digest_that_the_command_takes_back(
    submitted_case, admin_client, unguarded, stopped_clock
):
    stopped_clock(NOW)
    sealing.seal(NOW)
    page = admin_client.get("/admin/operations/").content.decode()

    [kept] = re.findall(r"\b(\d+:[0-9a-f]{64})（", page)
    call_command("verify_trail", expect=[kept], stdout=StringIO())

    other = kept[:-1] + ("0" if kept[-1] != "0" else "1")
    with pytest.raises(CommandError):
        call_command("verify_trail", expect=[other], stdout=StringIO())


def test_what_nobody_seals_is_looked_at(read, submitted_case, monkeypatch):
    assert read("trail", NOW).state == State.WARN  # never sealed, and something to seal
    sealing.seal(NOW)
    assert read("trail", NOW).state == State.OK

    submitted_case.events.model.objects.create(at=NOW, verb="note", summary="又一件", actor_name="系统")
    count, _ = sealing.waiting()
    for most, state in ((count + 1, State.OK), (count, State.WARN)):
        monkeypatch.setattr(trail, "MANY_UNSEALED", most)
        assert read("trail", NOW).state == state
