"""What the real rulebooks say, each in its own words, and nothing borrowed."""

import re

import pytest
from django.urls import reverse

from cities.comparison.cells import SILENT
from cities.models import (
    ReportingDuty,
)
from tests.cities.comparison.table import DG, FIVE, GZ, HS, QDC, QDP, silent, table

pytestmark = pytest.mark.django_db


def test_publicity_is_as_long_as_each_text_says_and_nobody_borrows(shown):
    changes, entry = shown["变更公示多久"], shown["入库公示多久"]
    assert changes[DG].count("5 个自然日，自次日起算，最后一天不顺延，在本平台") == 2
    assert all(article in changes[DG] for article in ("〔第十三条（三）〕", "〔第十五条（三）〕"))
    assert changes[GZ].startswith(f"{SILENT}，由")
    assert changes[GZ].endswith("〔4.6.3〕")
    assert silent(changes) == {HS, QDC, QDP}
    assert entry[QDP].startswith("5 个工作日")
    assert "在外部平台" in entry[QDP]
    assert all(entry[slug].startswith(f"{SILENT}，由") for slug in (GZ, QDC))
    assert silent(entry) == {DG, HS}
    assert shown["评价结果公示多久"][HS].startswith(f"{SILENT}，由")


def test_limits_of_changes_stand_in_one_programme_with_their_strictness(shown):
    assert shown["每年可申请几次"][DG] == "每个公历年不超过 2 次（不得）〔解释〕〔第十五条〕"
    assert shown["两次变更间隔"][DG] == "不少于 6 个月（原则上）〔解释〕〔第十五条〕"
    assert shown["合作伙伴数量"][DG] == "不超过 10 家（原则上）〔解释〕〔第十六条〕"
    assert shown["入库单位能否作合作伙伴"][DG] == "不能（不得）〔解释〕〔第十六条〕"
    assert "累计不超过 1 次（不得）〔解释〕〔第十四条〕" in shown["换入库单位可申请几次"][DG]
    for label in ("每年可申请几次", "两次变更间隔", "换入库单位可申请几次"):
        assert silent(shown[label]) == set(FIVE) - {DG}
    assert shown["合作伙伴数量"][GZ] == SILENT
    assert shown["合作伙伴数量"][HS] == f"{SILENT}，不设合作伙伴"


def test_only_the_operations_that_a_text_regulates_are_named(shown):
    operations = shown["可办哪些变更"]
    assert "只办新增联合体企业〔4.6〕" in operations[GZ]
    assert "只办" not in operations[DG]
    assert silent(operations) == {HS, QDP}


def test_major_changes_are_reported_before_or_after_by_whom_the_text_says(shown):
    reports = shown["重大调整怎样报告"]
    assert "办理之前 30 个工作日" in reports[DG]
    assert "合作伙伴的也由其报" in reports[DG]
    assert "办理之前 10 个工作日" in reports[GZ]
    assert "联合体企业的也由其报" in reports[GZ]
    assert "办理之后 30 个工作日内" in reports[QDC]
    assert "由区市主管部门报，备案" in reports[QDC]
    assert "及时，多久未规定" in reports[HS]
    assert "工作日" not in reports[HS]
    assert silent(reports) == {QDP}


def test_evaluation_says_its_rhythm_grades_and_what_is_open(shown):
    rhythm = {slug: text.split("〔")[0] for slug, text in shown["评价多久一次"].items()}
    assert rhythm == {DG: "每半年", GZ: "每季度", HS: "每半年", QDC: "每年", QDP: SILENT}
    grades = shown["等级怎样划"]
    assert grades[HS].startswith("A 不少于 80 分，B 不少于 70 分，C 不少于 60 分，D 少于 60 分")
    assert grades[QDC].startswith("优秀，良好，合格，不合格，分数线未规定")
    assert silent(grades) == {QDP}
    assert all(shown["达标线"][slug].startswith(f"{SILENT}，由") for slug in (DG, GZ))
    assert silent(shown["结果公开吗"]) == {DG, GZ, QDC, QDP}


def test_what_an_evaluation_rests_on_is_cited_where_the_text_says_it(shown):
    assert shown["评价多久一次"][HS] == "每半年〔解释〕〔第十条〕"
    assert shown["达标线"][HS] == f"{SILENT}，满分 100 分〔第十一条〕"
    assert shown["结果公开吗"][HS] == "结果公示〔第十二条〕"
    assert shown["达标线"][DG].endswith("〔第九条（二）、第十条（三）〕")


def test_targets_of_a_task_book_are_no_dimensions_of_an_evaluation(shown):
    dimensions, targets = shown["评价看哪些方面"], shown["任务书定哪些目标"]
    said = {slug: re.findall(r"(\d+) 个方面", text) for slug, text in dimensions.items()}
    assert said == {DG: ["5"], GZ: ["5"], HS: ["4"], QDC: [], QDP: ["3"]}
    assert dimensions[DG].endswith("权重未规定，由工作专班确定〔第八条〕")
    assert targets[DG].startswith("7 项")
    assert targets[DG].endswith("〔第七条〕")
    assert targets[GZ].endswith("〔3.1〕")
    assert silent(targets) == {HS, QDC, QDP}


def test_bad_grades_are_counted_as_each_text_counts_them(shown):
    exits, warnings = shown["评价多差会退出"], shown["评价多差会警示"]
    assert all(exits[slug].startswith("累计达到 2 次“不达标”，应当") for slug in (DG, GZ))
    assert exits[QDC].startswith("连续达到 2 次“不合格”，应当")
    assert exits[HS].startswith("累计达到 2 次“D”，可以")
    assert "（可）" in exits[HS]
    assert silent(exits) == {QDP}
    assert "达到 1 次“D”" in warnings[HS]
    assert "累计达到 2 次“C”" in warnings[HS]
    assert silent(warnings) == {DG, GZ, QDP}


def test_fourth_order_is_one_too_many_and_six_months_are_enough(shown):
    others = shown["按次数或月数退出的其他情形"]
    assert "限期整改次数：累计超过 3 次（可）〔解释〕〔第十五条（一）〕" in others[HS]
    assert "达到 6 个月（可）〔解释〕〔第十五条（二）〕" in others[HS]
    assert silent(others) == set(FIVE) - {HS}


def test_exit_follows_or_may_follow_by_procedure_in_the_words_of_the_text(shown):
    grounds = shown["退出情形几种"]
    must, may = grounds[GZ].split("；")
    assert "应当清退" in must
    assert "（可）" not in must
    assert may.endswith("可以取消资格（可）〔4.3〕")
    assert "可以清退（可）" in grounds[HS]
    assert "应当撤销资格" in grounds[QDC]
    assert silent(shown["退出前的警示"]) == {DG, QDP}


def test_grounds_are_counted_as_the_text_counts_them(shown):
    exits, warnings = shown["退出情形几种"], shown["退出前的警示"]
    said = {slug: re.findall(r"(\d+) 种情形", text) for slug, text in exits.items()}
    assert said == {DG: ["6"], GZ: ["8", "1"], HS: ["7"], QDC: ["7"], QDP: []}
    assert "8 种情形" in warnings[HS]
    assert "6 种情形" in warnings[GZ]


def test_conditions_are_counted_by_the_items_of_their_article(shown):
    conditions = shown["条件有几项"]
    assert "10 项，必须〔第七条（一）、" in conditions[QDC]
    assert conditions[HS].startswith("4 项，必须〔第六条（一）、")
    assert conditions[HS].endswith("细分行业数字化服务商：2 个条件，必须〔第七条〕")
    assert "7 项，必须〔二（一）1、" in conditions[QDP]
    assert "“链主”企业型服务商：3 项，必须、原则上、优先考虑〔" in conditions[QDP]
    assert silent(conditions) == {DG, GZ}


def test_time_to_rectify_is_stated_in_one_text_only(shown):
    spans = shown["整改期限"]
    assert spans[HS].startswith("1 个月")
    assert all(spans[slug].startswith(SILENT) for slug in set(FIVE) - {HS})


def test_council_sits_only_where_a_text_asks_for_it(shown):
    council = shown["退出前要不要会议审议"]
    confirmed, other = council[GZ].split("；")
    assert confirmed.startswith("清退牵引单位、申请退出：")
    assert confirmed.endswith("〔4.4（末段）〕")
    assert other.endswith(f"：{SILENT}")
    assert silent(council) == set(FIVE) - {GZ}


def test_no_exit_is_shown_beforehand_and_two_are_announced(shown):
    assert silent(shown["退出前公示多久"]) == set(FIVE)
    assert silent(shown["退出后公告"]) == {GZ, HS, QDP}
    assert shown["退出后公告"][DG] == "公告〔第十一条〕"


def test_bar_on_re_entry_stands_in_two_texts_only(shown):
    bar = shown["退出后能否再申请"]
    assert silent(bar) == {HS, QDC, QDP}
    assert (bar[DG], bar[GZ]) == (
        "清退、申请退出之后：不能再申请（不得）〔解释〕〔第十条〕",
        "清退牵引单位、申请退出之后：不能再申请（不得）〔解释〕〔4.4〕",
    )


def test_planned_numbers_are_marked_as_planned(shown):
    assert "每个细分行业 10—20 家（拟）〔一（引言）〕" in shown["计划数"][QDP]
    assert silent(shown["计划数"]) == set(FIVE) - {QDP}


def test_what_is_only_flagged_is_no_plan_and_stays_outright(shown):
    assert shown["行业以外的签约"][HS] == "不能，限细分行业数字化服务商（只标注）〔解释〕〔第八条（一）〕"
    assert shown["价格与市场均价之比"][HS].startswith("不超过 100%")
    assert "（不得）" in shown["价格与市场均价之比"][HS]


def test_level_after_transformation_binds_as_strictly_as_each_text_says(shown):
    level = shown["改造后的数字化水平"]
    assert level[DG].endswith("（只标注）〔解释〕〔第六条（四）〕")
    assert level[GZ].endswith("（不得）〔解释〕〔2.2.5〕")
    assert level[HS].endswith("（不得）〔解释〕〔第八条（五）〕")
    assert silent(level) == {QDC, QDP}


def test_what_must_be_reported_promptly_is_said_of_all_that_ask_it(shown):
    promptly = shown["及时报什么"]
    assert promptly[GZ].endswith("〔4.2.4〕")
    assert promptly[HS].endswith("〔第十四条（一）〕")
    assert silent(promptly) == {QDP}


def test_legend_explains_every_tag_of_the_table(five, client):
    page = client.get(reverse("comparison"))
    comparison = page.context["table"]
    lines = (
        line
        for group in comparison.groups
        for row in group.rows
        for _, cell in row.cells
        for line in cell.lines
    )
    used = {line.tag for line in lines if line.tag}
    assert {one.word for one in used} == {"不得", "原则上", "拟", "只标注", "可"}
    assert used == set(comparison.legend)
    text = page.content.decode()
    assert '<span class="tag is-wait">只标注</span> 不合的标出来，不拦办理' in text


def test_validity_says_first_and_last_day_or_event(shown):
    assert (shown["施行"][QDC], shown["失效"][QDC]) == (
        "2021年11月19日〔第二十条〕",
        "2023年11月18日 之后〔第二十条〕",
    )
    assert shown["失效"][DG].startswith("城市试点工作验收完成")
    assert silent(shown["失效"]) == {QDP}
    assert shown["施行"][HS].startswith("尚未发布")


def test_every_duty_stands_in_one_row_of_its_group(five, client):
    group = next(one for one in table(client).groups if one.label == "报告义务")
    lines = [line for row in group.rows for _, cell in row.cells for line in cell.lines if not line.is_unset]
    assert len(lines) == ReportingDuty.objects.count() > 5
