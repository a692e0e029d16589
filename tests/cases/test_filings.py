"""What is filed again after it was sent back: which filing the page shows, and what differs."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cases import engine, filings, steps
from cases.models import Case
from changes import steps as change_steps
from records import files
from tests.conftest import NOW, PDF, at

AGAIN = at("2026-09-24 11:00")


@pytest.fixture
def returned_case(submitted_case: Case, clerk: User) -> Case:
    steps.decide(
        submitted_case, "return", by=clerk, at=NOW, opinion="写具体", named_day=at("2026-09-30").date()
    )
    return engine.load(submitted_case.pk)


def replace_sheet(case: Case, by: User) -> None:
    material = case.materials.filter(replaced_at=None).order_by("key").first()
    assert material is not None
    upload = SimpleUploadedFile("新的.pdf", PDF + b"\n", "application/pdf")
    stored = files.store(upload, kinds=["pdf"], max_megabytes=20, by=by, at=AGAIN)
    steps.add_material(case, material.key, stored, by=by, at=AGAIN, subject=material.subject)


def page(client: Client, user: User, case: Case) -> str:
    client.force_login(user)
    return client.get(reverse("admin:cases_case_change", args=[case.pk])).text


def test_filing_first_has_nothing_beside_it(client: Client, clerk: User, submitted_case: Case) -> None:
    assert [one.differs for one in filings.filings(submitted_case)] == [()]
    assert "补正后" not in page(client, clerk, submitted_case)


def test_filing_again_is_what_the_page_shows(
    client: Client, clerk: User, provider: User, returned_case: Case
) -> None:
    change_steps.save(returned_case, reason="补充视觉能力", explanation="", truthful=True, at=AGAIN)
    replace_sheet(returned_case, provider)
    case = steps.submit(returned_case, by=provider, at=AGAIN)
    said = page(client, clerk, case)
    assert "9月24日 11:00 补正后再次提交的内容" in said
    assert "第一次：陈办事" in said
    assert "这次补正改了什么" in said
    last = filings.filings(case)[-1]
    assert last.at == AGAIN
    assert dict(last.differs)["变更原因"] == "补充能力"
    assert len(last.differs) == 2


def test_filing_again_unchanged_is_said(
    client: Client, clerk: User, provider: User, returned_case: Case
) -> None:
    case: Any = steps.submit(returned_case, by=provider, at=AGAIN)
    assert "与退回以前提交的一样，内容和材料没有改动" in page(client, clerk, case)
    assert case.events.first().summary == "补正后再次提交，内容和材料没有改动"
