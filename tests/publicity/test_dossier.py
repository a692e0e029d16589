"""What publicity adds to a dossier: its days, what was shown, what was objected, and nowhere who it was."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Case
from publicity import dossier, steps
from publicity.models import PublicityItem
from records import files
from tests.cases.dossier.taking import files_of, pages_of, take
from tests.conftest import PARTNERS, PDF, at
from tests.publicity.conftest import CONTACT, OBJECTOR, settle, what

pytestmark = pytest.mark.django_db

DAY = at("2026-09-30 10:00")


@pytest.fixture
def lodge(item):
    def lodged(**other):
        return steps.lodge(item, at=DAY, **what(**other))

    return lodged


def test_period_stands_with_its_days_and_what_was_shown(item, clerk):
    said = pages_of(take(item.case, clerk))["公示"]
    assert item.period.number in said
    assert "2026年9月29日 至 2026年10月3日 24:00" in said
    assert "2026年10月3日 周六 第 5 天" in said
    assert f"新增 {PARTNERS['fresh'][1]}" in said


def test_period_that_was_taken_down_says_why(item, clerk):
    steps.take_down(item.period, by=clerk, at=DAY, reason="内容有误")
    assert "撤下 2026年9月30日 10:00:00，林经办：内容有误" in pages_of(take(item.case, clerk))["公示"]


def test_objection_stands_with_its_words_and_how_it_was_handled(item, lodge, clerk, decider):
    objection = lodge()
    settle(objection, upheld=False, conclusion="经核实仍在经营", by=clerk, at=DAY)
    said = pages_of(take(item.case, clerk, at=DAY))["异议"]
    assert objection.receipt in said
    assert "该企业 2026年8月 已停止经营" in said
    assert "经核实仍在经营" in said
    assert "不成立" in said


def test_objector_is_nowhere_in_it(item, lodge, clerk):
    upload = SimpleUploadedFile(f"{OBJECTOR}的证据.pdf", PDF)
    evidence = files.store(upload, kinds=["pdf"], max_megabytes=1, by=None, at=DAY)
    more = {"employer": "示例旁观有限公司", "address": "示例路 9 号", "contact_person": "李联系"}
    objection = lodge(
        matter=f"本人{OBJECTOR}（{CONTACT}）实名反映：已停止经营", files=[("evidence", evidence)], **more
    )
    steps.note_opening(objection, by=clerk, at=DAY)
    case = Case.objects.get(pk=item.case_id)
    for name, body in files_of(take(case, clerk, at=DAY)).items():
        text = name + body.decode(errors="ignore")
        assert not [told for told in (OBJECTOR, CONTACT, *more.values()) if told in text], name
        assert "138****1111" not in text
    said = pages_of(take(case, clerk, at=DAY))
    assert dossier.WITHHELD in said["异议"]
    assert evidence.sha256 in said["异议"]
    assert f"查看异议 {objection.receipt} 的提出人和材料" in said["查阅记录"]
    assert "查看异议" not in said["经过"]


def test_case_that_was_never_shown_has_neither(submitted_case, clerk):
    assert not PublicityItem.objects.exists()
    assert not {"公示", "异议"} & pages_of(take(submitted_case, clerk)).keys()
