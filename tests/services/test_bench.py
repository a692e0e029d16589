"""Measurements are not part of the checks; that their command is understood and what they ask is answered is."""

import subprocess
import sys
from typing import Any

import pytest

from bench import growth, pages, rules
from tests.servers import ROOT, clean_environment


@pytest.mark.services
def test_part_that_there_is_not_is_refused():
    command = [sys.executable, "-m", "bench", "sweeps"]
    variables = clean_environment(DJANGO_SETTINGS_MODULE="portal.settings")

    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "no such part: sweeps" in done.stderr


@pytest.mark.django_db
def test_what_is_measured_is_answered(programme: Any, clerk: Any, submitted_case: Any, settings: Any):
    settings.ROOT_URLCONF = "bench.urls"
    grown = growth.Grown(programme, clerk, submitted_case, submitted_case.submitted_at)
    for ask in (pages._asked(grown, 1) | rules._asked()).values():
        ask()
