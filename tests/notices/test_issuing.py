"""From decided to issued: whatever happens in between, one file, one number, public only then."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command

from notices import issuing, pdf, probes
from notices.models import Notice
from notices.wording import Words
from records.models import Event, StoredFile
from records.probes import State
from tests.conftest import NOW
from tests.notices.conftest import SAID


@pytest.fixture
def notice(template: Any) -> Notice:
    return issuing.issue(template, SAID, by=None, at=NOW)


def broken(_: Any) -> Any:
    raise RuntimeError("cannot")


def test_worker_is_called_once_a_transaction_and_only_on_commit(
    template, called, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            issuing.issue(template, SAID, by=None, at=NOW)
        assert called == []

    assert called == ["notices.tasks.make_files"]


def test_second_run_makes_nothing_again(notice, plain_files):
    assert [issuing.carry_out(NOW), issuing.carry_out(NOW)] == [1, 0]
    assert plain_files == [notice.code]


def test_file_that_cannot_be_made_is_tried_again_after_growing_pauses(notice, monkeypatch):
    monkeypatch.setattr(pdf, "render", broken)
    pauses, moment = [], NOW
    for _ in range(7):
        issuing.carry_out(moment)
        notice.refresh_from_db()
        pauses.append((notice.next_attempt_at - moment) // timedelta(minutes=1))
        assert issuing.carry_out(notice.next_attempt_at - timedelta(seconds=1)) == 0
        moment = notice.next_attempt_at

    assert pauses == [1, 5, 30, 120, 360, 360, 360]
    assert (notice.state, notice.last_error) == ("issuing", issuing.BROKEN)


def test_mended_it_is_issued_under_the_number_that_it_had(notice, monkeypatch, request):
    with monkeypatch.context() as patch:
        patch.setattr(pdf, "render", broken)
        issuing.carry_out(NOW)
    request.getfixturevalue("plain_files")

    assert issuing.carry_out(NOW + timedelta(minutes=1)) == 1

    number, notice = notice.number, Notice.objects.get()
    assert (notice.state, notice.number, notice.last_error) == ("issued", number, "")


def test_killed_while_making_it_another_takes_it_up_when_the_claim_is_over(notice, plain_files):
    assert issuing._claim(notice.pk, NOW)  # and nothing is heard of it again

    assert issuing.carry_out(NOW + timedelta(minutes=14)) == 0
    assert issuing.carry_out(NOW + issuing.CLAIMED_FOR) == 1
    assert StoredFile.objects.count() == 1


def test_slow_worker_does_not_put_a_second_file_in_its_place(notice, plain_files):
    slow = issuing._claim(notice.pk, NOW)
    issuing.carry_out(NOW + issuing.CLAIMED_FOR)

    assert not issuing._make(slow, NOW + issuing.CLAIMED_FOR)
    assert StoredFile.objects.count() == 1


def test_one_that_holds_a_personal_number_waits_and_says_so(template, plain_files):
    said = Words("关于试验的公告", "", "联系 13800001111。")
    issuing.issue(template, said, by=None, at=NOW)

    assert issuing.carry_out(NOW) == 0

    assert Notice.objects.get().last_error == "文书：像手机号码 138****1111，不能公开。去掉以后再办"
    assert plain_files == []


def test_issuing_is_an_event_with_the_fingerprint(notice, plain_files):
    issuing.carry_out(NOW)

    notice.refresh_from_db()
    event = Event.objects.get(verb="notice.issue")
    assert event.data == {"notice": notice.code, "number": notice.number, "sha256": notice.file.sha256}


@pytest.mark.parametrize(
    ("minutes", "state"), [(4, State.OK), (5, State.WARN), (59, State.WARN), (60, State.RED)]
)
def test_probe_turns_with_how_long_the_first_has_waited(notice, minutes, state):
    reading = probes.waiting(NOW + timedelta(minutes=minutes))

    assert (reading.value, reading.state) == (1, state)


def test_command_tells_of_each_and_goes_on_where_it_was_broken_off(
    template, plain_files, capsys, stopped_clock
):
    for _ in range(3):
        issuing.issue(template, SAID, by=None, at=NOW)
    with pytest.raises(KeyboardInterrupt):
        issuing.carry_out(NOW, tell=_interrupt)

    call_command("make_notices")

    assert capsys.readouterr().out.split() == ["1／2", "2／2", "发布了", "2", "份"]
    assert [notice.state for notice in Notice.objects.all()] == ["issued"] * 3


def _interrupt(done: int, due: int) -> None:
    raise KeyboardInterrupt


def test_what_follows_on_its_being_out_is_told_in_the_same_transaction(notice, plain_files, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(issuing, "_receivers", [lambda notice, at: told.append(notice.number)])
    issuing.carry_out(NOW)

    assert told == [notice.number]


def test_what_follows_and_fails_leaves_it_for_later(notice, plain_files, monkeypatch):
    monkeypatch.setattr(issuing, "_receivers", [lambda notice, at: broken(notice)])

    assert issuing.carry_out(NOW) == 0
    notice.refresh_from_db()
    assert (notice.state, notice.last_error) == ("issuing", issuing.BROKEN)
    assert not StoredFile.objects.exists()
