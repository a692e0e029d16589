"""What is put in writing of a measure: in the text's own words, with what was found and the articles, and nothing of our own names."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases import engine, sweep
from cases import steps as case_steps
from cases.errors import Refused
from cases.models import Case
from cities.models import Ground, Procedure, Programme
from cities.queries import procedure_in_force
from clearance import steps
from notices import issuing, loading, pdf, queries
from notices.models import Notice
from providers import wording
from providers.models import Registration, Removal
from records import files
from records.models import Event
from tests.clearance.conftest import GUANGZHOU, OVER, begun, filed, ordered, served
from tests.conftest import NOW, at
from tests.rulebooks import load_other

FIXTURES = Path(__file__).parents[2] / "fixtures"
PAPER = (FIXTURES / "rehearsals/paper.pdf").read_bytes()


@pytest.fixture
def wordings(programme: Programme) -> None:
    loading.load(FIXTURES / f"notices/{programme.slug}.yaml", at=NOW)


def left(registration: Registration, provider: Any, decider: Any) -> Case:
    """By its own wish, by Dongguan's rows."""
    procedure = procedure_in_force(registration.programme, "exit", NOW)
    assert procedure is not None
    case = case_steps.draft(procedure, registration, by=provider, at=NOW)
    steps.save_exit(case, facts="我公司业务调整", acknowledged=True, at=NOW)
    [row] = procedure.materials.all()
    upload = SimpleUploadedFile("request.pdf", PAPER, "application/pdf")
    stored = files.store(upload, **row.file_limits, by=provider, at=NOW)
    case_steps.add_material(case, row.key, stored, by=provider, at=NOW)
    case = case_steps.submit(engine.load(case.pk), by=provider, at=NOW)
    for material in case.materials.all():
        case_steps.verify_seal(material, by=decider, at=NOW)
    case_steps.decide(case, "clear", by=decider, at=NOW, opinion="是单位的真实意思")
    sweep.sweep(NOW)
    return engine.load(case.pk)


def test_who_leaves_by_his_own_wish_is_not_told_of_as_removed(
    registration: Any, wordings: None, provider: Any, decider: Any
) -> None:
    case = left(registration, provider, decider)

    own, notice = Notice.objects.filter(edition=case.edition).order_by("ordinal")
    assert (notice.kind, notice.is_public) == ("leaving", True)
    assert "自愿退出" in notice.body
    assert "第十条（一）" in notice.body
    assert (own.kind, own.is_public, own.addressees) == ("leaving_notice", False, str(case.organisation))
    assert "同意你单位退出" in own.body
    assert "你单位不得再次申请成为牵引单位（第十条）" in own.body
    assert "对本决定有意见的，可以向" in own.body
    said = [
        notice.title,
        notice.body,
        own.title,
        own.body,
        *Event.objects.filter(case=case).values_list("summary", flat=True),
    ]
    assert [one for one in said if "清退" in one or "发现情形" in one or "我公司" in one] == []
    assert wording.left(Removal.objects.get()) == "退出名单"
    letter = case.letters.get(kind="clearance_left")
    assert "按您单位的申请" in letter.body
    assert "不得再次申请成为牵引单位（第十条）" in letter.body
    assert "清退" not in letter.body
    assert "对本决定有意见的，可以向" in letter.body


def test_public_reads_what_was_found_and_where_the_text_says_so(
    registration: Any, wordings: None, clerk: Any, decider: Any
) -> None:
    """Not what the ground is called here, which nobody has decided."""
    Ground.objects.filter(key="ground_other").update(label="其他，须写明理由")
    case = filed(registration, clerk, "ground_other")
    case_steps.decide(case, "clear", by=decider, at=NOW, opinion="属实")
    sweep.sweep(NOW)

    own, notice = Notice.objects.order_by("ordinal")
    assert "有以下情形（第十条（六））：经核对，所附的合同并不存在。" in notice.body
    assert "须写明理由" not in notice.body
    assert "你单位" not in notice.body
    assert own.addressees == registration.organisation.name
    assert "你单位存在以下情形：其他，须写明理由（第十条（六））。" in own.body
    assert "对你单位予以清退" in own.body
    assert "你单位名下的合作伙伴、产品和服务目录同时停止" in own.body
    assert wording.left(Removal.objects.get()) == "被清退"


@pytest.mark.parametrize("said", ["你单位的合同并不存在", "贵公司没有合同"])
def test_reader_is_not_addressed_in_what_others_read_too(registration: Any, clerk: Any, said: str) -> None:
    case = begun(registration, clerk, "ground_fraud")
    steps.save(case, facts=said, demands="", afterwards="", at=NOW)
    with pytest.raises(Refused) as refused:
        case_steps.submit(engine.load(case.pk), by=clerk, at=NOW)
    assert f"不称“{said[:3]}”，写单位名称" in refused.value.problems[0].message


class TestGuangzhou:
    @pytest.fixture
    def programme(self, calendar: None) -> Programme:
        return load_other(GUANGZHOU)

    @pytest.fixture
    def cancelled(self, registration: Any, wordings: None, clerk: Any, decider: Any) -> Case:
        """The order was not carried out, and the office cancels."""
        served(ordered(registration, clerk, decider), clerk)
        sweep.sweep(OVER)
        case = filed(registration, clerk, "rectification_overdue", at=at("2026-10-09 09:00"))
        case_steps.decide(case, "cancel", by=decider, at=at("2026-10-09 10:00"), opinion="没有完成")
        return engine.load(case.pk)

    def test_cancelling_is_no_clearing_and_goes_on_from_the_order(self, cancelled: Case) -> None:
        assert wording.left(Removal.objects.get()) == "被取消资格"

        [criticism, disqualification] = Notice.objects.order_by("decided_at")
        assert (criticism.kind, disqualification.kind) == ("criticism", "disqualification_notice")
        for one in (criticism, disqualification):
            assert (one.is_public, one.addressees) == (False, str(cancelled.organisation))
            assert "你单位" in one.body
        for one in (criticism, disqualification):
            issuing._put(one, pdf.Made(f"%PDF-1.7 {one.code}".encode(), []), NOW)
        [link] = queries.earlier(disqualification)
        assert link.earlier == criticism
        assert [one.notice for one in queries.followers(criticism)] == [disqualification]

    def test_public_is_not_told_the_title_of_what_was_served_on_the_unit(
        self, registration: Any, wordings: None, clerk: Any, decider: Any
    ) -> None:
        served(ordered(registration, clerk, decider), clerk)
        sweep.sweep(OVER)
        case = filed(registration, clerk, "rectification_overdue", at=at("2026-10-09 09:00"))
        with engine.locked(case.pk) as (fresh, _):
            steps.choose_announcement(fresh, True, why="分管领导决定", by=decider, at=at("2026-10-09 09:30"))
        case_steps.decide(case, "cancel", by=decider, at=at("2026-10-09 10:00"), opinion="没有完成")

        [criticism, own, disqualification] = Notice.objects.order_by("decided_at", "ordinal")
        assert [criticism.is_public, own.is_public, disqualification.is_public] == [False, False, True]
        assert criticism.title not in disqualification.body
        assert criticism.title in own.body


@pytest.mark.parametrize(("announcement", "is_told"), [("named", False), ("required", True)])
def test_row_says_whether_the_public_is_told_the_reason(
    registration: Any, wordings: None, clerk: Any, decider: Any, announcement: str, is_told: bool
) -> None:
    Procedure.objects.filter(key="clearance").update(announcement=announcement)
    case = filed(registration, clerk, "ground_fraud")
    case_steps.decide(case, "clear", by=decider, at=NOW, opinion="属实")
    sweep.sweep(NOW)

    own, notice = Notice.objects.order_by("ordinal")
    assert notice.is_public
    assert ("所附的合同并不存在" in notice.body) is is_told
    assert "所附的合同并不存在" in own.body
    assert registration.organisation.name in notice.body
