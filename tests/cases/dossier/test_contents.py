"""What a dossier says: all of the case, as it was at each moment."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import deadlines, engine, steps
from cases.dossier import Asked, Part, Place, Text, parts
from cases.materials import note_opening
from cases.models import DeadlineChange
from changes import steps as change_steps
from cities import decisions
from records import events, files
from records.trail import sealing
from tests.cases.dossier.taking import ARCHIVE, pages_of, take, titles
from tests.cases.keeping import decide
from tests.conftest import NOW, PARTNERS, PDF, UNITS, at

pytestmark = pytest.mark.django_db

LATER = at("2026-09-18 09:00")


@pytest.fixture
def filed_again(stopped_clock, submitted_case, clerk, provider):
    """Sent back, and filed again a day later with another reason."""
    steps.decide(
        submitted_case,
        "return",
        by=clerk,
        at=NOW + timedelta(hours=1),
        opinion="理由不具体",
        named_day=LATER.date(),
    )
    case = engine.load(submitted_case.pk)
    stopped_clock(LATER)
    change_steps.save(case, reason="第二次写的原因", explanation="", truthful=True, at=LATER)
    return steps.submit(engine.load(case.pk), by=provider, at=LATER)


def test_every_part_stands_in_its_order(case_in_publicity, clerk):
    assert titles(case_in_publicity, clerk) == [
        *("事项", "提交的内容", "材料", "查验", "办理意见", "期限", "公示", "信件"),
        *("适用规则 第 1 版", "经过", "查阅记录"),
    ]


def test_part_of_an_app_above_stands_where_it_said(submitted_case, clerk, monkeypatch):
    monkeypatch.setattr(parts, "_sources", list(parts._sources))
    parts.register(Place.COURSE, lambda case, asked: [Part("送达", [Text("电话 13800138000 通知")])])
    found = titles(submitted_case, clerk)
    assert (
        found.index("办理意见" if "办理意见" in found else "查验") < found.index("送达") < found.index("信件")
    )
    assert "138****8000 通知" in pages_of(take(submitted_case, clerk))["送达"]


def test_each_filing_stands_as_it_was_filed(filed_again, clerk):
    said = pages_of(take(filed_again, clerk, at=LATER))["提交的内容"]
    first, second = said.split("第 2 次提交（补正后）")
    assert "变更原因 补充能力" in first
    assert "第二次写的原因" not in first
    assert "变更原因 第二次写的原因" in second
    assert f"新增 {PARTNERS['fresh'][1]}" in second
    assert "变更原因 补充能力" in second  # what it was before


def test_checks_stand_as_they_were_found_at_each_moment(submitted_case, clerk):
    run = submitted_case.check_runs.get(purpose="state")
    run.checks[0]["message"], run.checks[0]["passed"] = "当时查到的", False
    run.save()
    said = pages_of(take(submitted_case, clerk))["查验"]
    assert "提交：状态查验" in said
    assert f"{run.checks[0]['title']} 不符合 当时查到的" in said


def test_decisions_and_consents_stand_with_who_and_why(approved_case, clerk, decider):
    limit = approved_case.rulebook.limits.order_by("pk")[0]
    approved_case.waivers.create(
        limit=limit, check_key="x", value=3, value_text="3 家", reason="补链需要", by=decider, at=NOW
    )
    said = pages_of(take(approved_case, clerk))["办理意见"]
    assert "林经办 材料齐全" in said
    assert "何审定 同意" in said
    assert "3 家 何审定 补链需要" in said


def test_deadline_stands_day_by_day_with_its_ledger(case_in_publicity, clerk):
    deadlines.hold_deadline(
        case_in_publicity, by=clerk, at=at("2026-09-30 09:00"), reason="核实情况", article="第十五条"
    )
    said = pages_of(take(case_in_publicity, clerk, at=at("2026-09-30 10:00")))["期限"]
    assert "2026年9月29日 周二 第 1 天" in said
    assert "2026年10月1日 周四 第 3 天 节假日，国庆节，照计" in said
    assert "2026年10月3日 周六 第 5 天" in said
    assert "核实情况" in said
    assert DeadlineChange.objects.get().reason in said


def test_rules_stand_as_this_version_has_them(submitted_case, clerk):
    stage = submitted_case.procedure.stages.get(key="publicity")
    assert "公示：5 个自然日" in pages_of(take(submitted_case, clerk))["适用规则 第 1 版"]
    type(stage).objects.filter(pk=stage.pk).update(span_number=9)
    assert "公示：9 个自然日" in pages_of(take(submitted_case, clerk))["适用规则 第 1 版"]


def test_office_decision_stands_once_it_binds_and_not_after_the_case_has_ended(
    submitted_case, clerk, programme
):
    limit = submitted_case.rulebook.limits.filter(procedure_key__in=["", submitted_case.procedure.key])[0]
    question = limit.interpretations[0]["question"]
    matter = next(one for one in decisions.matters(submitted_case.rulebook, NOW) if one.name == question)
    made = decisions.propose(
        programme,
        matter,
        value={},
        wording="照平台的理解",
        basis="示例纪要第 7 号",
        decided_on=NOW.date(),
        effective_from=NOW.date(),
        by=clerk,
        at=LATER,
    )
    decisions.confirm(made, by=submitted_case.submitted_by, at=LATER)
    assert "示例纪要第 7 号" in pages_of(take(submitted_case, clerk, at=LATER))["适用规则 第 1 版"]
    submitted_case.status, submitted_case.closed_at = "closed", NOW
    submitted_case.save()
    assert "示例纪要第 7 号" not in pages_of(take(submitted_case, clerk, at=LATER))["适用规则 第 1 版"]


def test_decision_about_something_else_stays_out(submitted_case, clerk, programme):
    decide(programme, 30)
    assert "保存多少天" not in pages_of(take(submitted_case, clerk))["适用规则 第 1 版"]


def test_timeline_says_who_in_the_offices_terms(approved_case, clerk):
    said = pages_of(take(approved_case, clerk))["经过"]
    assert "单位管理员 陈办事 提交" in said
    assert "经办人 林经办 经办审核" in said
    assert "审定人 何审定 审定" in said


def test_who_saw_what_stands_in_the_access_log_alone(submitted_case, clerk, auditor):
    note_opening(submitted_case, submitted_case.materials.order_by("pk")[0], by=clerk, at=NOW)
    take(submitted_case, auditor, at=NOW + timedelta(minutes=1))
    pages = pages_of(take(submitted_case, clerk, at=NOW + timedelta(minutes=2)))
    log = pages["查阅记录"]
    assert "经办人 林经办 打开材料" in log
    assert "审计 苏审计 导出案卷" in log
    assert log.index("审计 苏审计") < log.index("本次 2026年9月17日 10:34:00 经办人 林经办 导出案卷")
    assert "打开材料" not in pages["经过"]


def test_name_that_was_erased_stays_a_number(submitted_case, clerk, provider):
    events.erase_name(provider, at=NOW, by=clerk, reason="依法删除")
    said = pages_of(take(submitted_case, clerk))["经过"]
    assert f"{provider.pk} 号账号（姓名已按规定去掉）" in said


def test_numbers_of_persons_are_masked(submitted_case, clerk):
    case = submitted_case
    case.submission["reason"] = "联系 13800138000，身份证 11010519491231002X"
    case.save()
    dossier = take(case, clerk)
    assert "联系 138****8000，身份证 ***" in pages_of(dossier)["提交的内容"]
    assert UNITS["first"][0] in pages_of(dossier)["事项"]


def test_manifest_names_the_last_sealed_block(submitted_case, clerk):
    assert "还没有封存过" in pages_of(take(submitted_case, clerk))["清单"]
    sealing.seal(NOW)
    block = sealing.last_block()
    assert block.digest in pages_of(take(submitted_case, clerk))["清单"]


def test_takes_as_many_queries_for_little_as_for_much(case_in_publicity, clerk, provider):
    _more(case_in_publicity, clerk, provider)
    few = _queries(case_in_publicity, clerk)
    for _ in range(4):
        _more(case_in_publicity, clerk, provider)
    assert _queries(case_in_publicity, clerk) == few


def _more(case, clerk, provider):
    _replace_material(case, provider)
    events.record("note", "又一次", at=NOW, by=provider, case=case)
    deadlines.hold_deadline(case, by=clerk, at=NOW, reason="核实", article="第十五条")
    deadlines.resume_deadline(case, by=clerk, at=NOW, reason="核实完", article="第十五条")


def _queries(case, by):
    with CaptureQueriesContext(
        connection,
    ) as counted:
        asked = Asked(by, NOW, ARCHIVE)
        with asked.held:
            parts.of(engine.load(case.pk), asked)
    return len(counted)


def _replace_material(case, by):
    first = case.materials.filter(replaced_at=None).order_by("pk")[0]
    first.replaced_at = NOW
    first.save()
    upload = SimpleUploadedFile("新.pdf", PDF, "application/pdf")
    stored = files.store(upload, kinds=["pdf"], max_megabytes=1, by=by, at=NOW)
    case.materials.create(key=first.key, file=stored, added_at=NOW, added_by=by)
