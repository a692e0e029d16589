"""How far a row lets its days be extended: what a file may say, and how the rules page says it."""

from typing import Any

import pytest

from cities.models import Outcome, Stage
from cities.rulebooks.describe import describe
from cities.rulebooks.load import RulebookErrors
from tests.rulebooks import load_changed, stage

pytestmark = pytest.mark.django_db
DAYS: dict[str, Any] = {"span": 3, "counting": "working_next"}


@pytest.mark.parametrize(
    ("key", "row", "said"),
    [
        ("review", {**DAYS, "extend_times": 2}, "没有写一次最多延长多少（应同时写 extend_by_most）"),
        ("review", {**DAYS, "extend_by_most": 0}, "是 0（应为 1 以上；不能延长就不写）"),
        ("review", {**DAYS, "extend_by_most": 1, "extend_times": 0}, "是 0（应为 1 以上；不能延长就不写）"),
        ("review", {"extend_by_most": 1}, "没有期限，无从延长（应同时写 span 和 counting，或者去掉）"),
        ("publicity", {"extend_by_most": 1}, "公示的起止已经告诉公众，不能延长（应去掉）"),
    ],
)
def test_extension_that_cannot_stand_is_refused_with_what_should(tmp_path, key, row, said):
    with pytest.raises(RulebookErrors) as refused:
        load_changed(tmp_path, lambda content: stage(content, key).update(row))
    assert [said in error.reason for error in refused.value.errors] == [True]


def test_rules_page_says_how_far_days_may_be_extended(tmp_path):
    def change(content: Any) -> None:
        stage(content, "review").update(**DAYS, extend_by_most=2)
        stage(content, "review")["outcomes"][1].update(extend_by_most=5, extend_times=3)

    load_changed(tmp_path, change)
    review = Stage.objects.get(key="review", procedure__key="partner_change")
    assert "可延长 1 次，一次最多 2 个工作日" in describe(review)
    returned = Outcome.objects.get(stage=review, key="return")
    assert "可延长 3 次，一次最多 5 个自然日" in describe(returned)
    assert "可延长" not in describe(Stage.objects.get(key="approval", procedure__key="partner_change"))
