"""How the tests are shared out when there is more than one process."""

import re
from collections.abc import Iterable

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

# These start sites, workers and servers of their own, on one database and one Redis.
SERVERS = (
    "tests/portal/test_compose.py",
    "tests/portal/test_run.py",
    "tests/services/test_request_ids.py",
    "tests/services/test_survival.py",
    "tests/services/test_worker.py",
)


# The same on every database: what a file of rows holds and how it is told, and what starts a site of its own.
ROWS = (
    "tests/changes/test_operations_allowed.py",
    "tests/changes/test_partner_materials.py",
    "tests/cities/test_attach_text.py",
    "tests/cities/test_comparison.py",
    "tests/cities/test_coverage.py",
    "tests/cities/test_deadline_command.py",
    "tests/cities/test_dongguan.py",
    "tests/cities/test_interpretations.py",
    "tests/cities/test_load_rulebook.py",
    "tests/cities/test_readings.py",
    "tests/cities/test_traps",
    "tests/cities/test_ways.py",
    "tests/portal/backups/test_restoring.py",
    "tests/portal/rehearsals/",
    "tests/portal/test_clock_command.py",
    "tests/portal/test_invented_programmes.py",
    "tests/portal/test_run.py",
    "tests/portal/test_secrecy.py",
)
# What pages say and do. That each can be opened, by everybody, is asked on both databases (tests/portal/test_doors.py).
PAGES = re.compile(
    r"tests/\w+/test_(views|pages|inbox|my|drafts|rules_page|preview|\w+_pages|admin|\w+_admin)\.py"
)


def mark_once(items: Iterable[pytest.Item]) -> None:
    """But for what is for the servers alone."""
    for item in items:
        is_once = item.nodeid.startswith(ROWS) or PAGES.match(item.nodeid)
        if is_once and not item.get_closest_marker("services"):
            item.add_marker(pytest.mark.once)


class OneProcessForServers(LoadScopeScheduling):
    """Each test to whichever process is free; those with servers one after another in the same one, begun first."""

    def _split_scope(self, nodeid: str) -> str:
        return "servers" if nodeid.startswith(SERVERS) else nodeid
