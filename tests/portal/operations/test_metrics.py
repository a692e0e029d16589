import math
import re

import pytest

from portal.version import version
from records.probes import State, probes
from tests.conftest import at
from tests.servers import ROOT

TOKEN = "a-token-of-thirty-characters-at-least"
SAMPLE = re.compile(r'([a-z_]+)(?:\{(\w+)="((?:[^"\\]|\\.)*)"\})? (\S+)')


def parsed(text: str) -> dict[tuple[str, str], float]:
    """As Prometheus reads the text format: every sample's name follows its HELP and its TYPE."""
    found, announced = {}, []
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("# "):
            announced.append(tuple(line.split(" ", 3)[1:3]))
            assert not line.startswith("# TYPE") or line.endswith(" gauge")
            continue
        sample = SAMPLE.fullmatch(line)
        assert sample, line
        name, _, label, value = sample.groups()
        assert announced[-2:] == [("HELP", name), ("TYPE", name)]
        assert (name, label) not in found
        found[name, label or ""] = float(value)
    return found


def test_metrics_are_the_numbers_of_the_page(client, case_in_publicity, stopped_clock):
    stopped_clock(at("2026-10-04 00:20"))

    answer = client.get("/metrics")
    found = parsed(answer.content.decode())

    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert {name for name, _ in found} == {*(probe.metric for probe in probes()), "portal_state"}
    assert found["portal_due_cases", ""] == 1
    assert found["portal_oldest_due_seconds", ""] == 1200
    assert found["portal_version", version()] == 1
    assert found["portal_state", "oldest_due"] == 2
    assert found["portal_state", "due"] == 0
    assert math.isnan(found["portal_last_sweep_seconds", ""]) or found["portal_last_sweep_seconds", ""] >= 0


def test_metrics_name_no_case(client, case_in_publicity, stopped_clock):
    assert case_in_publicity.number not in client.get("/metrics").content.decode()


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (f"Bearer {TOKEN}x", 404),
        ("Bearer ", 404),
        (TOKEN, 404),
        (f"Basic {TOKEN}", 404),
        ("", 404),
    ],
)
def test_metrics_for_who_brings_the_token(client, db, settings, header, status):
    settings.METRICS_TOKEN, settings.METRICS_ADDRESSES = TOKEN, []

    assert client.get("/metrics", headers={"Authorization": header}).status_code == status


@pytest.mark.parametrize(
    ("listed", "address", "status"),
    [
        (["10.1.0.0/16"], "10.1.2.3", 200),
        (["10.1.0.0/16"], "10.2.0.1", 404),
        (["::1"], "::1", 200),
        (["10.1.2.3"], "", 404),
        ([], "127.0.0.1", 404),
    ],
)
def test_metrics_for_an_address_on_the_list(client, db, settings, listed, address, status):
    settings.METRICS_TOKEN, settings.METRICS_ADDRESSES = "", listed

    assert client.get("/metrics", REMOTE_ADDR=address).status_code == status


def test_forwarded_address_is_not_believed(client, db, settings):
    settings.METRICS_ADDRESSES = ["10.1.2.3"]

    assert client.get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 404


def test_every_number_has_its_heading_in_the_handbook_and_nothing_else_has():
    handbook = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    numbers = handbook.partition("\n## When a number is not in order")[2].partition("\n## ")[0]

    assert re.findall(r"^### (\w+)$", numbers, re.MULTILINE) == [*(probe.key for probe in probes())]


def test_keys_can_be_names_of_metrics():
    assert [probe.key for probe in probes() if not re.fullmatch(r"[a-z_]+", probe.metric)] == []
    assert [state.value for state in State] == ["ok", "warn", "red"]
