"""The numbers for Prometheus, and who may fetch them."""

from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from records.probes import Probe, Reading, State, readings

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# The same words as on the page, as a number to alert on.
LEVELS = {State.OK: 0, State.WARN: 1, State.RED: 2}


def may_fetch(request: HttpRequest) -> bool:
    """By the token, or from an address that is on the list. Behind a proxy every visitor comes from the proxy's."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and scheme.lower() == "bearer":
        return constant_time_compare(token.strip(), settings.METRICS_TOKEN)
    return _is_listed(request.META.get("REMOTE_ADDR", ""))


def _is_listed(address: str) -> bool:
    try:
        visitor = ip_address(address)
    except ValueError:
        return False
    return any(visitor in ip_network(one, strict=False) for one in settings.METRICS_ADDRESSES)


def exposition(at: datetime) -> str:
    found = readings(at)
    lines = [line for probe, reading in found for line in _samples(probe, reading)]
    lines += ["# HELP portal_state 0 in order, 1 look at it, 2 act", "# TYPE portal_state gauge"]
    lines += [f'portal_state{{probe="{probe.key}"}} {LEVELS[reading.state]}' for probe, reading in found]
    return "\n".join(lines) + "\n"


def _samples(probe: Probe, reading: Reading) -> Iterator[str]:
    label = f'{{is="{_escaped(reading.label)}"}}' if reading.label else ""
    yield f"# HELP {probe.metric} {probe.title}"
    yield f"# TYPE {probe.metric} gauge"
    yield f"{probe.metric}{label} {_number(reading.value)}"


def _number(value: float) -> str:
    return "NaN" if value != value else f"{value:.15g}"  # noqa: PLR0124 -- only NaN is not itself


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
