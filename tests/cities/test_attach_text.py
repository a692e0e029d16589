"""The official text is attached from Markdown at run time. The text here is invented."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cities.models import OfficialText, Rulebook
from cities.rulebooks.errors import RulebookErrors
from cities.rulebooks.load import load
from records.models import Event
from tests.cities.rulebook_files import write
from tests.conftest import at

AT = at("2026-09-17 10:32")
TEXT = """\
---
title: 示例市服务商管理办法
document_number: 示例文〔2025〕1号
---

# 示例市服务商管理办法

## 第一章 总则

### 第一条

这是编出来的第一条。

还有第二段。

### 第二条

- （一）编出来的甲。
- （二）编出来的乙。

## 附件

### 附件清单

编出来的附件。
"""
ITEMS = (
    "  - {number: 第二条, heading: 变更}\n",
    "  - {number: 第二条, heading: 变更}\n  - {number: 第二条（一）, heading: 甲}\n  - {number: 第三条, heading: 别的}\n",
)
PLACED = (
    "provisions:\n",
    """provisions:
  - {key: item, article: 第二条（一）, kind: conduct, summary: 甲。}
  - {key: third, article: 第三条, kind: conduct, summary: 别的。}
""",
)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(stopped_clock: Any) -> None:
    stopped_clock(AT)


@pytest.fixture
def rulebook(tmp_path: Path) -> Rulebook:
    return load([write(tmp_path, ITEMS, PLACED)], at=AT)[0].rulebook


def attach(tmp_path: Path, text: str = TEXT, **options: Any) -> str:
    path = tmp_path / "text.md"
    path.write_text(text, encoding="utf-8")
    out = StringIO()
    call_command("attach_text", "sample-providers", str(path), stdout=out, **options)
    return out.getvalue()


def test_each_article_gets_the_text_below_its_heading(rulebook, tmp_path):
    said = attach(tmp_path)

    assert {one.number: one.text for one in rulebook.texts.all()} == {
        "第一条": "这是编出来的第一条。\n\n还有第二段。",
        "第二条": "- （一）编出来的甲。\n- （二）编出来的乙。",
    }
    assert said.splitlines() == [
        "示例办法（第 1 版）：2 条附上了原文",
        "标题不是条款，没有附上 1 处：附件清单",
        "原文在上一级条款里 1 处：第二条（一）",
        "没有原文的条款 1 处：第三条",
    ]
    text = rulebook.texts.get(number="第一条")
    assert (text.source, text.attached_at) == ("《示例市服务商管理办法》（示例文〔2025〕1号）", AT)
    event = Event.objects.get(verb="attach_text")
    assert event.summary.startswith("附上示例办法（第 1 版）的条文原文：2 条，来源：《示例市服务商管理办法》")
    assert event.programme == rulebook.programme


def test_attaching_again_replaces_what_was_there(rulebook, tmp_path):
    attach(tmp_path)
    attach(
        tmp_path,
        TEXT.replace("### 第二条\n", "### 第九条\n").replace("第一条。", "新的一条。"),
        source="示例网站",
    )

    text = rulebook.texts.get()
    assert (text.number, text.source) == ("第一条", "示例网站")
    assert text.text.startswith("这是编出来的新的一条。")


def test_heading_with_a_title_after_its_number_finds_the_article(tmp_path):
    changes = (("  - {number: 第一条, heading: 效力}", "  - {number: 一（一）, heading: 效力}"),)
    path = write(tmp_path, *changes)
    path.write_text(path.read_text().replace("第一条", "一（一）"), encoding="utf-8")
    rulebook = load([path], at=AT)[0].rulebook

    attach(tmp_path, TEXT.replace("### 第一条", "### 一（一）某类单位"))

    assert sorted(rulebook.texts.values_list("number", flat=True)) == ["一（一）", "第二条"]


def test_version_asked_for_gets_the_text(rulebook, tmp_path):
    second = (("version: 1", "version: 2"), ("standing: published", "standing: draft"))
    draft = load([write(tmp_path, *second, name="second.yaml")], at=AT)[0].rulebook

    attach(tmp_path, version=2)

    assert set(OfficialText.objects.values_list("rulebook", flat=True)) == {draft.pk}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("---\ntitle", "title", "第 1 行：开头没有文件说明"),
        ("1号\n---", "1号\n", "第 1 行：文件说明没有结束"),
        ("title: 示例市服务商管理办法", "title: [", "文件说明不是 YAML"),
        (
            "title: 示例市服务商管理办法\ndocument_number: 示例文〔2025〕1号",
            "只是一句话",
            "第 2 行：文件说明应为一组键和值",
        ),
        ("# 示例市服务商管理办法\n\n##", "##", "没有名称"),
        ("## 第一章", "# 第一章", "第 8 行：又有一个名称"),
        ("### 第二条", "### 第一条", "第 16 行：“第一条”在第 10 行已经写过"),
        ("### 第二条", "#### 第二条", "第 16 行：标题最多三级"),
        ("### 第二条", "###", "第 16 行：标题是空的"),
        (
            "## 第一章 总则\n",
            "## 第一章 总则\n\n一段话。\n",
            "第 10 行：这段文字不在任何条款的标题（###）下面",
        ),
        ("### 第", "### 第九", "没有一个标题是示例办法（第 1 版）的条款（它的条款：第一条、第二条"),
    ],
)
def test_malformed_file_is_refused_with_its_line_and_changes_nothing(rulebook, tmp_path, old, new, reason):
    rulebook.texts.create(number="第一条", text="以前附上的", source="示例", attached_at=AT)
    assert old in TEXT

    with pytest.raises(CommandError) as refused:
        attach(tmp_path, TEXT.replace(old, new))

    assert reason in str(refused.value)
    assert "什么也没有写入" in str(refused.value)
    assert rulebook.texts.get().text == "以前附上的"
    assert not Event.objects.filter(verb="attach_text").exists()


def test_file_that_cannot_be_read_is_told(rulebook, tmp_path):
    with pytest.raises(CommandError, match="读不了"):
        call_command("attach_text", "sample-providers", str(tmp_path / "nothing.md"))
    (tmp_path / "odd.md").write_bytes("第一条".encode("gbk"))
    with pytest.raises(CommandError, match="不是 UTF-8"):
        call_command("attach_text", "sample-providers", str(tmp_path / "odd.md"))


@pytest.mark.parametrize(
    ("programme", "options", "reason"),
    [
        ("nowhere", {}, "没有项目 nowhere。已有的：sample-providers"),
        ("sample-providers", {"version": 9}, "没有这一版规则。已有的版本：1"),
        ("sample-providers", {"source": "长" * 201}, "来源最多 200 个字，现在有 201 个"),
    ],
)
def test_what_is_not_there_is_told(rulebook, tmp_path, programme, options, reason):
    (tmp_path / "text.md").write_text(TEXT, encoding="utf-8")
    with pytest.raises(CommandError, match=reason):
        call_command("attach_text", programme, str(tmp_path / "text.md"), **options)


def test_text_of_another_name_is_attached_with_a_warning(rulebook, tmp_path):
    said = attach(tmp_path, TEXT.replace("# 示例市服务商管理办法", "# 另一份办法"))
    assert "名称不同，核对是不是同一份：文件“另一份办法”，规则“示例市服务商管理办法”" in said


def test_the_repository_holds_no_official_text():
    root = Path(__file__).parents[2]
    found = [one for one in root.glob("fixtures/**/*.md") if "### 第" in one.read_text(encoding="utf-8")]
    assert found == []


def test_text_with_a_number_of_a_person_is_not_attached(rulebook, tmp_path):
    with pytest.raises(CommandError, match="条款 第一条：像手机号码 138"):
        attach(tmp_path, TEXT.replace("还有第二段", "联系 13812341234"))
    assert not rulebook.texts.exists()


def test_row_with_a_number_of_a_person_is_not_published(tmp_path):
    named = (PLACED[0], PLACED[1].replace("summary: 甲。", "summary: 问 13812341234。"))
    with pytest.raises(RulebookErrors, match="像手机号码 138"):
        load([write(tmp_path, ITEMS, named)], at=AT)
    assert not Rulebook.objects.exists()
