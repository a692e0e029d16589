from datetime import date, datetime
from io import StringIO
from pathlib import Path

import pytest
from chinese_calendar import holidays
from chinese_calendar import is_workday as library_is_workday
from django.core.management import call_command
from django.core.management.base import CommandError

from cities.calendar import SHANGHAI, Calendar
from cities.calendar.dates import between
from cities.calendar.loading import SEED_SOURCE, seed
from cities.models import CalendarDay, CalendarYear

AT = datetime(2026, 1, 5, 9, tzinfo=SHANGHAI)
PROVISIONAL = ("--year", "2027", "--status", "provisional", "--source", "工作机构暂定")
THREE_DAYS = "date,is_workday,name\n2027-01-01,0,元旦\n2027-01-02,0,元旦\n2027/1/10,1,元旦调休\n"

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("load_calendar", *arguments, stdout=out)
    return out.getvalue()


def refusal(*arguments: str) -> tuple[int, str]:
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    return refused.value.returncode, str(refused.value)


@pytest.fixture
def csv_file(tmp_path: Path):
    def write(text: str, encoding: str = "utf-8") -> str:
        path = tmp_path / "calendar.csv"
        path.write_text(text, encoding=encoding)
        return str(path)

    return write


def rows(year: int) -> list[tuple[str, bool, str, str]]:
    days = CalendarDay.objects.filter(date__year=year).order_by("date")
    return [(str(day.date), day.is_workday, day.name, day.source) for day in days]


# Seeding --------------------------------------------------------------------------------------------------------------


def test_seed_loads_every_year_of_the_library_as_official():
    out = run()
    covered = range(min(holidays).year, max(holidays).year + 1)
    assert list(CalendarYear.objects.order_by("year").values_list("year", "status", "source")) == [
        (year, "official", SEED_SOURCE) for year in covered
    ]
    assert f"{covered[-1]} 年：新载入" in out
    assert len(out.splitlines()) == len(covered)


def test_seed_agrees_with_the_library_on_every_day():
    seed(AT)
    first, last = date(min(holidays).year, 1, 1), date(max(holidays).year, 12, 31)
    calendar = Calendar(range(first.year, last.year + 1))
    assert [day for day in between(first, last) if calendar.is_workday(day) != library_is_workday(day)] == []


def test_seed_names_holidays_and_make_up_days_in_chinese():
    seed(AT)
    september = CalendarDay.objects.filter(date__year=2026, date__month=9).order_by("date")
    assert [(day.date.day, day.is_workday, day.name) for day in september] == [
        (20, True, "国庆节调休"),
        (25, False, "中秋节"),
        (26, False, "中秋节"),
        (27, False, "中秋节"),
    ]


def test_seed_twice_changes_nothing():
    run()
    before = (list(CalendarYear.objects.values()), list(CalendarDay.objects.values()))
    out = run()
    assert (list(CalendarYear.objects.values()), list(CalendarDay.objects.values())) == before
    assert out == f"没有变化，共 {len(before[0])} 年\n"
    assert CalendarDay.history.count() == len(before[1])


def test_seed_keeps_a_day_that_staff_corrected():
    seed(AT)
    day = CalendarDay.objects.get(date="2026-09-25")
    day.is_workday, day.name, day.source = True, "", "市府办通知"
    day.save()
    out = run()
    day.refresh_from_db()
    assert (day.is_workday, day.source) == (True, "市府办通知")
    assert out.splitlines()[0] == "2026 年：保留工作人员改过的 2026-09-25"


def test_seed_keeps_a_day_that_staff_added():
    seed(AT)
    CalendarDay.objects.create(date="2026-10-19", is_workday=False, name="停工日", source="市府办通知")
    out = run()
    assert CalendarDay.objects.filter(date="2026-10-19").exists()
    assert out.splitlines()[0] == "2026 年：保留工作人员改过的 2026-10-19"


def test_seed_mends_what_is_its_own():
    seed(AT)
    CalendarDay.objects.get(date="2026-10-01").delete()
    CalendarDay.objects.create(date="2026-10-19", is_workday=False, name="", source=SEED_SOURCE)
    wrong = CalendarDay.objects.get(date="2026-10-10")
    wrong.is_workday = False
    wrong.save()
    assert run() == "2026 年：新增 2026-10-01；改动 2026-10-10；删去 2026-10-19\n"


def test_seed_leaves_a_year_that_staff_loaded(csv_file):
    CalendarYear.objects.create(year=2026, status="provisional", source="市府办通知", loaded_at=AT)
    out = run()
    assert "2026 年：未改动，由工作人员载入（暂定，市府办通知）" in out.splitlines()
    assert rows(2026) == []


# A file ---------------------------------------------------------------------------------------------------------------


def test_file_loads_a_year(csv_file):
    out = run(csv_file(THREE_DAYS), *PROVISIONAL)
    assert out == "2027 年：新载入，3 天\n"
    year = CalendarYear.objects.get()
    assert (year.year, year.status, year.source) == (2027, "provisional", "工作机构暂定")
    assert rows(2027) == [
        ("2027-01-01", False, "元旦", "工作机构暂定"),
        ("2027-01-02", False, "元旦", "工作机构暂定"),
        ("2027-01-10", True, "元旦调休", "工作机构暂定"),
    ]


def test_file_twice_changes_nothing(csv_file):
    path = csv_file(THREE_DAYS)
    run(path, *PROVISIONAL)
    before = list(CalendarYear.objects.values())
    assert run(path, *PROVISIONAL) == "没有变化，共 1 年\n"
    assert list(CalendarYear.objects.values()) == before


def test_file_with_a_byte_order_mark_loads(csv_file):
    assert run(csv_file(THREE_DAYS, "utf-8-sig"), *PROVISIONAL) == "2027 年：新载入，3 天\n"


def test_file_makes_a_provisional_year_official_and_says_what_differs(csv_file):
    run(csv_file(THREE_DAYS), *PROVISIONAL)
    official = "date,is_workday,name\n2027-01-01,0,元旦\n2027-01-04,0,元旦\n2027-01-10,1,元旦调休\n"
    out = run(csv_file(official), "--year", "2027", "--status", "official", "--source", "国办发明电")
    assert out == (
        "2027 年：原为暂定，状态或来源已改；新增 2027-01-04；改动 2027-01-01、2027-01-10；删去 2027-01-02\n"
    )
    assert CalendarYear.objects.get().status == "official"


def test_file_refuses_all_wrong_rows_at_once_and_loads_nothing(csv_file):
    text = (
        "date,is_workday,name\n"
        "2027-01-01,0,元旦\n"
        "2027-13-01,0,元旦\n"
        "2026-12-31,0,元旦\n"
        "2027-01-01,0,元旦\n"
        "2027-01-04,maybe,元旦\n"
        "2027-01-05,1,\n"
        "\n"
        "2027-01-09,0,\n"
        "2027-01-06,0\n"
        f"2027-01-07,0,{'长' * 61}\n"
        "元旦,0,元旦\n"
    )
    path = csv_file(text)
    code, sentence = refusal(path, *PROVISIONAL)
    assert code == 1
    assert sentence.splitlines() == [
        f"{path} 有 9 处要改，什么都没有载入：",
        "  第 3 行：date 是“2027-13-01”，要写成 2026-10-01 这样的日期",
        "  第 4 行：2026-12-31 不在 2027 年",
        "  第 5 行：2027-01-01 前面已经有一行",
        "  第 6 行：is_workday 是“maybe”，只能是 1（上班）或 0（放假）",
        "  第 7 行：2027-01-05 是工作日，本来就上班：改正日期，或删去这一行",
        "  第 9 行：2027-01-09 是周末，本来就休息：写上节日名称，改正日期，或删去这一行",
        "  第 10 行：要有 3 列（date,is_workday,name），现在是 2 列",
        "  第 11 行：name 有 61 个字，最多 60 个",
        "  第 12 行：date 是“元旦”，要写成 2026-10-01 这样的日期",
    ]
    assert (CalendarYear.objects.count(), CalendarDay.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "第 1 行：列名要是 date,is_workday,name，现在是“”"),
        ("日期,上班,名称\n", "第 1 行：列名要是 date,is_workday,name，现在是“日期,上班,名称”"),
        ("date,is_workday,name\n\n", "第 2 行：没有一天。列出放假的日子和调休上班的周末"),
        ('date,is_workday,name\n2027-01-01,0,"元旦\n', "引号没有配对，或有不能识别的字符；后面的行没有读"),
    ],
)
def test_file_without_a_proper_table_is_refused(csv_file, text, reason):
    assert reason in refusal(csv_file(text), *PROVISIONAL)[1]
    assert CalendarYear.objects.count() == 0


def test_file_in_another_encoding_is_refused(csv_file):
    code, sentence = refusal(csv_file(THREE_DAYS, "gb18030"), *PROVISIONAL)
    assert (code, "不是 UTF-8 编码：在表格软件里另存为“CSV UTF-8”再载入" in sentence) == (1, True)


def test_file_that_is_not_there_is_refused(tmp_path):
    code, sentence = refusal(str(tmp_path / "none.csv"), *PROVISIONAL)
    assert (code, sentence.startswith("打不开文件")) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("x.csv",), "缺少 --year：写明文件是哪一年的，如 --year 2027"),
        (("x.csv", "--year", "27"), "--year 是“27”，要写成 2027 这样的四位数年份"),
        (("x.csv", "--year", "2027"), "--status 没有写，只能是 provisional（暂定）或 official（正式）"),
        (
            ("x.csv", "--year", "2027", "--status", "missing"),
            "--status 是“missing”，只能是 provisional（暂定）或 official（正式）",
        ),
        (
            ("x.csv", "--year", "2027", "--status", "official", "--source", " "),
            "缺少 --source：写明这份日历从哪里来，如通知的文号",
        ),
        (
            ("x.csv", "--year", "2027", "--status", "official", "--source", "长" * 201),
            "--source 有 201 个字，最多 200 个",
        ),
        (("--year", "2027"), "--year 只和文件一起用：写上 CSV 文件，或去掉 --year"),
        (("x.csv", "--yaer", "2027"), "不认识的参数：--yaer 2027。参数见 --help"),
        (("x.csv", "--year"), "--year 后面要写一个值。参数见 --help"),
    ],
)
def test_wrong_argument_is_refused_in_one_sentence(arguments, sentence):
    assert refusal(*arguments) == (2, sentence)
