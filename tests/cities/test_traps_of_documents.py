"""Traps T33 to T38 of the five texts: documents, standing, terms and personal data.

As in test_traps: a programme that an expectation does not name has no such row.
"""

from datetime import date

import pytest

from cities.models import (
    Article,
    Category,
    Condition,
    Dimension,
    EvaluationScheme,
    GradeBand,
    Ground,
    Limit,
    Procedure,
    Programme,
    Provision,
    RequiredMaterial,
    Rulebook,
)
from tests.cities.rows import DG, GZ, HS, QDC, QDP, reading, row, stage, told
from tests.conftest import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("five")]


def book(slug: str) -> Rulebook:
    return Rulebook.objects.select_related("programme").get(programme__slug=slug)


@pytest.mark.parametrize(
    ("slug", "day", "binds"),
    [
        (QDC, "2021-11-18", False),
        (QDC, "2021-11-19", True),
        (QDC, "2023-11-18", True),
        (QDC, "2023-11-19", False),
        (HS, "2025-11-06", False),
        (HS, "2026-09-17", False),
        (DG, "2024-03-26", False),
        (DG, "2026-09-17", True),
        (GZ, "2026-09-17", True),
        (QDP, "2024-01-18", False),
        (QDP, "2026-09-17", True),
    ],
)
def test_t33_rules_bind_on_the_days_of_their_version(slug, day, binds):
    assert book(slug).is_in_force(at(f"{day} 23:59")) is binds


def test_t33_draft_has_no_day_and_an_event_without_a_day_is_for_staff_to_record():
    draft = book(HS)
    assert (draft.standing, draft.effective_from) == ("consultation", None)
    for slug in (DG, GZ):
        assert "由工作人员在后台登记" in reading(book(slug), "先后验收")
    assert "两个日期都已过" in reading(book(QDP), "申报和初审日期")


def test_t34_one_city_has_two_programmes_of_different_authorities():
    of_city = Programme.objects.filter(city__slug="qingdao")
    assert {one.slug: one.authority for one in of_city.select_related("city")} == {
        QDP: "青岛市民营经济发展局",
        QDC: "青岛市发展和改革委员会",
    }
    assert set(book(QDP).issuers) == {"青岛市民营经济发展局", "青岛市财政局", "青岛市工业和信息化局"}
    assert book(QDC).issuers == ["青岛市发展和改革委员会"]
    own = {"rulebook__programme__in": of_city}
    assert told(Category, "key", **own) == {QDP: {"integrated", "product", "chain_leader"}, QDC: {"center"}}
    assert told(EvaluationScheme, "rhythm", **own) == {QDP: {"unstated"}, QDC: {"year"}}
    assert told(GradeBand, "label", **own) == {QDC: {"优秀", "良好", "合格", "不合格"}}


@pytest.mark.parametrize(
    ("slug", "registrant", "office", "clearance"),
    [
        (DG, "牵引单位", "工作专班", "清退"),
        (GZ, "牵引单位", "工作小组", "清退"),
        (QDP, "推荐服务商", "市民营经济发展局", "退出"),
        (QDC, "赋能中心", "市发展改革委", "撤销资格"),
        (HS, "数字化服务商", "市经信局", "清退"),
    ],
)
def test_t35_programme_speaks_in_the_words_of_its_text(slug, registrant, office, clearance):
    found = Programme.objects.get(slug=slug)
    assert (found.registrant_term, found.office_term, found.clearance_term) == (registrant, office, clearance)


def test_t35_one_text_has_two_words_for_two_ways_out():
    assert told(Procedure, "title", kind="clearance", rulebook__programme__slug=GZ) == {
        GZ: {"清退牵引单位", "取消牵引单位资格", "申请退出"}
    }
    assert told(Procedure, "key", "term", kind="clearance") == {
        DG: {("clearance", ""), ("exit", "退出")},
        GZ: {("clearance", ""), ("exit", "退出"), ("disqualification", "取消资格")},
        HS: {("clearance", "")},
        QDC: {("clearance", "")},
    }
    assert told(Ground, "term", procedure_key="exit") == {DG: {""}, GZ: {""}}
    assert told(Ground, "key", "term", procedure_key="disqualification") == {
        GZ: {("rectification_overdue", "取消资格")}
    }
    assert "看作同一批" in reading(row(Procedure, GZ, "partner_change"), "合作伙伴和这里的联合体企业")


def test_t35_to_announce_to_publish_and_to_circulate_are_different_words():
    warnings = Programme.objects.filter(slug__in=(GZ, QDC, HS)).values_list("slug", "warning_term")
    assert dict(warnings) == {GZ: "通报批评", QDC: "通报", HS: "警告"}
    assert stage(DG, "clearance", "announcement").label == "公告"
    assert stage(QDC, "clearance", "publication").label == "对外公布"
    assert stage(HS, "evaluation", "publicity").label == "公示"


def test_t36_level_two_is_a_limit_or_only_helped_to_and_its_index_has_its_edition():
    assert told(Limit, "number", "strictness", measure="level_after_transformation") == {
        DG: {(2, "flagged")},
        GZ: {(2, "hard")},
        HS: {(2, "hard")},
    }
    assert "帮助是尽力的要求" in reading(row(Limit, DG, "level_two"), "没有达到")
    assert "条文写的是帮助" in reading(row(Dimension, DG, "effect"), "没有达到二级")
    assert row(Provision, HS, "maintenance").kind == "conduct"
    assert "2022年版" in row(Condition, QDP, "by_rating_index").label
    assert "最新的一版" in reading(row(Limit, HS, "level_two"), "哪一版")


def test_t36_three_years_without_accidents_are_counted_of_different_accidents():
    assert told(Condition, "key", "number", lookback_months=36) == {
        QDP: {("no_major_accident", 0)},
        HS: {("clean_record", 0)},
    }
    assert reading(row(Condition, QDP, "no_major_accident"), "不到重大").startswith("不算")
    assert reading(row(Condition, HS, "clean_record"), "轻微").startswith("都算")


def test_t37_defects_of_a_text_stay_as_they_are():
    assert not Article.objects.filter(rulebook=book(GZ), number__startswith="4.5").exists()
    assert "重新走 1.2 的遴选" in reading(row(Provision, GZ, "dynamic_management"), "增补")
    assert "疑是笔误" in reading(row(Ground, GZ, "against_spirit"), "数型工作")
    assert (book(DG).issuers, book(DG).issued_on) == ([], None)
    assert (book(GZ).issued_on, book(GZ).effective_from) == (None, date(2024, 12, 31))
    assert book(QDP).issued_on == date(2024, 1, 19)
    assert "2024年1月9日" in book(QDP).interpretations[0]["question"]


def test_t38_materials_with_personal_data_are_sensitive():
    assert told(RequiredMaterial, "procedure__key", "key", sensitive=True) == {
        DG: {
            ("unit_change", "representative_id"),
            ("unit_change", "local_team"),
            ("unit_change", "social_insurance"),
        },
        GZ: {("partner_change", "representative_id")},
        QDP: {("entry", "team_evidence")},
        HS: {("entry", "evidence"), ("pilot_project", "contract"), ("complaint", "evidence")},
    }


def test_t38_notices_and_lists_name_no_person():
    assert "个人信息不写" in row(Provision, DG, "clearance_notice").summary
    assert "不写个人信息" in reading(stage(QDC, "clearance", "publication"), "写什么")
    assert "联系人和电话不收进这里" in row(Provision, QDP, "contacts").summary
