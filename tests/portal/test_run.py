"""`make run`, the way a newcomer meets it."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers import ROOT, Running, clean_environment, free_port, running, status_of

READY = "Ctrl-C stops the site."


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> dict[str, str]:
    """The variables of a site that was started once and stopped with Ctrl-C, and what that told."""
    folder = tmp_path_factory.mktemp("site")
    variables = clean_environment(PORTAL_VAR=str(folder / "var"), PORT=str(free_port()))
    with running(["scripts/run"], variables, folder / "log") as first:
        first.wait_for(READY, 120)
        assert first.stop(signal.SIGINT) == 0
    return variables


def refused(**variables: str) -> str:
    done = subprocess.run(
        ["scripts/run"],
        cwd=ROOT,
        env=clean_environment(**variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    return done.stderr.strip()


def children(of: Running) -> dict[str, int]:
    """Process ids of web, worker and beat."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            parent = re.search(r"^PPid:\t(\d+)", (folder / "status").read_text(), re.MULTILINE)
        except OSError:
            continue
        if parent and int(parent[1]) == of.process.pid:
            for word, name in ((b"gunicorn", "web"), (b"worker", "worker"), (b"beat", "beat")):
                if any(part.endswith(word) for part in words):
                    found[name] = int(folder.name)
    return found


def is_running(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_site_that_is_started_again_from_its_start_to_its_end(site, tmp_path):
    """One start for what each start should do: a start is what takes long here."""
    accounts = Path(site["PORTAL_VAR"]) / "demo-accounts.txt"
    before, began = accounts.read_text(), time.monotonic()

    with running(["scripts/run"], site, tmp_path / "log") as here:
        here.wait_for(READY, 60)

        assert time.monotonic() - began < 15
        assert accounts.read_text() == before
        assert_it_says_where_and_who(here, site, before)
        assert_a_second_at_once_is_refused(site)
        assert_ctrl_c_stops_everything(here)


def assert_it_says_where_and_who(here: Running, site: dict[str, str], accounts: str) -> None:
    address = f"http://127.0.0.1:{site['PORT']}/"
    assert address in here.output
    assert [line for line in accounts.splitlines() if line.strip() not in here.output] == []
    assert status_of(address) == 200, here.output


def assert_a_second_at_once_is_refused(site: dict[str, str]) -> None:
    told = refused(PORTAL_VAR=site["PORTAL_VAR"], PORT=str(free_port()))
    assert told.splitlines()[0].startswith("The site is already running")


def assert_ctrl_c_stops_everything(here: Running) -> None:
    processes = children(here)
    assert sorted(processes) == ["beat", "web", "worker"]
    assert here.stop(signal.SIGINT) == 0
    assert [pid for pid in processes.values() if is_running(pid)] == []


def test_demonstration_accounts_are_for_this_user_only(site):
    accounts = Path(site["PORTAL_VAR"]) / "demo-accounts.txt"

    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_run_when_one_process_dies_stops_the_others(site, tmp_path, name):
    with running(["scripts/run"], site, tmp_path / "log") as here:
        here.wait_for(READY, 60)
        processes = children(here)
        os.kill(processes[name], signal.SIGKILL)

        assert here.process.wait(20) == 1
        assert f"{name} ended" in here.output
        assert [pid for pid in processes.values() if is_running(pid)] == []


def test_run_on_a_taken_port_names_another(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        assert refused(PORTAL_VAR=str(tmp_path), PORT=str(port)).splitlines() == [
            f"Port {port} is taken or not allowed. Choose another: PORT=8001 make run",
            f"端口 {port} 被占用或不允许使用。换一个：PORT=8001 make run",
        ]


@pytest.mark.parametrize("port", ["http", "0", "70000"])
def test_run_on_what_is_no_port(tmp_path, port):
    assert (
        refused(PORTAL_VAR=str(tmp_path), PORT=port).splitlines()[0]
        == f"PORT={port} is not a port number (1 to 65535)."
    )


def test_run_where_it_cannot_write(tmp_path):
    (tmp_path / "file").write_text("")

    told = refused(PORTAL_VAR=str(tmp_path / "file" / "var"))
    assert told.splitlines()[0].startswith(f"The folder {tmp_path}/file/var cannot be written to.")


def test_run_with_the_settings_of_a_city(tmp_path):
    told = refused(PORTAL_VAR=str(tmp_path), PORTAL_PRODUCTION="true")

    assert told.splitlines()[0].startswith("PORTAL_PRODUCTION is set, and this starts the demonstration site")


def test_run_without_a_python_that_is_new_enough(tmp_path):
    assert (
        refused(PORTAL_VAR=str(tmp_path), PYTHON="false")
        .splitlines()[0]
        .startswith("Python 3.11 or newer is needed")
    )


def test_setup_without_the_system_packages_names_them(tmp_path):
    """A machine whose Python lacks venv, for a user who cannot install anything."""
    python = stand_in(
        tmp_path / "python3",
        f'case "$*" in *ensurepip*) exit 1;; esac; exec {sys.executable} "$@"',
    )
    stand_in(tmp_path / "id", "echo 1000")
    stand_in(tmp_path / "sudo", "exit 1")
    variables = clean_environment(PYTHON=str(python))
    variables["PATH"] = f"{tmp_path}{os.pathsep}{variables['PATH']}"

    done = subprocess.run(
        ["scripts/setup", "base"],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 1
    assert "As root: apt-get install python3-venv" in done.stderr
    assert "用 root 运行：apt-get install python3-venv" in done.stderr


def test_make_lists_every_target():
    makefile = (ROOT / "Makefile").read_text()
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert re.findall(r"^  make (\w+)", listed, re.MULTILINE) == re.findall(
        r"^(\w+):", makefile, re.MULTILINE
    )


@pytest.mark.parametrize(
    "path", [".ci/run", *(f"scripts/{p.name}" for p in (ROOT / "scripts").iterdir() if p.suffix == "")]
)
def test_script_can_be_run(path):
    assert os.access(ROOT / path, os.X_OK)
    assert subprocess.run(["bash", "-n", path], cwd=ROOT, check=False).returncode == 0


def stand_in(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path
