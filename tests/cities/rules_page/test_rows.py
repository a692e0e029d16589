"""What the page of a rulebook says of its rows."""

import pytest
from django.urls import reverse

from cities import built
from cities.models import Limit, Outcome, RequiredMaterial, Stage
from cities.rulebooks.describe import citation, describe
from cities.rulebooks.load import load
from tests.cities.rulebook_files import write
from tests.cities.rules_page.page import AT, DONGGUAN, queries, text

pytestmark = pytest.mark.django_db


def test_describe_says_each_row_in_plain_chinese():
    load([DONGGUAN], at=AT)
    assert describe(Stage.objects.get(procedure__key="partner_change", key="publicity")) == (
        "公示：5 个自然日，自次日起算，最后一天不顺延，在本平台，期满自行发布"
    )
    assert describe(Stage.objects.get(procedure__key="partner_change", key="approval")) == (
        "审定：未规定期限，由审定人办理，不能与前面的经办人是同一人"
    )
    assert describe(Limit.objects.get(key="changes_per_year")) == (
        "申请次数：每家牵引单位，每个公历年不超过 2 次（计提交的申请，未通过的、撤回的也计，责令变更的不计；提交时查）"
    )
    assert describe(Limit.objects.get(key="months_between_changes")) == (
        "两次变更间隔：每家牵引单位原则上不少于 6 个月（从上一次发布量到这一次提交；计已发布的变更，责令变更的不计；提交时查）"
    )
    assert describe(Outcome.objects.get(stage__procedure__key="partner_change", key="failed")) == (
        "发布“未能发布”：转“审定”，5 个工作日，自次日起算，最后一天不顺延"
    )
    assert describe(RequiredMaterial.objects.get(key="representative_id")) == (
        "法定代表人身份证复印件：必交，须盖章，含个人信息，不公开，PDF、JPEG、PNG，20 MB 以内"
    )


def test_citation_leads_to_the_article_of_that_very_version():
    load([DONGGUAN], at=AT)
    number, url = citation(Limit.objects.get(key="changes_per_year"))
    assert (number, url) == ("第十五条", "/rules/dongguan-lead-units/?version=1#a-第十五条")


def test_rulebook_page_shows_articles_rows_and_readings(client, monkeypatch):
    monkeypatch.setattr(built, "_procedures", {"partner_change"})
    load([DONGGUAN], at=AT)

    page = text(client, reverse("rulebook", args=["dongguan-lead-units"]))

    assert 'id="a-第十五条（三）"' in page
    assert "公示：5 个自然日，自次日起算，最后一天不顺延，在本平台，期满自行发布" in page
    assert "〔解释：最后一天是休息日怎么办？照常届满，不顺延；条文没有写顺延。〕" in page
    assert "顺延到下一个工作日" in page
    assert '<span class="tag is-good">现行</span>' in page
    assert "有效期至城市试点工作验收完成" in page


def test_rulebook_page_marks_procedures_that_no_app_carries_out(client, monkeypatch, tmp_path):
    monkeypatch.setattr(built, "_procedures", set())
    load([write(tmp_path)], at=AT)
    address = reverse("rulebook", args=["sample-providers"])

    def awaiting() -> set[str]:
        found = client.get(address).context["articles"]
        return {row.kind for article in found for row in article.rows if row.awaits}

    assert awaiting() == {"程序", "环节", "结果", "材料", "限制"}
    built.declare("partner_change")
    assert awaiting() == set()


def test_rulebook_page_costs_the_same_queries_for_few_rows_and_for_many(client, tmp_path):
    load([DONGGUAN, write(tmp_path)], at=AT)

    few, many = (
        queries(client, reverse("rulebook", args=[slug]))
        for slug in ("sample-providers", "dongguan-lead-units")
    )

    assert few == many
