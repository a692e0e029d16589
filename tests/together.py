"""How the tests are shared out when there is more than one process."""

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

# These start sites, workers and servers of their own, on one database and one Redis.
SERVERS = (
    "tests/portal/test_compose.py",
    "tests/portal/test_run.py",
    "tests/services/test_survival.py",
    "tests/services/test_worker.py",
)


class OneProcessForServers(LoadScopeScheduling):
    """Each test to whichever process is free; those with servers one after another in the same one, begun first."""

    def _split_scope(self, nodeid: str) -> str:
        return "servers" if nodeid.startswith(SERVERS) else nodeid
