"""A rulebook written back as a file says the same, and says it in the same words the next time."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cities.models import Limit, Rulebook, Stage
from cities.rulebooks import content, dump
from cities.rulebooks.draft import read_draft_bytes
from cities.rulebooks.errors import Problems
from cities.rulebooks.load import load
from cities.rulebooks.source import Node, read_bytes
from cities.rulebooks.writer import write as write_yaml
from tests.cities.rulebook_files import SMALL, write
from tests.conftest import at

AT = at("2026-09-01 09:00")
FILES = sorted((Path(__file__).parents[2] / "fixtures/rulebooks").glob("*.yaml"))
SECOND = (("version: 1", "version: 2"), ("effective_from: 2025-01-01", "effective_from: 2026-10-01"))
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_dump_loads_again_as_the_same_rulebook(tmp_path, path):
    rulebook = load([path], at=AT)[0].rulebook
    text = dump.as_text(rulebook)
    written = tmp_path / "written.yaml"
    written.write_text(text, encoding="utf-8")

    [result] = load([written], at=AT)
    assert (result.outcome, result.notes) == ("unchanged", [])
    draft, problems = read_draft_bytes(text.encode(), "written")
    assert draft is not None
    assert problems.errors == []
    assert content.of_draft(draft).digest == rulebook.digest


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_dump_loaded_elsewhere_dumps_the_same_text(tmp_path, path):
    text = dump.as_text(load([path], at=AT)[0].rulebook)
    moved = text.replace("slug: ", "slug: moved-").replace("number_prefix: ", "number_prefix: M")
    written = tmp_path / "written.yaml"
    written.write_text(moved, encoding="utf-8")

    again = load([written], at=AT)[0].rulebook

    assert dump.as_text(again) == moved


def test_dump_is_as_short_as_a_file_written_by_hand(tmp_path):
    lines = dump.as_text(load([write(tmp_path)], at=AT)[0].rulebook).splitlines()

    assert lines[:3] == [
        "city: {slug: sample-city, name: 示例市, office: 示例专班}",
        "",
        "programme:",
    ]
    assert "  - {key: effect, article: 第一条, kind: validity, summary: 印发即施行。}" in lines
    assert "          - {key: submitted, article: 第二条, label: 提交, next_stage: publicity}" in lines
    assert [line for line in lines if "null" in line or "joint" in line or "'" in line] == []
    assert len(lines) <= SMALL.count("\n") + SMALL.count("\n") // 5


def test_dump_writes_what_is_set_by_its_key_in_the_file(tmp_path):
    reading = (
        "\n        interpretations: [{question: 几天, reading: 五天, "
        "alternatives: [{reading: 七天, sets: {span: 7}}, 由专班定]}]"
    )
    rulebook = load([write(tmp_path, ("channel: here", f"channel: here{reading}"))], at=AT)[0].rulebook
    assert Stage.objects.get(key="publicity").interpretations[0]["alternatives"][0]["sets"] == {
        "span_number": 7
    }

    assert "- {reading: 七天, sets: {span: 7}}" in dump.as_text(rulebook)


@pytest.mark.parametrize(
    "value",
    ["true", "null", "", "~", "12", "-3", "0x1", "017", "1.50", "24:00", "2026-09-01", "no", "a: b", "a #b", "- a",
     "{a", "[a]", "a, b", "&a", "*a", "!a", "'", '"', "%", "@", "：", "第一行\n第二行", " 前后 ", "#", "|", ">", "?", "😀"],
)  # fmt: skip
@pytest.mark.parametrize("inside", ["list", "long list", "mapping"])
def test_every_text_is_read_back_as_it_was_written(value, inside):
    long = "字" * 80
    written = {"list": [value], "long list": [value, long], "mapping": {"key": value}}[inside]
    node = read_bytes(write_yaml({"part": written}).encode(), problems := Problems("x"))

    assert problems.errors == []
    assert node is not None
    assert plain(node) == {"part": written}


def plain(node: Node) -> object:
    if isinstance(node.value, dict):
        return {name: plain(one) for name, one in node.value.items()}
    return [plain(one) for one in node.value] if isinstance(node.value, list) else node.value


@pytest.mark.parametrize("value", [None, True, False, 0, 17, [], {"a": [1, True, None]}])
def test_every_other_value_is_read_back_as_it_was_written(value):
    node = read_bytes(write_yaml({"part": value}).encode(), Problems("x"))

    assert node is not None
    assert plain(node) == {"part": value}


def test_gap_in_the_order_is_no_difference(tmp_path):
    rulebook = load([write(tmp_path, ("standing: published", "standing: draft"))], at=AT)[0].rulebook
    before = content.of_rulebook(rulebook).digest
    Stage.objects.filter(key="publicity").update(order=9)
    Limit.objects.update(order=4)

    assert content.of_rulebook(rulebook).digest == before
    Stage.objects.filter(key="submit").update(order=10)
    assert content.of_rulebook(rulebook).digest != before


def test_dump_of_what_is_no_reading_leaves_it_for_the_checks(tmp_path):
    rulebook = load([write(tmp_path, ("standing: published", "standing: draft"))], at=AT)[0].rulebook
    for wrong in ("text", ["text"], [{"alternatives": 1}], [{"alternatives": [{"sets": []}]}], {"a": 1}):
        Limit.objects.update(interpretations=wrong)

        assert "interpretations:" in dump.as_text(rulebook)


def test_command_writes_the_version_in_force_to_the_screen(tmp_path, stopped_clock):
    stopped_clock(AT)
    load([write(tmp_path)], at=AT)
    load([write(tmp_path, *SECOND)], at=AT)
    out = StringIO()

    call_command("dump_rulebook", "sample-providers", stdout=out)

    assert out.getvalue() == dump.as_text(Rulebook.objects.get(version=1))
    assert date(2026, 9, 30).isoformat() in out.getvalue()


def test_command_writes_another_version_to_a_file(tmp_path, stopped_clock):
    stopped_clock(AT)
    load([write(tmp_path)], at=AT)
    load([write(tmp_path, *SECOND)], at=AT)
    written, out = tmp_path / "second.yaml", StringIO()

    call_command("dump_rulebook", "sample-providers", "--version", "2", "--output", str(written), stdout=out)

    assert written.read_text(encoding="utf-8") == dump.as_text(Rulebook.objects.get(version=2))
    assert out.getvalue() == f"示例办法（第 2 版） 已写入 {written}\n"
    assert load([written], at=AT)[0].outcome == "unchanged"


def test_command_writes_the_newest_version_where_none_is_in_force(tmp_path, stopped_clock):
    stopped_clock(AT)
    load([write(tmp_path, ("standing: published", "standing: consultation"))], at=AT)
    out = StringIO()

    call_command("dump_rulebook", "sample-providers", stdout=out)

    assert "standing: consultation" in out.getvalue()


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (["other"], "没有项目 other。已有的：sample-providers"),
        (["sample-providers", "--version", "3"], "示例市 · 示例服务商没有这一版规则。已有的版本：1"),
    ],
)
def test_command_says_what_there_is_instead(tmp_path, asked, reason):
    load([write(tmp_path)], at=AT)

    with pytest.raises(CommandError, match=reason):
        call_command("dump_rulebook", *asked)


def test_command_says_where_it_cannot_write(tmp_path):
    load([write(tmp_path)], at=AT)

    with pytest.raises(CommandError, match="写不了"):
        call_command("dump_rulebook", "sample-providers", "--output", str(tmp_path / "none" / "file.yaml"))
