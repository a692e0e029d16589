from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template import Context, Template

from records import words

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 9, 17, 10, 32, 8, tzinfo=SHANGHAI)
TODAY = NOW.date()
MIDNIGHT = datetime(2026, 9, 21, tzinfo=SHANGHAI)


def test_day_in_current_year_leaves_year_out():
    assert words.day(date(2026, 9, 2), TODAY) == "9月2日"


def test_day_of_another_year_names_it():
    assert words.day(date(2027, 1, 11), TODAY) == "2027年1月11日"


def test_day_of_moment_is_the_local_one():
    assert words.day(datetime(2026, 9, 16, 16, 0, tzinfo=ZoneInfo("UTC")), TODAY) == "9月17日"


def test_full_day_has_no_leading_zero():
    assert words.full_day(date(2026, 1, 5)) == "2026年1月5日"


def test_moment_and_second():
    assert words.moment(NOW, TODAY) == "9月17日 10:32"
    assert words.moment(NOW, date(2027, 1, 1)) == "2026年9月17日 10:32"
    assert words.full_moment(NOW) == "2026年9月17日 10:32"
    assert words.second(NOW) == "2026年9月17日 10:32:08"


@pytest.mark.parametrize(("day", "name"), [(date(2026, 9, 16), "周三"), (date(2026, 9, 20), "周日")])
def test_weekday(day, name):
    assert words.weekday(day) == name


def test_closes_at_midnight_is_24_of_the_day_before():
    assert words.closes(MIDNIGHT, TODAY) == "9月20日 24:00"


def test_closes_at_new_year_is_the_old_year():
    end = datetime(2027, 1, 1, tzinfo=SHANGHAI)
    assert words.closes(end, TODAY) == "12月31日 24:00"
    assert words.full_closes(end) == "2026年12月31日 24:00"


def test_closes_at_closing_hour_is_that_hour_of_that_day():
    assert words.closes(datetime(2026, 9, 20, 17, 30, tzinfo=SHANGHAI), TODAY) == "9月20日 17:30"


@pytest.mark.parametrize(
    ("closes_at", "said"),
    [
        (MIDNIGHT, "还有 3 天"),
        (datetime(2026, 9, 18, tzinfo=SHANGHAI), "今天"),
        (datetime(2026, 9, 17, 17, tzinfo=SHANGHAI), "今天"),
        (datetime(2026, 9, 17, 9, tzinfo=SHANGHAI), "今天已过"),
        (datetime(2026, 9, 17, tzinfo=SHANGHAI), "逾期 1 天"),
        (datetime(2026, 9, 16, tzinfo=SHANGHAI), "逾期 2 天"),
    ],
)
def test_days_left(closes_at, said):
    assert words.days_left(closes_at, NOW) == said


def test_days_left_turns_at_the_last_moment():
    assert words.days_left(MIDNIGHT, MIDNIGHT - timedelta(microseconds=1)) == "今天"
    assert words.days_left(MIDNIGHT, MIDNIGHT) == "逾期 1 天"


@pytest.mark.parametrize(("size", "said"), [(512, "512 B"), (655_360, "640 KB"), (1_258_291, "1.2 MB")])
def test_file_size(size, said):
    assert words.file_size(size) == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [(28000, "28,000"), (Decimal("28000.00"), "28,000"), (Decimal("28000.5"), "28,000.50"), (0, "0")],
)
def test_money(amount, said):
    assert words.money(amount) == said


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("now|day", "9月17日"),
        ("now|fullday", "2026年9月17日"),
        ("now|moment", "9月17日 10:32"),
        ("now|fullmoment", "2026年9月17日 10:32"),
        ("now|second", "2026年9月17日 10:32:08"),
        ("end|closes", "9月20日 24:00"),
        ("end|fullcloses", "2026年9月20日 24:00"),
        ("end|days_left", "还有 3 天"),
        ('now|weekday:"星期"', "星期四"),
        ("655360|filesize", "640 KB"),
        ("28000|money", "28,000"),
        ("0|money", "0"),
    ],
)
def test_filters_are_relative_to_the_clock(expression, said):
    with time_machine.travel(NOW, tick=False):
        assert render(f"{{{{ {expression} }}}}", now=NOW, end=MIDNIGHT) == said


@pytest.mark.parametrize(
    "name", ["day", "fullday", "moment", "second", "closes", "days_left", "weekday", "money"]
)
def test_filters_leave_a_missing_value_empty(name):
    assert render(f"{{{{ nothing|{name} }}}}", nothing=None) == ""


def test_own_words_keeps_chinese_and_drops_developers_english():
    assert render("{{ e|own_words }}", e=ValueError("没有这一天的名单")) == "没有这一天的名单"
    assert render("{{ e|own_words }}", e=ValueError("No Case matches the given query.")) == ""


def render(source, **context):
    return Template("{% load words %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("speed", "said"),
    [
        (1, ""),
        (90, "按实际时间的 90 倍走（1 分钟走 90 分钟）"),
        (120, "按实际时间的 120 倍走（1 分钟走 2 小时）"),
        (1440, "按实际时间的 1440 倍走（1 分钟走 1 天）"),
    ],
)
def test_pace_of_a_clock(speed, said):
    assert words.pace(speed) == said
