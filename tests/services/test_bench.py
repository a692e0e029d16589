"""Measurements are not part of the checks; that their command is understood is."""

import subprocess
import sys

import pytest

from tests.servers import ROOT, clean_environment

pytestmark = pytest.mark.services


def test_part_that_there_is_not_is_refused():
    command = [sys.executable, "-m", "bench", "sweeps"]
    variables = clean_environment(DJANGO_SETTINGS_MODULE="portal.settings")

    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "no such part: sweeps" in done.stderr
