"""What would come out differently under another version: shown beforehand, and nothing is saved."""

import pytest

from accounts import roles
from tests.cases.preview.versions import days
from tests.conftest import office
from tests.rulebooks import load_next


@pytest.fixture
def editor(programme):
    return office("editor", "钱编辑", roles.RULEBOOK_EDITOR, programme)


@pytest.fixture
def draft_version(programme, tmp_path):
    return load_next(tmp_path, days(7), standing="draft")
