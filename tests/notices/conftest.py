from pathlib import Path
from typing import Any

import pytest

from accounts import roles
from accounts.models import User
from notices import issuing, loading, pdf, templates
from notices.models import Notice, NoticeTemplate
from notices.wording import Words
from tests.conftest import NOW, at, office

FILE = Path(__file__).parents[2] / "fixtures/notices/dongguan-lead-units.yaml"
PUBLISHED = at("2026-10-04 00:00")


@pytest.fixture
def wordings(programme: Any) -> loading.Loaded:
    return loading.load(FILE, at=NOW)


@pytest.fixture
def plain_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Files of a few bytes, where it does not matter what is in them; the codes of those that were made."""
    made: list[str] = []

    def render(notice: Notice) -> Any:
        made.append(notice.code)
        return pdf.Made(f"%PDF-1.7 {notice.code}".encode(), [])

    monkeypatch.setattr(pdf, "render", render)
    return made


@pytest.fixture
def signer(programme: Any) -> User:
    return office("signer", "钱签发", roles.NOTICE_ISSUER, programme)


SAID = Words("关于试验的公告", "", "正文。")


def issued(programme: Any, **facts: Any) -> Notice:
    """One that is out, in a programme that may have had no wordings so far."""
    loading.load(FILE, at=NOW)
    template = templates.in_force(programme, "change")
    assert template is not None
    notice = issuing.issue(template, SAID, by=None, at=NOW, **facts)
    issuing._put(notice, pdf.Made(b"%PDF-1.7", []), NOW)
    notice.refresh_from_db()
    return notice


@pytest.fixture
def template(wordings: Any, programme: Any) -> NoticeTemplate:
    found = templates.in_force(programme, "change")
    assert found is not None
    return found
