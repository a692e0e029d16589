"""A limit that is only flagged, in words: what is out of it is marked, and nothing is stopped."""

import pytest

from cities.models import Limit
from cities.rulebooks.describe import describe
from tests.cities.rows import DG, HS, row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("five")]


def test_flagged_limit_says_what_becomes_of_it():
    level, industries = describe(row(Limit, DG, "level_two")), describe(row(Limit, HS, "other_industries"))

    assert "不少于 2 级，不合的只标注，不拦" in level
    assert "，一家企业也不能，不合的只标注，不拦" in industries
    assert "只标注不少于" not in level
    assert "只标注一" not in industries


def test_limit_on_projects_is_not_said_to_be_asked_at_a_publicity():
    told = describe(row(Limit, DG, "level_two"))

    assert "公示" not in told
    assert "提交和每次办理时查" in told
