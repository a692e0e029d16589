import re
from pathlib import Path

import pytest

from tests.servers import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_names_no_registry(lock: Path):
    assert re.findall(r"\w+://\S+|^--?\w.*", lock.read_text(), re.MULTILINE) == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_pins_every_package_with_hashes(lock: Path):
    entries = re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n?", "", lock.read_text(), flags=re.MULTILINE).strip())

    assert [
        entry for entry in entries if not re.match(r"\S+==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", entry)
    ] == []


def test_every_requirement_has_a_lock():
    assert [lock.stem for lock in LOCKS] == sorted(path.stem for path in (ROOT / "requirements").glob("*.in"))
