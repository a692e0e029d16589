"""Columns with a vocabulary or a form of their own."""

from pathlib import Path

import pytest

from cities.models import (
    Programme,
)
from cities.rulebooks.checks import check
from cities.rulebooks.draft import read_draft
from cities.rulebooks.load import RulebookErrors, load
from tests.cities.loading.files import AT, LATER, refusal
from tests.cities.rulebook_files import line_of, write
from tests.conftest import RULEBOOK
from tests.rulebooks import content_of, stage
from tests.rulebooks import write as write_changed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("sets", "reason"),
    [
        ("{window: consecutive}", "window: consecutive 还没有开通"),
        ("{unit: months}", "“months”量不了申请次数"),
        ("{counts: none}", "申请次数要写明 counts"),
    ],
)
def test_load_refuses_an_alternative_that_the_row_could_not_be_read_as(tmp_path, sets, reason):
    """What the office may choose is held against the same checks as what the file says."""
    reading = (
        "    strictness: hard\n",
        f"""    strictness: hard
    interpretations:
      - {{question: 哪一种？, reading: 这一种。, alternatives: [{{reading: 那一种, sets: {sets}}}]}}
""",
    )
    with pytest.raises(RulebookErrors) as refused:
        load([write(tmp_path, reading)], at=AT)
    assert any(
        "选“那一种”就成了" in error.reason and reason in error.reason for error in refused.value.errors
    )


OPEN = "    interpretations:\n      - {{question: 哪一种？, {}reading: 这一种。, alternatives: [{}]}}\n"
IN_LIMIT, IN_STAGE = (
    ("    strictness: hard\n", OPEN),
    ("        channel: here\n", OPEN.replace("    ", "        ", 1)),
)


@pytest.mark.parametrize(
    ("where", "of", "alternative", "is_refused"),
    [
        (IN_LIMIT, "", "那一种", True),
        (IN_LIMIT, "", "{reading: 那一种, why_not: 平台没有登记}", False),
        (IN_LIMIT, "", "{reading: 那一种, sets: {number: 3}}", False),
        (IN_STAGE, "", "那一种", False),
        (IN_STAGE, "of: [channel], ", "那一种", False),
        (IN_STAGE, "of: [span], ", "那一种", True),
    ],
)
def test_alternative_of_a_value_sets_it_or_says_why_not(tmp_path, where, of, alternative, is_refused):
    old, reading = where
    text = reading.replace("      - {{", "          - {{") if where is IN_STAGE else reading
    path = write(tmp_path, (old, old + text.format(of, alternative)))
    draft, _ = read_draft(path)
    assert draft is not None
    check(draft)

    found = [(error.line, error.reason.split("（")[0]) for error in draft.problems.errors]
    refusal = [(line_of(path, "interpretations:"), "“那一种”没有写选了它改什么")]
    assert found == (refusal if is_refused else [])


LADDER = ("  number_prefix: SL\n", "  number_prefix: SL\n  reminder_days: {}\n")


def with_ladder(tmp_path: Path, written: str) -> Path:
    old, new = LADDER
    return write(tmp_path, (old, new.format(written)))


def test_days_of_reminders_are_the_programmes_own(tmp_path):
    load([with_ladder(tmp_path, "[10, 5, 1]")], at=AT)
    assert Programme.objects.get().reminder_days == [10, 5, 1]

    result = load([with_ladder(tmp_path, "[2]")], at=LATER)
    assert Programme.objects.get().reminder_days == [10, 5, 1]
    assert result[0].notes == ["programme.reminder_days 与已有的不同，没有改动：[10, 5, 1]（文件里是 [2]）"]


def test_programme_that_says_nothing_reminds_nobody(tmp_path):
    load([write(tmp_path)], at=AT)
    assert Programme.objects.get().reminder_days == []


@pytest.mark.parametrize(
    "written", ["[1, 3, 7]", "[7, 7, 1]", "[7, 0]", "[7, -1]", "[61]", "[七]", "[true]", "[[1]]", "[3.5]"]
)
def test_load_refuses_days_of_reminders_that_do_not_fall(tmp_path, written):
    path = with_ladder(tmp_path, written)
    [(line, key, reason)] = refusal(path)
    assert (line, key) == (line_of(path, "reminder_days"), "programme.reminder_days")
    assert "应为从大到小、不重复的天数（1 到 60），如 [7, 3, 1]；不提醒写 []" in reason


def test_load_refuses_a_ladder_that_is_no_list(tmp_path):
    [(_, key, reason)] = refusal(with_ladder(tmp_path, "7"))
    assert (key, reason) == ("programme.reminder_days", "写的是“7”（应为列表，每项前加 -）")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"objection_kinds": ["gossip"]}, "不认识“gossip”（可用的：objection、report、complaint）"),
        ({"objection_required": ["idcopy"]}, "不认识“idcopy”（最接近的是 id_copy）"),
        (
            {"objection_required": ["evidence"], "objection_optional": ["evidence"]},
            "“evidence”既必填又选填（应只写一处）",
        ),
        ({"objection_article": "第九百条"}, "articles 里没有“第九百条”"),
        ({"objection_days": 5}, "处理时限要写 1 以上的天数和怎么计算"),
    ],
)
def test_what_an_objection_is_asked_is_of_the_closed_vocabulary(tmp_path, wrong, reason):
    said = content_of(RULEBOOK)
    stage(said, "publicity").update(wrong)
    found = [why for _, _, why in refusal(write_changed(tmp_path, said))]
    assert [why for why in found if why.startswith(reason)] != []


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"file_kinds": ["pdf", "xslx"]}, "不认识“xslx”（最接近的是 xlsx）"),
        ({"file_kinds": ["pdf", "ofd"], "sensitive": True}, "含个人信息的材料打开时要加水印，ofd 加不上"),
        ({"file_kinds": ["pdf", "doc"], "sensitive": True}, "含个人信息的材料打开时要加水印，doc 加不上"),
        ({"file_kinds": ["pdf", "ofd"]}, ""),
    ],
)
def test_kinds_of_file_are_of_the_closed_vocabulary_and_sensitive_ones_can_be_marked(tmp_path, wrong, reason):
    said = content_of(RULEBOOK)
    said["procedures"][0]["materials"][0].update(wrong)
    path = write_changed(tmp_path, said)
    if reason:
        assert [why for _, _, why in refusal(path) if why.startswith(reason)] != []
    else:
        load([path], at=AT)


def test_only_a_publicity_asks_of_objections(tmp_path):
    said = content_of(RULEBOOK)
    stage(said, "review")["objection_kinds"] = ["report"]
    assert "只有公示环节才写（应去掉）" in [why for _, _, why in refusal(write_changed(tmp_path, said))]
