"""Titles of several lines: about as long as one another, no word and no name broken."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from cities.models import Programme
from notices import document, facts, pdf, wording
from notices.pdf.titles import WIDEST, lines
from tests.notices.measuring import LEFT, RIGHT, Measured
from tests.notices.test_geometry import shown

FIXTURES = sorted((Path(__file__).parents[2] / "fixtures").glob("notices/*.yaml"))
UNIT, PARTNER = "示例智造科技有限公司", "示例云科技（深圳）有限公司"
LONGER = "示例工业互联网数字技术股份有限公司"


@pytest.mark.parametrize(
    ("title", "broken"),
    [
        ("关于试验的公告", ["关于试验的公告"]),
        ("字" * WIDEST, ["字" * WIDEST]),
        ("字" * (WIDEST + 1), ["字" * 10, "字" * 11]),
        (f"关于清退牵引单位{UNIT}的公告", ["关于清退牵引单位", f"{UNIT}的公告"]),
        (f"关于责令{UNIT}限期整改的通知", [f"关于责令{UNIT}", "限期整改的通知"]),
        (f"关于责令取消与{PARTNER}合作的通知", ["关于责令取消", f"与{PARTNER}合作的通知"]),
        (f"关于对{LONGER}予以通报批评的通报", [f"关于对{LONGER}", "予以通报批评的通报"]),
        # Two lines would do, and would part the name.
        (f"关于对{LONGER}等予以提示提醒的通报", [f"关于对{LONGER}", "等予以提示提醒的通报"]),
        (f"关于撤销某某市{LONGER}资格的公告", ["关于撤销某某市", LONGER, "资格的公告"]),
        (
            "关于公布2026年第一批数字化转型服务商名单的通知",
            ["关于公布2026年第一批", "数字化转型服务商名单的通知"],
        ),
        # In words that no list of ours knows.
        (f"关于{UNIT}未按要求履约情况的函", [f"关于{UNIT}", "未按要求履约情况的函"]),
    ],
)
def test_title_is_broken_where_it_reads_well(title, broken):
    assert lines(title, [UNIT, PARTNER, LONGER]) == broken


def test_name_that_fills_more_than_a_line_is_broken_and_nothing_is_lost():
    title = f"关于取消{'示例' * 15}有限公司资格的公告"
    found = lines(title, ["示例" * 15 + "有限公司"])

    assert "".join(found) == title
    assert max(map(len, found)) <= WIDEST


def test_title_as_long_as_a_row_can_hold_is_broken_in_time():
    title = "关于" + "某" * 290 + "的公告"

    assert "".join(lines(title)) == title


def titles(file: Path, unit: str) -> list[tuple[str, tuple[str, ...]]]:
    """Those of a programme's documents, filled in with a unit and a partner, each with the names in it."""
    rulebook = yaml.safe_load((file.parents[1] / "rulebooks" / file.name).read_text())["programme"]
    terms = ("name", "registrant_term", "partner_term")
    programme = Programme(**{key: rulebook[key] for key in terms if key in rulebook})
    about = {"项目": programme.name, "称谓": programme.registrant_term, "伙伴称谓": programme.partner_term}
    said = {
        **about,
        "单位": facts.named([unit]),
        "伙伴": PARTNER,
        "公示标题": f"{programme.registrant_term}变更公示",
    }
    found = yaml.safe_load(file.read_text())["templates"]
    return [(wording.filled(one["title"], said), document.names_in(said)) for one in found.values()]


def set_lines(title: str, names: tuple[str, ...]) -> list[tuple[float, str]]:
    """The lines of a title in the file, each with how far its middle is from that of the page's type area."""
    plain: dict[str, Any] = {"attachments": [], "imprint": None, "code": "", "paragraphs": []}
    measured = Measured(pdf.render_document(shown(**plain, title=title, names=names)).content)
    rows = [row for row in measured.lines(0).values() if round(row[0].size) == 22]
    found = []
    for row in rows:
        said = "".join(piece.text for piece in row)
        found.append((row[0].x + 11 * len(said) - (LEFT + RIGHT) / 2, said))
    return found


@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: file.stem)
@pytest.mark.parametrize("unit", [UNIT, LONGER])
def test_no_title_of_a_programme_is_broken_within_a_name_or_a_word(file, unit):
    for title, names in titles(file, unit):
        found = lines(title, names)
        assert "".join(found) == title
        assert max(map(len, found)) <= WIDEST
        for whole in (*names, *("公告", "通知", "通报", "决定", "服务商", "有限公司", "名单", "资格")):
            if whole in title:
                assert any(whole in line for line in found), (title, whole)
        assert not any(line.startswith("的") for line in found)


def test_lines_of_a_title_are_set_in_the_middle_as_they_were_broken():
    title, names = f"关于撤销某某市{LONGER}服务资格的公告", (LONGER,)
    found = set_lines(title, names)

    assert [said for _, said in found] == lines(title, names)
    assert len(found) == 3
    assert all(abs(off) < 2 for off, _ in found)
