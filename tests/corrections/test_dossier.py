"""What a correction adds to its dossier."""

import pytest

from tests.cases.dossier.taking import pages_of, take
from tests.corrections.conftest import REASON

pytestmark = pytest.mark.django_db


def test_what_it_rests_on_stands_in_it(filed, clerk):
    pages = pages_of(take(filed, clerk))
    assert "更正哪一版 第 1 版名单" in pages["更正的依据"]
    assert "依据（不公开） 核对了公布的原件" in pages["更正的依据"]
    assert f"哪里有误 {REASON}" in pages["提交的内容"]


def test_other_kinds_of_case_have_no_such_part(submitted_case, clerk):
    assert "更正的依据" not in pages_of(take(submitted_case, clerk))
