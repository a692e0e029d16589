"""A last day that the text names, in place of a number of days."""

from datetime import date

import pytest

from cases import deadlines
from cases.errors import Refused
from cases.versions.rows import Days
from cities.models import Stage
from tests.conftest import NOW, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(submitted_case):
    """The desk where the case stands, as a text with a last day would have it."""
    Stage.objects.filter(pk=submitted_case.stage.pk).update(last_day=date(2026, 9, 30))
    return Stage.objects.select_related("rulebook__programme", "article", "counting_rule").get(
        pk=submitted_case.stage.pk
    )


def test_stage_with_a_last_day_has_a_time(review):
    assert deadlines.has_span(review)
    assert not deadlines.has_span(Stage(span_number=None))


def test_deadline_ends_with_that_day_and_is_counted_by_no_rule(submitted_case, review):
    submitted_case.stage = review
    opened = deadlines.open_deadline(submitted_case, review, at=NOW)

    assert (opened.closes_on, opened.closes_at) == (date(2026, 9, 30), at("2026-10-01 00:00"))
    assert opened.article == review.article.number


def test_deadline_is_refused_once_the_day_is_over(submitted_case, review):
    with pytest.raises(Refused, match="2026年9月30日 24:00 已经截止"):
        deadlines.open_deadline(submitted_case, review, at=at("2026-10-01 00:00"))


def test_preview_tells_the_day_and_never_that_there_is_none(review):
    told = Days().of(review, NOW)

    assert "2026年9月30日" in told.text
    assert "未规定" not in told.text
