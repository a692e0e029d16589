from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cities import built
from cities.models import Limit, Outcome, Procedure, RequiredMaterial, Stage
from cities.rulebooks.describe import citation, describe
from cities.rulebooks.load import load
from tests.cities.rulebook_files import write
from tests.conftest import at

DONGGUAN = Path(__file__).parents[2] / "fixtures/rulebooks/dongguan-lead-units.yaml"
AT = at("2026-09-17 10:32")
SECOND = (("version: 1", "version: 2"), ("effective_from: 2025-01-01", "effective_from: 2026-10-01"))
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(stopped_clock: Any) -> None:
    stopped_clock(AT)


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_describe_says_each_row_in_plain_chinese():
    load([DONGGUAN], at=AT)
    assert describe(Stage.objects.get(procedure__key="partner_change", key="publicity")) == (
        "公示：5 个自然日，自次日起算，末日不顺延，在本平台，期满自行发布"
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
        "发布“未能发布”：转“审定”，5 个工作日，自次日起算，末日不顺延"
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
    assert "公示：5 个自然日，自次日起算，末日不顺延，在本平台，期满自行发布" in page
    assert "照常届满，不顺延；条文没有写顺延。" in page
    assert "顺延到下一个工作日" in page
    assert '<span class="tag is-good">现行</span>' in page
    assert "有效期至城市试点工作验收完成" in page


def test_rulebook_page_marks_procedures_that_no_app_carries_out(client, monkeypatch):
    monkeypatch.setattr(built, "_procedures", {"partner_change"})
    load([DONGGUAN], at=AT)

    response = client.get(reverse("rulebook", args=["dongguan-lead-units"]))

    awaiting = {
        article.number for article in response.context["articles"] for row in article.rows if row.awaits
    }
    assert awaiting == {"第十三条", "第十三条（一）", "第十三条（二）", "第十三条（三）"}
    assert [built.awaits(one) for one in Procedure.objects.order_by("order")] == [False, True]


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_rulebook_page_costs_the_same_queries_for_few_rows_and_for_many(client, tmp_path):
    load([DONGGUAN, write(tmp_path)], at=AT)

    few, many = (
        queries(client, reverse("rulebook", args=[slug]))
        for slug in ("sample-providers", "dongguan-lead-units")
    )

    assert few == many


def test_rulebook_page_shows_the_version_asked_for(client, tmp_path):
    load([write(tmp_path), write(tmp_path, *SECOND, name="second.yaml")], at=AT)
    address = reverse("rulebook", args=["sample-providers"])

    assert client.get(address).context["rulebook"].version == 1
    later = client.get(address, {"version": "2"})
    assert (later.context["rulebook"].version, later.context["standing"].word) == (2, "尚未施行")


@pytest.mark.parametrize("version", ["9", "", "x", "1 or 1", "9" * 400])
def test_rulebook_page_of_no_such_version_is_a_clear_404(client, tmp_path, version):
    load([write(tmp_path)], at=AT)
    response = client.get(reverse("rulebook", args=["sample-providers"]), {"version": version})

    assert response.status_code == 404
    assert "没有这一版规则。已公布的：第 1 版。" in response.content.decode()


def test_draft_is_not_public_and_a_text_for_comment_is_shown_as_one(client, tmp_path):
    load([write(tmp_path, ("standing: published", "standing: draft"))], at=AT)
    address = reverse("rulebook", args=["sample-providers"])
    assert client.get(address).status_code == 404
    assert "还没有公布规则" in text(client, reverse("rulebooks"))

    load([write(tmp_path, ("standing: published", "standing: consultation"))], at=AT)
    assert '<span class="tag is-wait">征求意见稿</span>' in text(client, address)
    assert "征求意见稿，没有效力" in text(client, reverse("rulebooks"))


def test_list_of_rulebooks_costs_the_same_queries_for_one_and_for_three(client, tmp_path):
    counts = []
    for prefix in ("AA", "AB", "AC"):
        changes = (("sample-providers", prefix.lower()), ("number_prefix: SL", f"number_prefix: {prefix}"))
        load([write(tmp_path, *changes, name=f"{prefix}.yaml")], at=AT)
        counts.append(queries(client, reverse("rulebooks")))

    assert counts[0] == counts[2]
    assert len(client.get(reverse("rulebooks")).context["rows"]) == 3
