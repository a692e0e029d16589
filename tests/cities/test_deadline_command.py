import json
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command, execute_from_command_line
from django.core.management.base import CommandError

from cities import decisions
from cities.calendar import SHANGHAI
from cities.models import (
    Article,
    CalendarYear,
    City,
    CountingRule,
    OfficeDecision,
    Procedure,
    Programme,
    Rulebook,
    Stage,
)
from tests.conftest import person

AT = datetime(2026, 1, 5, 9, tzinfo=SHANGHAI)
FROM = ("--from", "2026-09-28T10:00")
EXPLICIT = ("--days", "5", "--unit", "calendar", "--first-day", "next")
STAGE = ("--programme", "example", "--procedure", "change", "--stage", "publicity")

pytestmark = pytest.mark.usefixtures("calendar")


@pytest.fixture
def rulebook(db) -> Rulebook:
    city = City.objects.create(slug="example-city", name="示例市", office="示例市工作专班")
    programme = Programme.objects.create(
        city=city, slug="example", name="示例项目", registrant_term="示例单位", number_prefix="SL"
    )
    book = Rulebook.objects.create(
        programme=programme,
        version=1,
        title="示例办法",
        short_title="示例办法",
        effective_from="2026-01-01",
        validity_article="第二十条",
    )
    article = Article.objects.create(rulebook=book, number="第十五条", heading="变更")
    row = {"rulebook": book, "article": article}
    rule = CountingRule.objects.create(**row, key="days", unit="calendar", first_day="next", roll="none")
    procedure = Procedure.objects.create(**row, key="change", kind="partner_change", title="变更")
    stage = {**row, "procedure": procedure, "actor": "clerk"}
    Stage.objects.create(
        **stage, key="publicity", kind="publicity", label="公示", span_number=5, counting_rule=rule
    )
    Stage.objects.create(**stage, key="review", kind="review", label="审核")
    Stage.objects.create(
        **stage, key="open", kind="publicity", label="另行公示", counting_rule=rule, span_set_by_office=True
    )
    book.standing = Rulebook.Standing.PUBLISHED
    book.save()
    return book


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("deadline", *arguments, stdout=out)
    return out.getvalue()


def as_json(*arguments: str) -> dict:
    return json.loads(run(*arguments, "--json"))


def refusal(*arguments: str) -> tuple[int, str]:
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    return refused.value.returncode, str(refused.value)


# Answers --------------------------------------------------------------------------------------------------------------


def test_deadline_of_explicit_calendar_days():
    assert as_json(*EXPLICIT, "--roll", "none", *FROM) == {
        "opens_on": "2026-09-29",
        "closes_on": "2026-10-03",
        "closes_at": "2026-10-04T00:00+08:00",
        "counted": ["2026-09-29", "2026-09-30", "2026-10-01", "2026-10-02", "2026-10-03"],
        "unit": "calendar",
        "certainty": "official",
        "article": None,
    }


def test_deadline_rolled_forward():
    assert as_json(*EXPLICIT, "--roll", "forward", *FROM)["closes_on"] == "2026-10-08"


def test_deadline_without_roll_does_not_roll():
    assert as_json(*EXPLICIT, *FROM) == as_json(*EXPLICIT, "--roll", "none", *FROM)


def test_deadline_of_working_days_ends_on_a_make_up_saturday():
    answer = as_json("--days", "5", "--unit", "working", "--first-day", "next", *FROM)
    assert (answer["closes_on"], answer["counted"][-1]) == ("2026-10-10", "2026-10-10")


@pytest.mark.parametrize(("first_day", "expected"), [("same", "2026-09-21"), ("next", "2026-09-20")])
def test_deadline_before_an_event(first_day, expected):
    rule = ("--days", "10", "--unit", "working", "--first-day", first_day, "--roll", "none")
    answer = as_json(*rule, "--before", "--from", "2026-10-12")
    assert (answer["report_by"], answer["opens_on"], answer["closes_on"]) == (
        expected,
        "2026-09-21",
        "2026-10-10",
    )
    assert len(answer["counted"]) == 10


def test_deadline_of_a_stage_cites_its_article(rulebook):
    answer = as_json(*STAGE, *FROM)
    assert (answer["closes_on"], answer["article"]) == ("2026-10-03", "第十五条")


def test_deadline_of_a_stage_follows_its_row(rulebook):
    Stage.objects.filter(key="publicity").update(span_number=7)
    assert as_json(*STAGE, *FROM)["closes_on"] == "2026-10-05"


def test_deadline_takes_a_moment_of_another_zone_as_its_day_in_shanghai():
    assert as_json(*EXPLICIT, "--from", "2026-09-27T16:00+00:00")["closes_on"] == "2026-10-03"


def test_deadline_on_a_provisional_year_says_so():
    CalendarYear.objects.create(year=2027, status="provisional", source="暂定", loaded_at=AT)
    rule = ("--days", "3", "--unit", "working", "--first-day", "next", "--from", "2026-12-31")
    assert as_json(*rule)["certainty"] == "provisional"
    assert "日历：暂定" in run(*rule).splitlines()


def test_deadline_as_text_counts_day_by_day(rulebook):
    assert run(*STAGE, *FROM).splitlines() == [
        "示例市 · 示例项目，变更，公示（示例办法（第 1 版））",
        "期限：5 天（自然日，次日起算，最后一天不顺延）",
        "起算：2026年9月28日（周一） 10:00",
        "第一天：2026年9月29日（周二）",
        "最后一天：2026年10月3日（周六），24:00 截止",
        "依据：第十五条",
        "日历：正式",
        "逐日：",
        "  2026年9月28日  周一  不计  起算当日",
        "  2026年9月29日  周二  第 1 天",
        "  2026年9月30日  周三  第 2 天",
        "  2026年10月1日  周四  第 3 天  节  国庆节，照计",
        "  2026年10月2日  周五  第 4 天  节  国庆节，照计",
        "  2026年10月3日  周六  第 5 天  节  国庆节，照计",
    ]


def test_deadline_before_an_event_as_text():
    out = run("--days", "2", "--unit", "working", "--first-day", "next", "--before", "--from", "2026-10-12")
    assert out.splitlines() == [
        "期限：2 个工作日（工作日，次日起算，最后一天不顺延）",
        "办理日：2026年10月12日（周一）（当日不计）",
        "最晚报告：2026年10月8日（周四），24:00 截止",
        "计入的第一天：2026年10月9日（周五）",
        "计入的最后一天：2026年10月10日（周六）",
        "依据：无，按写明的参数计算",
        "日历：正式",
        "逐日：",
        "  2026年10月8日  周四  不计  起算当日",
        "  2026年10月9日  周五  第 1 个",
        "  2026年10月10日  周六  第 2 个  班  调休上班",
        "  2026年10月11日  周日  不计  休  休息日",
        "  2026年10月12日  周一  不计  办理当日",
    ]


# A missing year -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "more"), [((), {}), (("--before",), {"report_by": None})])
def test_deadline_on_a_missing_year_has_no_date(before, more):
    out = StringIO()
    rule = ("--days", "5", "--unit", "working", "--first-day", "next", *before, "--from", "2027-03-01")
    with pytest.raises(CommandError) as missing:
        call_command("deadline", *rule, "--json", stdout=out)
    assert json.loads(out.getvalue()) == {
        "opens_on": None,
        "closes_on": None,
        "closes_at": None,
        "counted": [],
        "unit": "working",
        "certainty": "missing",
        "article": None,
        **more,
    }
    assert missing.value.returncode == 1
    assert "2027 年的上班日历没有载入" in str(missing.value)
    assert "manage.py load_calendar" in str(missing.value)


def test_deadline_of_plain_calendar_days_needs_no_year():
    assert as_json(*EXPLICIT, "--from", "2031-10-01T10:00")["closes_on"] == "2031-10-06"


# Refusals -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (EXPLICIT, "缺少 --from：写起算时刻，如 --from 2026-09-28T10:00"),
        (
            (*EXPLICIT, "--from", "tomorrow"),
            "--from 是“tomorrow”，要写成 2026-09-28T10:00 或 2026-09-28",
        ),
        (
            (*EXPLICIT, "--from", "2026-02-30"),
            "--from 是“2026-02-30”，要写成 2026-09-28T10:00 或 2026-09-28",
        ),
        (
            FROM,
            "缺少 --days、--unit、--first-day：写 --programme、--procedure、--stage，或写 --days、--unit、--first-day、--roll",
        ),
        (
            ("--programme", "example", *FROM),
            "缺少 --procedure、--stage：写 --programme、--procedure、--stage，或写 --days、--unit、--first-day、--roll",
        ),
        (
            (*STAGE, "--days", "7", *FROM),
            "--programme、--procedure、--stage 和 --days 不能一起用：天数和算法要么取自规则，要么全部写明",
        ),
        (
            ("--days", "5", "--unit", "weeks", "--first-day", "next", *FROM),
            "--unit 是“weeks”，只能是 calendar、working、month、thirty",
        ),
        (
            ("--days", "5", "--unit", "working", "--first-day", "second", *FROM),
            "--first-day 是“second”，只能是 same、next、next_working",
        ),
        ((*EXPLICIT, "--roll", "", *FROM), "--roll 是“”，只能是 none、forward、backward"),
        ((*EXPLICIT, "--roll", "up", *FROM), "--roll 是“up”，只能是 none、forward、backward"),
        ((*EXPLICIT, "--days", "five", *FROM), "--days 是“five”，要写成 5 这样的正整数"),
        ((*EXPLICIT, "--days", "-5", *FROM), "--days 是“-5”，要写成 5 这样的正整数"),
        ((*EXPLICIT, "--days", "0", *FROM), "天数 0 不对：写 1 到 3660 之间的整数"),
        ((*EXPLICIT, "--days", "9999999", *FROM), "天数 9999999 不对：写 1 到 3660 之间的整数"),
        (
            (*EXPLICIT, "--roll", "forward", "--before", *FROM),
            "从办理日往回数，最后一天不能顺延（顺延就晚了）：roll 改为 none 或 backward",
        ),
        (
            (*EXPLICIT, "--from", "9999-12-30"),
            "算出的日期超出了公历的范围（0001 年到 9999 年）：改小 --days，或改 --from",
        ),
        (
            (*EXPLICIT, "--before", "--from", "0001-01-03"),
            "算出的日期超出了公历的范围（0001 年到 9999 年）：改小 --days，或改 --from",
        ),
        ((*EXPLICIT, *FROM, "--weeks", "2"), "不认识的参数：--weeks 2。参数见 --help"),
        ((*EXPLICIT, "--from"), "--from 后面要写一个值。参数见 --help"),
        ((*EXPLICIT, *FROM, "--json=yes"), "--json 后面不写值，现在写了 'yes'。参数见 --help"),
        ((*EXPLICIT, *FROM, "--prog", "x"), "不认识的参数：--prog x。参数见 --help"),
    ],
)
def test_wrong_argument_is_refused_in_one_sentence(arguments, sentence):
    assert refusal(*arguments) == (2, sentence)


@pytest.mark.parametrize(
    ("flag", "sentence"),
    [
        ("--programme", "--programme 没有“x”，现在有：example"),
        ("--procedure", "--procedure 没有“x”，现在有：change"),
        ("--stage", "--stage 没有“x”，现在有：publicity、review、open"),
    ],
)
def test_unknown_stage_is_refused_with_what_there_is(rulebook, flag, sentence):
    arguments = list(STAGE)
    arguments[arguments.index(flag) + 1] = "x"
    assert refusal(*arguments, *FROM) == (2, sentence)


def test_unknown_programme_where_there_is_none_says_so():
    assert refusal(*STAGE, *FROM)[1] == "--programme 没有“example”，现在有：（一个也没有，先载入规则）"


def test_stage_before_its_rulebook_is_in_force_is_refused(rulebook):
    assert refusal(*STAGE, "--from", "2025-12-31T23:59") == (
        2,
        "示例市 · 示例项目在 2025年12月31日没有现行规则：改 --from，或先载入规则",
    )


@pytest.mark.parametrize(
    ("stage", "sentence"),
    [
        ("review", "示例市 · 示例项目“变更”的“审核”没有期限：第十五条未规定"),
        (
            "open",
            "示例市 · 示例项目“变更”的“另行公示”没有期限：第十五条未规定，由主管部门确定，还没有登记决定",
        ),
    ],
)
def test_stage_without_a_span_says_that_the_text_sets_none(rulebook, stage, sentence):
    assert refusal(*STAGE[:-1], stage, *FROM) == (1, sentence)


def enter(rulebook: Rulebook, by: Any) -> OfficeDecision:
    [matter] = [one for one in decisions.matters(rulebook, AT) if one.place == "change.open" and one.is_value]
    value, wording = decisions.span_value(3, "working", "next", "none")
    told: dict[str, Any] = {"value": value, "wording": wording, "basis": "会议纪要第 4 号"}
    return decisions.propose(
        rulebook.programme, matter, **told, decided_on=AT.date(), effective_from=AT.date(), by=by, at=AT
    )


def test_stage_is_counted_as_the_office_has_decided_once_another_has_confirmed_it(rulebook):
    entered = enter(rulebook, person("one", "一号"))
    assert refusal(*STAGE[:-1], "open", *FROM) == (
        1,
        "示例市 · 示例项目“变更”的“另行公示”没有期限：第十五条未规定，由主管部门确定，登记的决定还没有由另一人确认",
    )
    decisions.confirm(entered, by=person("two", "二号"), at=AT)
    lines = run(*STAGE[:-1], "open", *FROM).splitlines()
    assert lines[1] == "期限：3 个工作日（工作日，次日起算，最后一天不顺延）"
    assert lines[4] == "最后一天：2026年10月8日（周四），24:00 截止"
    assert lines[5].startswith("依据：第十五条；主管部门 2026年1月5日 确定为 3 个工作日")
    assert refusal(*STAGE[:-1], "open", "--from", "2026-01-04T09:00")[0] == 1


def test_stage_ends_with_the_last_day_that_the_text_names(rulebook):
    Stage.objects.filter(key="review").update(last_day="2026-09-30")
    lines = run(*STAGE[:-1], "review", *FROM).splitlines()
    assert lines[1] == "期限：到写明的最后一天 2026年9月30日 为止"
    assert lines[4] == "最后一天：2026年9月30日（周三），24:00 截止"
    assert json.loads(run(*STAGE[:-1], "review", *FROM, "--json"))["counted"] == [
        "2026-09-28",
        "2026-09-29",
        "2026-09-30",
    ]
    late = ("--from", "2026-10-01T00:00")
    assert refusal(*STAGE[:-1], "review", *late) == (2, "2026年9月30日 24:00 已经截止")
    assert refusal(*STAGE[:-1], "review", *FROM, "--before") == (
        2,
        "“审核”有写明的最后一天，不往回数：去掉 --before",
    )


def test_wrong_argument_on_the_shell_exits_with_2(capsys):
    with pytest.raises(SystemExit) as stopped:
        execute_from_command_line(["manage.py", "deadline", "--weeks", "2"])
    assert (stopped.value.code, capsys.readouterr().err) == (2, "不认识的参数：--weeks 2。参数见 --help\n")
