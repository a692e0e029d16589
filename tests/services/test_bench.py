"""The measurements run: a small one of the sweep, which no page needs and nothing else would miss."""

import os
import subprocess
import sys

import pytest

from tests.servers import ROOT, clean_environment

pytestmark = pytest.mark.services


def test_sweep_is_measured_against_bare_sql(tmp_path):
    variables = clean_environment(
        TEST_DATABASE_URL=os.environ["DATABASE_URL"],
        DJANGO_SETTINGS_MODULE="portal.settings",
        PORTAL_VAR=str(tmp_path),
    )
    command = [sys.executable, "-m", "bench", "sweep", "--due", "2", "4"]

    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines() if line.strip().startswith(("2 ", "4 "))]
    assert [(row[0], row[-1]) for row in rows] == [("2", "×"), ("4", "×")]
    assert "statements a case" in done.stdout


def test_part_that_there_is_not_is_refused():
    command = [sys.executable, "-m", "bench", "sweeps"]
    variables = clean_environment(DJANGO_SETTINGS_MODULE="portal.settings")

    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "no such part: sweeps" in done.stderr
