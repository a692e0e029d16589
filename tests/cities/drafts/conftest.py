"""A version copied to a draft, the draft edited row by row, checked, compared, replaced by a file or given up."""

from typing import Any

import pytest
from django.test import Client

from accounts import roles
from accounts.models import User
from cities.models import Rulebook
from cities.rulebooks import copying
from cities.rulebooks.load import load
from tests.cities.drafts.pages import AT, held, signed_in
from tests.cities.rulebook_files import write


@pytest.fixture(autouse=True)
def now(stopped_clock: Any) -> None:
    stopped_clock(AT)


@pytest.fixture
def rulebook(tmp_path: Any) -> Rulebook:
    return load([write(tmp_path)], at=AT)[0].rulebook


@pytest.fixture
def editor(rulebook: Rulebook) -> User:
    return held("editor", roles.RULEBOOK_EDITOR, rulebook)


@pytest.fixture
def draft(rulebook: Rulebook, editor: User) -> Rulebook:
    return copying.copy_to_draft(rulebook, change="amendment", reason="示例文〔2026〕3号", by=editor, at=AT)


@pytest.fixture
def desk(editor: User) -> Client:
    return signed_in(editor)
