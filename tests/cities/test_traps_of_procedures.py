"""Traps T20 to T32 of the five texts: stages, bodies and consequences.

As in test_traps: a programme that an expectation does not name has no such row.
"""

import pytest
from django.db.models import Q

from cities.models import (
    GradeBand,
    Ground,
    Limit,
    Outcome,
    Procedure,
    Programme,
    Provision,
    ReportingDuty,
    RequiredMaterial,
    Stage,
    TextRule,
)
from tests.cities.rows import DG, GZ, HS, QDC, QDP, reached, reading, rehearsed, row, stage, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("five")]
PUNISHES = ("clearance", "partner_removal", "sanction", "recovery")


def outcomes(slug: str, procedure: str, at_stage: str) -> set[tuple[str, str]]:
    """How a stage ends: each outcome, and where it leads."""
    found = stage(slug, procedure, at_stage).outcomes.select_related("next_stage")
    return {(one.key, one.next_stage.key if one.next_stage else one.result) for one in found}


def test_t20_clearance_needs_a_meeting_in_one_text_only_and_takes_effect_there():
    assert told(Stage, "procedure__key", "key", "article__number", actor="council") == {
        GZ: {("clearance", "council", "4.4（末段）"), ("exit", "council", "4.4（末段）")}
    }
    fields = ("stage__procedure__key", "stage__key")
    assert told(Outcome, *fields, effect="registry", stage__procedure__kind="clearance") == {
        DG: {("clearance", "announcement"), ("exit", "announcement")},
        GZ: {("clearance", "council"), ("exit", "council"), ("disqualification", "approval")},
        QDC: {("clearance", "publication")},
        HS: {("clearance", "removal")},
    }


def test_t20_who_decides_is_left_open_where_the_text_names_nobody():
    assert stage(DG, "clearance", "propose").article.number == "第五条（五）"
    said = reading(stage(DG, "clearance", "decision"), "清退最后由谁决定")
    assert "条文没有写" in said
    assert "由谁决定请专班确定" in said


def test_t20_statement_is_heard_only_where_the_decider_chooses_so():
    heard = {"kind": "statement", "procedure__kind": "clearance"}
    assert told(Stage, "procedure__key", "requires", **heard) == {
        DG: {("clearance", "choice")},
        GZ: {("clearance", "choice"), ("disqualification", "choice")},
    }
    assert ("hear", "statement") in outcomes(DG, "clearance", "decision")


def test_t20_no_unit_is_selected_in_guangzhou_without_the_experts():
    entry = row(Procedure, GZ, "entry")
    chosen = Stage.objects.get(procedure=entry, kind="publication")
    assert chosen.pk not in reached(entry, past=Q(kind="expert_review"))
    assert outcomes(GZ, "entry", "unfit") == {("refuse", "refused"), ("back", "selection")}
    assert stage(GZ, "entry", "unfit").four_eyes


def test_t20_no_provider_is_listed_in_huangshi_without_the_experts_or_a_filing():
    entry = row(Procedure, HS, "entry")
    listed = Stage.objects.get(procedure=entry, kind="publication")
    assert listed.pk not in reached(entry, past=Q(kind__in=("expert_review", "filing")))
    assert outcomes(HS, "entry", "unfit") == {("refuse", "refused"), ("back", "review")}
    assert stage(HS, "entry", "unfit").four_eyes


def test_t21_nothing_is_shown_before_a_sanction():
    assert told(Stage, "key", kind="publicity", procedure__kind__in=PUNISHES) == {}
    for slug, said in ((DG, "不加公示期"), (GZ, "不设公示"), (QDC, "不设公示"), (HS, "不公示")):
        assert said in reading(row(Procedure, slug, "clearance"), "公示")


def test_t22_clearance_is_made_public_only_where_the_text_says_so():
    duties = {key for keys in told(TextRule, "key", kind="publication").values() for key in keys}
    cleared = Stage.objects.filter(procedure__kind="clearance", kind="publication")
    announced = [one.pk for one in cleared if duties & set(one.rules)]
    assert told(Stage, "key", "article__number", "span_number", pk__in=announced) == {
        DG: {("announcement", "第十一条", None)},
        QDC: {("publication", "第十七条", None)},
    }
    assert "只更新名单" in reading(row(Procedure, GZ, "clearance"), "公告")
    assert "不另发公告" in reading(row(Procedure, HS, "clearance"), "公告")


def test_t23_coming_back_is_barred_in_two_texts_whatever_the_ground():
    barred = {"measure": "reentry_after_clearance"}
    assert told(Limit, "number", "window", "strictness", **barred) == {
        DG: {(0, "lifetime", "hard")},
        GZ: {(0, "lifetime", "hard")},
    }
    assert [limit.after for limit in Limit.objects.filter(**barred)] == [["clearance", "exit"]] * 2
    assert told(Ground, "procedure_key", detector="own_request", consequence="clearance") == {
        DG: {"exit"},
        GZ: {"exit"},
        QDC: {"clearance"},
    }
    for slug, key in ((DG, "reentry_barred"), (GZ, "no_reentry")):
        said = reading(row(Limit, slug, key), "自己要求退出")
        assert "情形" in said
        assert "退出之前" in said
    assert reading(row(Procedure, QDC, "clearance"), "再申报").startswith("能")
    assert "没有禁止" in reading(row(Procedure, HS, "clearance"), "再申请")


def test_t24_warnings_climb_as_each_text_has_it():
    assert told(Procedure, "key", kind="sanction") == {GZ: {"sanction"}, QDC: {"sanction"}, HS: {"warning"}}
    assert told(Ground, "procedure_key", consequence="warning") == {
        GZ: {"sanction"},
        QDC: {"sanction"},
        HS: {"warning"},
    }
    assert outcomes(GZ, "sanction", "consequence") == {
        ("continue", "rectification"),
        ("disqualify", "completed"),
    }
    assert outcomes(QDC, "sanction", "circular") == {("sent", "completed")}
    assert ("again", "rectification") in outcomes(HS, "warning", "recheck")


def test_t24_cancelling_the_status_carries_neither_the_meeting_nor_the_bar():
    assert row(Procedure, GZ, "disqualification").key not in row(Limit, GZ, "no_reentry").after
    said = reading(row(Procedure, GZ, "disqualification"), "是不是一回事")
    assert "不过局务会，也不带不得再申请的后果" in said
    assert "能；" in reading(row(Limit, GZ, "no_reentry"), "按 4.3 取消资格")


def test_t25_grades_lead_each_to_its_own_consequence():
    graded = {"detector": "grade", "rulebook__programme__slug": HS}
    assert told(Ground, "grade", "comparator", "number", "consequence", "force", **graded) == {
        HS: {
            ("d", "at_least", 1, "warning", "must"),
            ("c", "at_least", 2, "warning", "must"),
            ("d", "at_least", 2, "clearance", "may"),
        }
    }
    assert "都再提示" in reading(row(Ground, HS, "warn_two_c"), "第三次 C")
    assert "分开数" in reading(row(Ground, HS, "warn_two_c"), "一次 C 加一次 D")


def test_t25_bands_overlap_as_written_and_the_highest_comes_first():
    bands = GradeBand.objects.filter(rulebook__programme__slug=HS)
    assert [(one.label, one.comparator, one.number) for one in bands] == [
        ("A", "at_least", 80),
        ("B", "at_least", 70),
        ("C", "at_least", 60),
        ("D", "less_than", 60),
    ]
    assert "最高" in reading(bands[0], "85 分")


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ({"label__startswith": "泄露"}, {GZ: {("clearance", "must")}, HS: {("clearance", "may")}}),
        ({"detector": "poor_materials"}, {GZ: {("warning", "must")}}),
        ({"detector": "late_materials"}, {QDC: {("clearance", "must")}}),
        ({"detector": "missed_evaluation"}, {DG: {("clearance", "must")}, GZ: {("clearance", "must")}}),
        ({"detector": "failed_acceptance"}, {GZ: {("warning", "must")}}),
    ],
    ids=["leak", "poor papers", "late", "not taking part", "failed project"],
)
def test_t26_same_act_has_the_consequence_of_its_text(act, expected):
    assert told(Ground, "consequence", "force", **act) == expected


def test_t26_late_is_not_absent_and_a_failed_project_costs_its_subsidy_in_one_text():
    assert "迟交与不参加分开记" in reading(row(Ground, DG, "ground_no_evaluation"), "交晚了")
    assert "按晚交办理" in reading(row(Ground, GZ, "no_evaluation"), "晚交材料")
    assert told(Procedure, "key", kind="recovery") == {HS: {"recovery"}}


def test_t27_partners_are_ruled_only_where_the_text_has_them():
    about_partners = (
        "partners_per_registration",
        "registrations_per_partner",
        "registrant_as_partner",
        "change_interval",
    )
    assert told(Limit, "measure", measure__in=about_partners) == {DG: set(about_partners)}
    assert told(Ground, "article__number", consequence="partner_removal") == {
        DG: {f"第十九条（{number}）" for number in "一二三四五六"}
    }
    terms = Programme.objects.exclude(partner_term="").values_list("slug", "partner_term")
    assert dict(terms) == {DG: "合作伙伴", GZ: "联合体企业"}
    assert told(ReportingDuty, "key", for_partners=True) == {DG: {"report_before"}, GZ: {"major_change"}}


def test_t27_one_text_knows_only_additions_and_no_catalogue():
    changes = Procedure.objects.filter(kind="partner_change")
    assert {one.rulebook.programme.slug: one.operations for one in changes} == {DG: [], GZ: ["add_partner"]}
    assert told(RequiredMaterial, "key", key="catalogue") == {DG: {"catalogue"}}
    assert rehearsed(GZ, "没有次数、间隔和家数的限制") == {"GZ-4-6"}


def test_t28_limits_on_partners_are_asked_until_publication():
    assert told(Limit, "key", "asked", article__number="第十六条") == {
        DG: {
            ("partners_at_most", "state"),
            ("lead_units_per_partner", "state"),
            ("lead_unit_as_partner", "state"),
        }
    }
    assert ("failed", "approval") in outcomes(DG, "partner_change", "publication")
    assert "下一次变更时指出" in reading(row(Limit, DG, "lead_unit_as_partner"), "申请入库")
    assert rehearsed(DG, "两件申请都在办，先发布的占先，后一件退回审定") == {"DG-16-b"}


def test_t29_open_objection_holds_publication_and_is_a_reading_everywhere():
    # A correction that is shown goes by the readings of the change that it corrects.
    for shown in Stage.objects.filter(kind="publicity").exclude(procedure__kind="correction"):
        assert "异议" in str(shown.interpretations), shown
        upheld = shown.outcomes.get(role="upheld")
        assert upheld.next_stage is not None
        assert upheld.next_stage.actor == "decider"


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        (DG, "公示无异议才发布；有异议的处理完之前不往下走"),
        (DG, "异议成立的退回审定，名单不变"),
        (GZ, "审核由经办人办；有异议的不发布"),
    ],
)
def test_t29_handling_of_objections_is_rehearsed(slug, name):
    assert rehearsed(slug, name)


def test_t30_every_procedure_has_its_own_materials():
    changes = ("partner_change", "unit_change", "entry")
    assert told(RequiredMaterial, "key", procedure__kind__in=changes) == {
        DG: {
            *("application", "partner_list", "catalogue"),
            *(
                "business_licence",
                "representative_id",
                "shareholding_proof",
                "local_team",
                "social_insurance",
            ),
        },
        GZ: {"business_licence", "representative_id", "audit_report", "sealed_statements", "credit_report"},
        QDP: {
            *("credit_report", "commitment", "team_evidence", "recommendation", "summary_table"),
            *("form_integrated", "form_product", "form_chain_leader"),
            *("local_cases", "cases_elsewhere", "integration_cases", "product_cases"),
        },
        QDC: {"application_form", "field_and_service", "proofs", "truth_commitment"},
        HS: {"evidence"},
    }


def test_t30_one_list_is_open_and_sealed_the_other_closed_with_a_choice():
    assert told(RequiredMaterial, "sealed", procedure__kind="partner_change") == {
        DG: {True},
        GZ: {True, False},
    }
    assert told(RequiredMaterial, "key", either_or="accounts") == {GZ: {"audit_report", "sealed_statements"}}
    catalogue = row(RequiredMaterial, DG, "catalogue")
    licence = row(RequiredMaterial, GZ, "business_licence")
    assert "没有列明" in reading(catalogue, "等相关材料")
    assert "条文列全了" in reading(licence, "要别的材料")
    assert "审核通过才公示" in reading(stage(GZ, "partner_change", "review"), "备案")


def test_t31_contract_outside_the_industry_is_flagged_and_clearance_spares_projects():
    fields = ("strictness", "number", "categories")
    found = row(Limit, HS, "other_industries")
    assert tuple(getattr(found, one) for one in fields) == ("flagged", 0, ["industry_provider"])
    assert ("register_without_subsidy", "finish") in outcomes(HS, "pilot_project", "register")
    assert row(Provision, HS, "earlier_pilots").kind == "exception"
    spared = row(Provision, HS, "earlier_projects_stand")
    assert (spared.kind, spared.procedure_key) == ("exception", "clearance")
    assert "只追回有问题的项目" in reading(row(Procedure, HS, "recovery"), "哪些项目的钱")


def test_t32_two_categories_go_together_and_two_roles_at_one_enterprise_do_not():
    assert row(Provision, QDP, "two_categories_allowed").kind == "exception"
    both = row(Limit, QDP, "not_transform_and_assess")
    assert (both.measure, both.number, both.unit, both.procedure_key) == (
        "transform_and_assess",
        0,
        "enterprises",
        "",
    )
    said = reading(both, "同时")
    assert said.startswith("整个试点期间")
    assert "对不同的企业不受限制" in said
