"""Titles of several lines: about as long as one another, no word and no name broken."""

import pytest

from notices.pdf.titles import WIDEST, lines

UNIT = "示例智造科技有限公司"


@pytest.mark.parametrize(
    ("title", "broken"),
    [
        ("关于试验的公告", ["关于试验的公告"]),
        ("字" * WIDEST, ["字" * WIDEST]),
        ("字" * (WIDEST + 1), ["字" * 10, "字" * 11]),
        (f"关于清退牵引单位{UNIT}的公告", ["关于清退牵引单位", f"{UNIT}的公告"]),
        (f"关于责令{UNIT}限期整改的通知", [f"关于责令{UNIT}"[:4] + UNIT, "限期整改的通知"]),
        (
            "关于公布2026年第一批数字化转型服务商名单的通知",
            ["关于公布2026年第一批", "数字化转型服务商名单的通知"],
        ),
    ],
)
def test_title_is_broken_where_it_reads_well(title, broken):
    assert lines(title, [UNIT]) == broken


def test_name_that_fills_more_than_a_line_is_broken_and_nothing_is_lost():
    title = f"关于取消{'示例' * 15}有限公司资格的公告"
    found = lines(title, ["示例" * 15 + "有限公司"])

    assert "".join(found) == title
    assert max(map(len, found)) <= WIDEST


def test_title_as_long_as_a_row_can_hold_is_broken_in_time():
    title = "关于" + "某" * 290 + "的公告"

    assert "".join(lines(title)) == title
