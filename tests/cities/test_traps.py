"""Traps T1 to T19 of the five texts: time limits, counting and strictness. Each is told apart by rows, none by code.

A programme that an expectation does not name has no such row: its text is silent, and nobody's value is its default.
"""

from datetime import date

import pytest
from django.db.models import Q

from cities.models import (
    Condition,
    CountingRule,
    EvaluationScheme,
    GradeBand,
    Ground,
    Limit,
    Outcome,
    Procedure,
    Quota,
    ReportingDuty,
    RequiredMaterial,
    Stage,
)
from tests.cities.rows import (
    DG,
    GZ,
    HS,
    QDC,
    QDP,
    choices,
    in_procedure,
    reached,
    reading,
    rehearsed,
    row,
    stage,
    told,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("five")]
SPAN = ("span_number", "counting_rule__unit", "span_set_by_office")
DECIDES = Q(kind="review", actor__in=["decider", "council"])


# Time limits and their direction


def test_t1_change_is_reported_before_or_after_by_whom_and_in_how_many_days_each_text_says():
    fields = ("reporter", "timing", "span_number", "counting_rule__unit", "for_partners")
    assert told(ReportingDuty, *fields, where=in_procedure("major_change_report")) == {
        DG: {("registrant", "before", 30, "working", True)},
        GZ: {
            ("registrant", "before", 10, "working", True),
            ("registrant", "promptly", None, None, False),
        },
        QDC: {("district", "after", 30, "working", False)},
        HS: {("registrant", "promptly", None, None, False)},
    }


def test_t1_report_that_is_not_prompt_leads_to_a_warning_and_to_no_number():
    for slug in (GZ, HS):
        assert not row(ReportingDuty, slug, "particulars").span_set_by_office
    assert told(Ground, "consequence", "number", detector="unreported_change") == {
        GZ: {("warning", None)},
        HS: {("warning", None)},
    }


def test_t2_publicity_is_as_long_as_the_text_says_or_for_the_office_to_set():
    fields = ("procedure__kind", *SPAN, "channel")
    assert told(Stage, *fields, kind="publicity") == {
        DG: {
            ("partner_change", 5, "calendar", False, "here"),
            ("unit_change", 5, "calendar", False, "here"),
            ("correction", 5, "calendar", False, "here"),  # where the office chooses to show one
        },
        GZ: {
            ("entry", None, None, True, "here"),
            ("partner_change", None, None, True, "here"),
            ("correction", None, None, True, "here"),
        },
        QDP: {("entry", 5, "working", False, "external"), ("correction", 5, "working", False, "external")},
        QDC: {("entry", None, None, True, "here")},
        # The days that its office sets are read as calendar days; on admission it shows nothing.
        HS: {
            ("evaluation", None, "calendar", True, "here"),
            ("correction", None, "calendar", True, "here"),
        },
    }


def test_t2_publicity_is_not_added_where_a_text_has_none():
    assert "不公示" in reading(row(Procedure, HS, "entry"), "要不要公示")
    assert "不加公示期" in reading(row(Procedure, DG, "entry"), "要不要公示")


def test_t3_rectification_is_a_month_in_one_text_and_has_no_number_in_another():
    assert told(Stage, *SPAN, kind="rectification", procedure__kind="sanction") == {
        GZ: {(None, None, False)},
        HS: {(1, "month", False)},
    }
    assert "逐件写明" in reading(stage(GZ, "sanction", "rectification"), "整改给多少天")


def test_t4_evaluation_has_the_rhythm_of_its_text():
    assert told(EvaluationScheme, "rhythm") == {
        DG: {"half_year"},
        GZ: {"quarter"},
        QDP: {"unstated"},
        QDC: {"year"},
        HS: {"half_year"},
    }


def test_t5_validity_ends_on_the_event_or_the_day_of_its_text(five):
    assert {book.programme.slug: (book.ends_on_event, book.effective_to) for book in five} == {
        DG: ("城市试点工作验收完成", None),
        GZ: ("国家级和省级城市试点都验收完成", None),
        QDP: ("", None),
        QDC: ("", date(2023, 11, 18)),
        HS: ("国家级试点城市实施期结束", None),
    }


def test_t6_days_and_working_days_stand_side_by_side_in_one_text():
    rules = {
        stage(DG, "partner_change", "publicity").counting_rule,
        row(ReportingDuty, DG, "report_before").counting_rule,
    }
    assert {rule.unit for rule in rules if rule} == {"calendar", "working"}
    assert rehearsed(DG, "天和工作日在同一办法里是两种算法") == {"DG-15-3-a", "DG-18-a"}


def test_t6_working_days_follow_the_official_calendar_and_months_are_months():
    for rule in CountingRule.objects.filter(unit="working"):
        assert "调休" in reading(rule, "工作日怎么数"), rule.rulebook
    assert told(CountingRule, "key", unit="month") == {HS: {"one_month"}}
    assert told(Limit, "number", "unit", measure="change_interval") == {DG: {(6, "months")}}


def test_t7_where_days_begin_and_end_is_a_recorded_reading_that_the_office_may_change():
    for rule in CountingRule.objects.all():
        assert rule.unit == "month" or choices(rule, "first_day"), rule.rulebook
        assert rule.unit == "working" or choices(rule, "roll"), rule.rulebook
    assert set(CountingRule.objects.values_list("first_day", "roll", "closing_hour")) == {
        ("next", "none", None)
    }
    assert "警告那天起" in reading(stage(HS, "warning", "rectification"), "从哪一天数")


@pytest.mark.parametrize(
    ("slug", "name", "rule"),
    [
        (DG, "公示从次日起算，按自然日，最后一天是休息日也不顺延", "DG-15-3-a"),
        (GZ, "往回数十个工作日，跨过中秋、国庆和调休；报告的那个星期日是调休上班", "GZ-4-8"),
        (QDP, "五个工作日，春节放假不算，调休上班的星期日算", "QDP-3-3-b"),
        (QDC, "从办结次日往后数三十个工作日，跨过元旦和春节", "QDC-13-a"),
        (HS, "整改一个月，按日历的月，不是三十天", "HS-14-b"),
    ],
)
def test_t7_reading_of_days_is_rehearsed(slug, name, rule):
    assert rule in rehearsed(slug, name)


@pytest.mark.parametrize(
    ("model", "slug", "key", "comparator", "number"),
    [
        (Limit, DG, "partners_at_most", "at_most", 10),
        (Limit, DG, "lead_units_per_partner", "at_most", 2),
        (Limit, DG, "changes_per_year", "at_most", 2),
        (Limit, DG, "months_between_changes", "at_least", 6),
        (Ground, DG, "removal_complaints", "at_least", 2),
        (Ground, DG, "removal_ratings", "at_least", 2),
        (Ground, DG, "ground_two_failures", "at_least", 2),
        (Ground, GZ, "two_failures", "at_least", 2),
        (Limit, QDP, "two_industries", "at_most", 2),
        (Condition, QDP, "ten_pilot_enterprises", "at_least", 10),
        (Condition, QDP, "revenue", "at_least", 10),
        (Ground, QDC, "two_fails_running", "at_least", 2),
        (Ground, HS, "clear_many_orders", "more_than", 3),
        (Ground, HS, "clear_no_contract", "at_least", 6),
        (Ground, HS, "clear_no_progress", "at_least", 2),
        (Limit, HS, "price_at_most_market", "at_most", 100),
        (Condition, HS, "two_cases", "at_least", 2),
        (GradeBand, HS, "d", "less_than", 60),
    ],
)
def test_t8_number_is_compared_as_its_text_words_it(model, slug, key, comparator, number):
    found = row(model, slug, key)
    assert (found.comparator, found.number) == (comparator, number)


def test_t9_last_day_is_the_day_itself_and_before_a_day_is_read_alike_in_both_texts(five):
    assert told(Stage, "key", "last_day", last_day__isnull=False) == {
        QDP: {("submit", date(2024, 1, 31)), ("district_review", date(2024, 2, 7))}
    }
    assert reading(stage(QDP, "entry", "submit"), "24:00").startswith("1月31日 这一天结束")
    draft = next(book for book in five if book.programme.slug == HS)
    assert draft.consulted_to == date(2025, 11, 16)
    district = stage(QDP, "entry", "district_review")
    for said in (reading(district, "含不含"), reading(draft, "17 日当天")):
        assert "“前”不含当天" in said
    assert choices(district, "last_day") == {"2024-02-08"}


# Counting


def test_t10_grades_add_up_in_all_or_in_a_row():
    graded = {"detector": "grade"}
    assert told(Ground, "grade", "number", "window", consequence="clearance", **graded) == {
        DG: {("failed", 2, "lifetime")},
        GZ: {("not_met", 2, "lifetime")},
        QDC: {("fail", 2, "consecutive")},
        HS: {("d", 2, "lifetime")},
    }
    assert told(Ground, "grade", "number", "window", consequence="warning", **graded) == {
        QDC: {("fail", 1, "none")},
        HS: {("d", 1, "none"), ("c", 2, "lifetime")},
    }


def test_t10_a_pass_in_between_resets_only_what_runs():
    assert "不清零" in reading(row(Ground, DG, "ground_two_failures"), "中间达标过")
    assert "不因达标或跨年清零" in reading(row(Ground, GZ, "two_failures"), "跨年清不清零")
    assert "从头数起" in reading(row(Ground, QDC, "two_fails_running"), "中间有一次合格")
    assert "不清零" in reading(row(Ground, HS, "warn_two_c"), "连着")


def test_t11_year_resets_one_limit_and_not_the_other():
    assert told(Limit, "procedure_key", "number", "window", measure="changes_per_window") == {
        DG: {("partner_change", 2, "calendar_year"), ("unit_change", 1, "lifetime")}
    }


def test_t12_applications_are_counted_and_what_counts_can_be_decided():
    fields = ("key", "counts", "counts_refused", "counts_withdrawn", "counts_ordered")
    assert told(Limit, *fields, measure="changes_per_window") == {
        DG: {
            ("changes_per_year", "submitted", True, True, False),
            ("unit_change_once", "submitted", True, True, False),
        }
    }
    yearly = row(Limit, DG, "changes_per_year")
    assert (choices(yearly, "counts"), choices(yearly, "counts_withdrawn")) == ({"approved"}, {False})
    assert (choices(yearly, "counts_ordered"), choices(yearly, "joint")) == ({True}, {False})


def test_t13_year_is_a_reading_and_the_interval_crosses_it():
    assert choices(row(Limit, DG, "changes_per_year"), "window") == {"rolling"}
    interval = row(Limit, DG, "months_between_changes")
    assert (interval.window, interval.counts, interval.measured_from) == ("none", "approved", "publication")
    assert "跨年照算" in reading(interval, "从哪一天量到哪一天")
    assert rehearsed(DG, "两次间隔原则上不少于六个月：跨年照算，差一天要说明理由，由审定人决定") == {
        "DG-15-c"
    }


def test_t14_only_unresolved_complaints_and_pilot_enterprises_ratings_add_up_against_a_partner():
    adding = {"detector__in": ("unresolved_complaints", "unsatisfied_ratings")}
    assert told(Ground, "detector", "consequence", "number", "window", **adding) == {
        DG: {
            ("unresolved_complaints", "partner_removal", 2, "lifetime"),
            ("unsatisfied_ratings", "partner_removal", 2, "lifetime"),
        }
    }
    complaints, ratings = row(Ground, DG, "removal_complaints"), row(Ground, DG, "removal_ratings")
    assert "解决了的不计；任何企业的投诉都计" in reading(complaints, "哪些投诉不计")
    assert "按合作伙伴累计，没有期间" in reading(complaints, "合不合并")
    assert "只计试点企业的" in reading(ratings, "谁的评价")


def test_t14_one_complaint_is_enough_elsewhere_and_a_person_judges_it():
    for slug, key in ((GZ, "complaints"), (HS, "warn_poor_service")):
        found = row(Ground, slug, key)
        assert (found.consequence, found.detector, found.number) == ("warning", "manual", None)
        assert "次数，一次" in reading(found, "次投诉")


def test_t15_counts_follow_the_lineage_or_the_group_only_where_a_text_says_so():
    assert told(Limit, "key", "per", per__in=("lineage", "entity_group")) == {
        DG: {("after_unit_change", "lineage")},
        QDP: {("one_entry_per_group", "entity_group")},
    }
    assert choices(row(Limit, DG, "reentry_barred"), "per") == {"lineage"}
    assert "分公司、子公司各算各的" in reading(row(Limit, DG, "lead_units_per_partner"), "指谁")
    assert "带；" in reading(row(Ground, DG, "ground_two_failures"), "换成本地法人之后")


# Strictness


def test_t16_limits_are_as_strict_as_their_texts():
    assert told(Limit, "key", "strictness") == {
        DG: {
            ("changes_per_year", "hard"),
            ("months_between_changes", "in_principle"),
            ("partners_at_most", "in_principle"),
            ("lead_units_per_partner", "hard"),
            ("lead_unit_as_partner", "hard"),
            ("unit_change_once", "hard"),
            ("after_unit_change", "hard"),
            ("reentry_barred", "hard"),
            ("level_two", "flagged"),
        },
        GZ: {("no_reentry", "hard"), ("level_two", "hard")},
        QDP: {
            ("two_industries", "in_principle"),
            ("one_entry_per_group", "hard"),
            ("own_industry_only", "hard"),
            ("not_transform_and_assess", "hard"),
        },
        QDC: {("once_a_year", "in_principle")},
        HS: {("other_industries", "flagged"), ("price_at_most_market", "hard"), ("level_two", "hard")},
    }
    assert "“仅”是硬性的" in reading(row(Limit, HS, "other_industries"), "仅")
    assert "写的是应当" in reading(row(Limit, HS, "price_at_most_market"), "高出平均价格")


def test_t16_hard_and_in_principle_stand_in_one_article():
    for article in ("第十五条", "第十六条"):
        said = told(Limit, "strictness", article__number=article, rulebook__programme__slug=DG)
        assert said == {DG: {"hard", "in_principle"}}


def test_t16_conditions_and_cases_are_as_strict_as_their_texts():
    lenient = {"strictness": "in_principle"}
    assert told(Condition, "key", **lenient) == {QDP: {"ten_pilot_enterprises", "revenue"}}
    assert told(RequiredMaterial, "category__key", "at_least", "need", at_least__gt=1) == {
        QDP: {("integrated", 2, "always"), ("product", 3, "always")}
    }
    assert row(Condition, HS, "two_cases").strictness == "hard"
    assert "不是必须" in reading(row(Limit, QDC, "once_a_year"), "没有开展")


def test_t17_clearance_must_or_may_follow_and_a_warning_must():
    assert told(Ground, "consequence", "force") == {
        DG: {("clearance", "must"), ("partner_removal", "must")},
        GZ: {("warning", "must"), ("clearance", "must"), ("clearance", "may")},
        QDC: {("warning", "must"), ("clearance", "must")},
        HS: {("warning", "must"), ("clearance", "may")},
    }
    assert told(Ground, "key", force="may", rulebook__programme__slug=GZ) == {GZ: {"rectification_overdue"}}


def test_t17_declining_to_clear_needs_a_reason_and_a_may_says_so_in_its_words():
    fields = ("label", "needs_reason", "stage__actor")
    ends = {"stage__procedure__kind": "clearance", "result": "declined"}
    assert told(Outcome, *fields, **ends) == {
        DG: {("情形不成立", True, "decider"), ("请求不成立", True, "decider")},
        GZ: {
            ("情形不成立", True, "decider"),
            ("请求不成立", True, "decider"),
            ("不予确认", True, "council"),
            ("不取消，继续整改", True, "decider"),
        },
        QDC: {("情形不成立，不予撤销", True, "decider")},
        HS: {("不予清退", True, "decider")},
    }


def test_t18_planned_numbers_are_quotas_and_no_limits():
    assert told(Quota, "category__key", "per", "at_least", "at_most") == {
        QDP: {
            ("integrated", "industry", 3, 6),
            ("product", "industry", 10, 20),
            ("chain_leader", "industry", 1, 3),
        }
    }
    assert "只作提示，不拦" in reading(row(Quota, QDP, "integrated_planned"), "计划数怎么办")


def test_t19_nobody_is_warned_or_cleared_before_somebody_has_decided():
    kinds = ("clearance", "partner_removal", "sanction")
    for procedure in Procedure.objects.filter(kind__in=kinds):
        before = Stage.objects.filter(pk__in=reached(procedure, past=DECIDES))
        ends = Outcome.objects.filter(stage__in=before).exclude(result="")
        assert not ends.exists(), procedure
        # What goes on without a decision is opened, verified or heard by people; only decisions lead further.
        assert {one.actor for one in before} <= {"clerk", "provider"}, procedure
        assert {one.kind for one in before} <= {"submission", "review", "statement"}, procedure
