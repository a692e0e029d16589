"""What documents add to the dossier of a case: each of its own, and none of another's."""

import pytest

from cases import steps, sweep
from cases.models import Case
from notices import acts, issuing
from notices.models import Notice
from publicity import steps as publicity_steps
from records import files
from tests.cases.dossier.taking import files_of, pages_of, take
from tests.conftest import NOW, at
from tests.notices.conftest import PUBLISHED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wordings", "plain_files")]

OPENED = at("2026-09-28 10:00")


@pytest.fixture
def announced(approved_case, clerk):
    """A publicity of it was announced, and the document is out."""
    publicity_steps.open_period(approved_case, by=clerk, at=OPENED)
    issuing.carry_out(OPENED)
    return Case.objects.get(pk=approved_case.pk)


def test_document_is_there_with_its_number_its_words_and_its_file(announced, clerk):
    [notice] = Notice.objects.all()
    dossier = take(announced, clerk)
    said = pages_of(dossier)["公文"]
    assert notice.number in said
    assert notice.code in said
    assert notice.body.splitlines()[0] in said
    [body] = [body for name, body in files_of(dossier).items() if name.startswith("公文/")]
    assert body == f"%PDF-1.7 {notice.code}".encode()


def test_every_document_up_to_the_list_is_there(announced, clerk):
    sweep.sweep(PUBLISHED)
    issuing.carry_out(PUBLISHED)
    kinds = {notice.kind for notice in Notice.objects.all()}
    assert len(kinds) == 2
    dossier = take(Case.objects.get(pk=announced.pk), clerk)
    assert len([name for name in files_of(dossier) if name.startswith("公文/")]) == 2


def test_scan_of_the_sealed_copy_is_beside_it(announced, clerk):
    [notice] = Notice.objects.all()
    notice.sealed = files.keep_made(
        b"%PDF-1.7 sealed", name="盖章件.pdf", media_type="application/pdf", at=NOW
    )
    notice.save()
    assert b"%PDF-1.7 sealed" in files_of(take(announced, clerk)).values()


def test_withdrawn_document_says_why(announced, clerk):
    [notice] = Notice.objects.all()
    acts.withdraw_for(notice, reason="写错了日期", by=clerk, at=OPENED)
    assert "写错了日期" in pages_of(take(announced, clerk))["公文"]


def test_document_of_another_case_is_not(announced, apply, second, clerk, provider):
    other = steps.submit(apply(second, clerk, channel="paper", received_on=NOW.date()), by=clerk, at=NOW)
    assert "公文" not in pages_of(take(other, clerk))
