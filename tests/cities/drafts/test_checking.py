"""What is wrong in a draft, and how it differs from what it was copied from."""

import pytest

from cities.models import Article, Category, Limit, Outcome, Stage
from cities.rulebooks import checking, comparing
from tests.cities.drafts.pages import page

pytestmark = pytest.mark.django_db


def test_copy_of_a_sound_version_has_no_faults(draft):
    assert checking.findings(draft) == []


def test_every_fault_is_found_at_once_and_led_back_to_its_row(draft, desk):
    publicity = Stage.objects.get(rulebook=draft, key="publicity")
    Stage.objects.filter(pk=publicity.pk).update(span_number=None, channel="")
    Outcome.objects.filter(rulebook=draft, key="upheld").delete()
    Limit.objects.filter(rulebook=draft).update(procedure_key="chance", interpretations=[{"question": "?"}])

    found = [(one.key, one.row) for one in checking.findings(draft)]

    path, limit = "procedures.change.stages.publicity", Limit.objects.get(rulebook=draft)
    assert found == [
        ("limits.twice.procedure", limit),
        ("limits.twice.interpretations", limit),
        (f"{path}.channel", publicity),
        (f"{path}.outcomes", publicity),
        (f"{path}.span", publicity),
        (f"{path}.counting", publicity),
    ]
    shown = desk.get(page(draft, "check")).content.decode()
    assert "<h1>有 6 处要改</h1>" in shown
    assert f'<a href="{page(publicity)}">环节</a>' in shown
    assert "第 3" not in shown


def test_faults_take_as_many_queries_for_one_as_for_many(draft, django_assert_num_queries):
    Outcome.objects.filter(rulebook=draft, key="upheld").delete()
    with django_assert_num_queries(35):
        assert len(checking.findings(draft)) == 1
    Stage.objects.filter(rulebook=draft).update(channel="")
    with django_assert_num_queries(35):
        assert len(checking.findings(draft)) == 2


def test_comparison_tells_articles_rows_and_values(rulebook, draft, desk):
    Stage.objects.filter(rulebook=draft, key="publicity").update(span_number=7)
    Limit.objects.filter(rulebook=draft).update(joint=False, window="rolling")
    Outcome.objects.filter(rulebook=draft, key="upheld").delete()
    Category.objects.create(
        rulebook=draft, article=Article.objects.get(rulebook=draft, number="第一条"), key="large", name="大型"
    )

    told = [(c.mark, c.article, c.place, c.field, c.old, c.new) for c in comparing.compare(rulebook, draft)]

    assert told == [
        ("add", "第一条", "large", "", "无", "大型"),
        ("edit", "第二条", "twice", "期间", "每个公历年", "任意连续十二个月"),
        ("edit", "第二条", "twice", "各项变更合并计", "是", "否"),
        ("edit", "第二条", "change.publicity", "期限", "5", "7"),
        ("end", "第二条", "change.publicity.upheld", "", "公示“异议成立”：办结，未通过", "无"),
    ]
    shown = desk.get(page(draft, "compare")).content.decode()
    assert "<h1>与第 1 版比较：5 处不同</h1>" in shown
    assert "涉及 2 个条、项：第一条、第二条" in shown
    assert "<del>5</del>" in shown
    assert "<ins>7</ins>" in shown


def test_comparison_shows_a_reading_with_its_alternatives(rulebook, draft):
    reading = {
        "question": "算不算？",
        "reading": "算。",
        "alternatives": [{"reading": "七天", "sets": {"span_number": 7}}],
    }
    Stage.objects.filter(rulebook=draft, key="publicity").update(interpretations=[reading])

    [changed] = comparing.compare(rulebook, draft)

    assert (changed.field, changed.new) == ("解释", "算不算？算。（还可以：七天〔span_number 7〕）")


def test_first_version_is_compared_with_nothing(rulebook, desk):
    assert desk.get(page(rulebook, "compare")).status_code == 404
