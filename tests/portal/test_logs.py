"""What is in the log of a site, and what never is."""

import json
import logging
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils.module_loading import import_string

from cases.tasks import sweep_due
from portal import celery, logs
from publicity import steps
from publicity.models import Objection, PublicityItem
from tests.conftest import at

OBJECTOR, PHONE, MATTER = "王标记", "13899990000", "实际场地只有标记车间"
MARKS = (OBJECTOR, PHONE, MATTER)
DURING = at("2026-09-30 09:00")
GIVEN = "0f5c7a1e9b3d4c2a8e6f1b2c3d4e5f60"


@pytest.fixture
def written() -> Iterator[StringIO]:
    """What production's formatter writes of every line from DEBUG up."""
    sink, root = StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(sink), root.level
    handler.setFormatter(logs.JsonFormatter())
    handler.addFilter(logs.RequestId())
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield sink
    root.removeHandler(handler)
    root.setLevel(level)


def lines(sink: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in sink.getvalue().splitlines()]


def objection(item: PublicityItem) -> dict[str, Any]:
    person = {"name": OBJECTOR, "contact": PHONE, "contact_person": OBJECTOR, "matter": MATTER}
    return {"item": item.pk, "person": "individual", "truthful": "on", **person}


@pytest.fixture
def item(case_in_publicity) -> PublicityItem:
    return PublicityItem.objects.select_related("period").get(case=case_in_publicity)


def test_objection_leaves_no_trace_of_its_objector(item, client, stopped_clock, written):
    stopped_clock(DURING)
    place = reverse("object", args=[item.period_id])
    client.post(f"{place}?name={OBJECTOR}&contact={PHONE}", objection(item))
    client.post(
        f"{place}?contact={PHONE}", {**objection(item), "matter": ""}
    )  # refused: Django logs the address
    steps.lodge(item, at=DURING, person="individual", name=OBJECTOR, contact=PHONE, matter=MATTER)
    client.get(f"/nothing/?name={OBJECTOR}&contact={PHONE}")

    assert Objection.objects.filter(name=OBJECTOR).exists()
    assert [line["logger"] for line in lines(written)].count("django.request") >= 2
    assert [mark for mark in MARKS if mark in written.getvalue()] == []


def test_view_that_raises_is_logged_without_what_was_typed(item, stopped_clock, written):
    """What PostgreSQL says of a row that it refuses quotes the row."""
    stopped_clock(DURING)

    def refuse(*args: Any) -> None:
        raise IntegrityError(f"null value\nDETAIL:  Failing row contains ({OBJECTOR}, {PHONE}, {MATTER}).")

    client = Client(raise_request_exception=False)
    with connection.execute_wrapper(refuse):
        answer = client.post(reverse("object", args=[item.period_id]), objection(item))

    told = next(line for line in lines(written) if "exception" in line)
    assert answer.status_code == 500
    assert told["exception"].endswith("IntegrityError")
    assert told["request"] == answer["X-Request-ID"]
    assert [mark for mark in MARKS if mark in written.getvalue()] == []


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /publicity/?q=标记 200", "GET /publicity/ 200"),
        ("{'name': ['王标记'], 'stage': 1}", "{'name': ***, 'stage': 1}"),
        ("contact=13899990000&stage=1", "contact=***&stage=1"),
        ("call 13899990000 or a.b@example.org", "call 138****0000 or ***"),
        ("identity card 110101199003078515", "identity card ***"),
        ("case DG-2026-0006 of 91990001MAQ000119X", "case DG-2026-0006 of 91990001MAQ000119X"),
        ("SELECT 1 WHERE a = ?", "SELECT 1 WHERE a = ?"),
        ("refused\nDETAIL:  Key (receipt)=(王标记) exists.", "refused\n"),
        (r"IntegrityError('refused\nDETAIL:  Key (contact)=(王标记) exists.')", r"IntegrityError('refused\n"),
        ("call 0769-88990017, 0755 1234567 or 138 0000 1111", "call ***, *** or 138****1111"),
        ("swept 2026-09-17 in 0.0123 s", "swept 2026-09-17 in 0.0123 s"),
        ("Unprocessable Entity: /invitations/a-b_c/", "Unprocessable Entity: /invitations/***"),
        ("GET /publicity/receipt/ 200", "GET /publicity/receipt/ 200"),
    ],
)
def test_line_is_scrubbed_in_both_forms(said, kept):
    record = logging.LogRecord("portal", logging.INFO, "", 1, "%s", (said,), None)

    assert json.loads(logs.JsonFormatter().format(record))["message"] == kept
    assert logs.PlainFormatter("%(message)s").format(record) == kept


def secret_addresses() -> dict[str, str]:
    """Of every address that takes a token, by its pattern."""
    found = {}
    for pattern, arguments in takes_a_token(get_resolver()):
        found[pattern] = reverse(pattern, kwargs=dict.fromkeys(arguments, "t0ken-marked"))
    return found


def takes_a_token(resolver: Any) -> Iterator[tuple[str, list[str]]]:
    for one in resolver.url_patterns:
        if hasattr(one, "url_patterns"):
            yield from takes_a_token(one)
        elif "token" in one.pattern.converters:
            yield one.name, list(one.pattern.converters)


def test_secret_links_are_in_no_log_of_ours_or_the_proxy():
    addresses = secret_addresses()
    template = (settings.BASE_DIR / "deploy" / "nginx.conf.template").read_text()
    [pattern] = re.findall(r"^ +~(\^\S+) \"\$\{before\}\*\*\*\";$", template, re.MULTILINE)
    [line] = re.findall(r"^log_format .*;$", template, re.MULTILINE)

    assert {"invitation", "password_reset_confirm", "objection_receipt"} <= set(addresses)
    for path in addresses.values():
        assert "t0ken" not in logs.scrubbed(f"Gone: {path}")
        told = re.match(pattern.replace("(?<", "(?P<"), path)
        assert told
        assert "t0ken" not in told["before"]
    assert not re.search(r"\$(uri|request|request_uri|args|remote_addr|http_\w+)\b", line)


def test_failed_form_of_an_invitation_does_not_tell_its_link(client, db, written):
    client.post("/invitations/t0ken-marked/", {})

    assert any(line["logger"] == "django.request" for line in lines(written))
    assert "t0ken" not in written.getvalue()


def test_task_that_raises_is_logged_without_the_words(written, monkeypatch):
    """Celery writes the error out in a line of its own."""

    def refuse() -> None:
        raise ValueError(f"no such person: {OBJECTOR}\nDETAIL:  Key (name, contact)=({OBJECTOR}, {PHONE})")

    monkeypatch.setattr("cases.tasks.runs.run", refuse)
    sweep_due.apply()

    told = next(line for line in lines(written) if line["logger"] == "celery.app.trace")
    assert told["message"].endswith("raised unexpected: ValueError")
    assert told["exception"].endswith("ValueError")
    assert [mark for mark in MARKS if mark in written.getvalue()] == []


def test_statements_with_their_values_are_not_logged():
    assert logging.getLogger("django.db.backends").getEffectiveLevel() > logging.DEBUG


@pytest.mark.parametrize("formatter", ["json", "plain"])
def test_formatters_of_the_settings_take_a_line_of_any_request(formatter):
    given = dict(settings.LOGGING["formatters"][formatter])
    made = import_string(given.pop("()"))
    record = logging.LogRecord("portal", logging.INFO, "", 1, "said", (), None)
    logs.RequestId().filter(record)

    assert "said" in (made(given["format"]) if given else made()).format(record)


# Request ids


def test_answer_carries_the_id_it_was_asked_with(client, db):
    assert client.get("/healthz", headers={"X-Request-ID": GIVEN})["X-Request-ID"] == GIVEN


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "no spaces here at all", "<script>alert(1)</script>", "1\n2" * 10]
)
def test_answer_to_what_is_no_id_carries_a_new_one(client, db, given):
    made = [client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"] for _ in range(2)]

    assert [len(one) for one in made] == [32, 32]
    assert given not in made
    assert made[0] != made[1]


def test_every_line_of_a_request_has_its_id_and_none_after_it(client, db, written):
    client.get("/nothing-here/", headers={"X-Request-ID": GIVEN})
    logging.getLogger("portal").warning("later")

    whose = {line["logger"]: line["request"] for line in lines(written)}
    assert whose["django.request"] == GIVEN
    assert whose["portal"] == "-"


def test_task_has_the_id_of_the_request_that_sent_it_and_otherwise_its_own(db, written, monkeypatch):
    monkeypatch.setattr("cases.tasks.clock.now", lambda: logging.getLogger("portal").info("swept") or DURING)

    sweep_due.apply(headers={"request_id": GIVEN})
    own = sweep_due.apply()

    swept = [line["request"] for line in lines(written) if line["message"] == "swept"]
    assert GIVEN in swept
    assert own.id in swept
    assert logs.current() == "-"


def test_message_to_the_queue_carries_the_id(written):
    headers: dict[str, Any] = {}
    celery.hand_on_request_id(headers=headers)
    assert headers == {}

    logs.enter(GIVEN)
    celery.hand_on_request_id(headers=headers)
    logs.leave()
    assert headers == {"request_id": GIVEN}
