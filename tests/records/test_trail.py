"""The trail: sealed, guarded by the database itself, and whoever tampers with it is found and named."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from records import events
from records.models import Event, TrailBlock
from records.models.event import Unchangeable
from records.trail import digests, guards, sealing, verifying
from tests.conftest import NOW
from tests.races import on_its_own_connection

pytestmark = pytest.mark.django_db

# What each column of an event is altered to, without anybody being asked.
TAMPERED = {
    "at": "2026-09-17 10:33:00+00:00",
    "verb": "refuse",
    "summary": "没有这回事",
    "article": "第一条",
    "actor_id": None,
    "actor_name": "别人",
    "actor_salt": "0" * 32,
    "actor_mark": "0" * 64,
    "city_id": None,
    "programme_id": None,
    "organisation_id": None,
    "case_id": None,
    "data": '{"shown": false}',
}


@pytest.fixture
def three(submitted_case, clerk):
    """Three more events, all sealed."""
    for number in range(3):
        events.record(
            "note",
            f"第 {number} 次",
            at=NOW + timedelta(minutes=number),
            by=clerk,
            article="第十五条",
            data={"shown": True},
            city=submitted_case.programme.city,
            programme=submitted_case.programme,
            organisation=submitted_case.organisation,
            case=submitted_case,
        )
    assert sealing.seal(NOW) > 3
    return list(Event.objects.order_by("-pk")[:3])[::-1]


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_what_was_sealed_and_left_alone_verifies(three):
    report = verifying.verify()
    assert (report.findings, report.unsealed, report.blocks) == ([], 0, 1)
    assert report.events == Event.objects.count()


def test_nothing_new_makes_no_block(three):
    assert sealing.seal(NOW) == 0
    assert TrailBlock.objects.count() == 1


def test_blocks_follow_one_another_and_hold_a_thousand_at_most(three, clerk, monkeypatch):
    monkeypatch.setattr(sealing, "MOST_IN_A_BLOCK", 2)
    for number in range(5):
        events.record("note", f"又 {number} 次", at=NOW, by=clerk)
    assert sealing.waiting()[0] == 5
    assert sealing.seal(NOW) == 5
    sizes = [len(block.digests) for block in TrailBlock.objects.order_by("number")]
    assert sizes[1:] == [2, 2, 1]
    assert verifying.verify().findings == []


def test_every_column_of_an_event_is_tampered_with_here():
    columns = {field.column for field in Event._meta.concrete_fields} - {"id"}
    assert columns == set(TAMPERED)


@pytest.mark.parametrize("column", TAMPERED)
def test_altered_event_is_found_and_named(three, unguarded, column):
    sql(f"UPDATE records_event SET {column} = %s WHERE id = %s", TAMPERED[column], three[1].pk)  # noqa: S608
    found = verifying.verify().findings
    assert [(one.block, one.event) for one in found] == [(1, three[1].pk)]
    assert "和封存时不一样" in found[0].what


def test_event_taken_out_is_found(three, unguarded):
    sql("DELETE FROM records_event WHERE id = %s", three[1].pk)
    assert [(one.event, one.what) for one in verifying.verify().findings] == [
        (three[1].pk, "封存过，现在不见了")
    ]


def test_event_put_in_is_found(submitted_case, clerk, unguarded):
    row = _columns(Event.objects.latest("pk"))
    Event.objects.bulk_create([Event(**{**row, "id": row["id"] + 2})])
    sealing.seal(NOW)
    Event.objects.bulk_create([Event(**{**row, "id": row["id"] + 1})])
    found = verifying.verify().findings
    assert [(one.event, one.what) for one in found] == [(row["id"] + 1, "封存之后才塞进来的")]


def _columns(event):
    return {field.attname: getattr(event, field.attname) for field in Event._meta.concrete_fields}


@pytest.fixture
def three_blocks(clerk):
    for number in range(3):
        events.record("note", f"第 {number} 次", at=NOW, by=clerk)
        sealing.seal(NOW + timedelta(minutes=number))
    return list(TrailBlock.objects.order_by("number"))


BLOCK = {
    "number": 9,
    "after": 0,
    "through": 10**6,
    "digests": "{}",
    "sealed_at": "2026-09-17 10:33:00+00:00",
    "digest": "0" * 64,
}


def test_every_column_of_a_block_is_tampered_with_here():
    assert {field.column for field in TrailBlock._meta.concrete_fields} - {"id"} == set(BLOCK)


@pytest.mark.parametrize("column", BLOCK)
def test_altered_block_is_found(three_blocks, unguarded, column):
    sql(f"UPDATE records_trailblock SET {column} = %s WHERE number = 2", BLOCK[column])  # noqa: S608
    assert verifying.verify().findings


def test_block_taken_out_is_found(three_blocks, unguarded):
    sql("DELETE FROM records_trailblock WHERE number = 2")
    assert any("前面缺第 2 块" in one.what for one in verifying.verify().findings)


def test_chain_made_anew_is_found_by_the_digest_that_was_kept_elsewhere(three_blocks, unguarded):
    kept = {3: three_blocks[2].digest}
    sql("DELETE FROM records_trailblock WHERE number > 0")
    sql("UPDATE records_event SET summary = %s WHERE id = %s", "没有这回事", three_blocks[1].through)
    sealing.seal(NOW)
    assert verifying.verify().findings == []
    assert [one.block for one in verifying.verify(kept).findings] == [3]


@pytest.fixture
def guarded():
    """As after a migration; the tests' own tables on SQLite are emptied by deleting, and have none."""
    guards.install()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records_event SET summary = 'x'",
        "UPDATE records_event SET actor_name = 'x', actor_salt = ''",
        "UPDATE records_event SET actor_name = '', actor_salt = '', verb = 'x'",
        "DELETE FROM records_event",
        "UPDATE records_trailblock SET digest = 'x'",
        "DELETE FROM records_trailblock",
    ],
)
def test_database_refuses_to_change_what_has_happened(three, guarded, statement):
    with pytest.raises(DatabaseError, match=guards.REFUSAL), transaction.atomic():
        sql(statement)


def test_models_refuse_it_too(three):
    block = TrailBlock.objects.get()
    for act in (block.save, block.delete, three[0].save, three[0].delete, Event.objects.all().delete):
        with pytest.raises(Unchangeable):
            act()


def test_name_is_erased_and_the_seal_holds(three, guarded, clerk, decider):
    named = Event.objects.filter(actor=clerk).count()
    assert events.erase_name(clerk, at=NOW, by=decider, reason="离职后申请删除") == named
    assert not Event.objects.filter(actor_name=clerk.display_name).exists()
    assert verifying.verify().findings == []


def test_name_that_was_emptied_without_an_event_is_found(three, unguarded, clerk):
    sql("UPDATE records_event SET actor_name = '', actor_salt = '' WHERE id = %s", three[0].pk)
    assert [one.what for one in verifying.verify().findings] == ["办理人姓名和封存时不一样"]


def test_no_name_is_in_what_is_hashed(three, monkeypatch):
    hashed = []
    monkeypatch.setattr(digests, "_sha256", lambda content: hashed.append(repr(content)) or "0" * 64)
    digests.of_event(three[0])
    assert three[0].actor_name not in hashed[0]


def test_command_names_what_it_finds_and_ends_with_an_error(three, unguarded, submitted_case):
    sql("UPDATE records_event SET summary = 'x' WHERE id = %s", three[1].pk)
    told = StringIO()
    with pytest.raises(CommandError, match="有 1 处"):
        call_command("verify_trail", stdout=told)
    assert f"第 1 块，事件 {three[1].pk}（" in told.getvalue()
    assert submitted_case.number in told.getvalue()


def test_command_prints_what_to_keep_and_takes_it_back(three):
    told = StringIO()
    call_command("verify_trail", stdout=told)
    block = TrailBlock.objects.get()
    assert f"1:{block.digest}" in told.getvalue()
    call_command("verify_trail", expect=[f"1:{block.digest}"], stdout=told)
    with pytest.raises(CommandError, match="有 1 处"):
        call_command("verify_trail", expect=["1:" + "0" * 64], stdout=told)
    with pytest.raises(CommandError, match="块号:指纹"):
        call_command("verify_trail", expect=["abc"], stdout=told)


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_block_does_not_close_over_an_event_that_is_still_being_written(clerk):
    """Keys are given out before the commit: whoever seals meanwhile waits, gives up, and the next seal has them all."""
    written, go_on = threading.Event(), threading.Event()

    def write_slowly():
        with transaction.atomic():
            events.record("note", "写得慢", at=NOW, by=None)
            written.set()
            go_on.wait(20)

    with ThreadPoolExecutor() as pool:
        slow = pool.submit(on_its_own_connection, write_slowly)
        assert written.wait(20)
        events.record("note", "写得快", at=NOW, by=None)
        assert sealing.seal(NOW) == 0
        go_on.set()
        slow.result(20)
    assert sealing.seal(NOW) == Event.objects.count()
    assert verifying.verify().findings == []
