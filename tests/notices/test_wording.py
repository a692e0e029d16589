"""Templates: what a line without content does, and what a file of them may hold."""

from pathlib import Path

import pytest
import yaml

from notices import document, kinds, loading, measures, templates, wording
from notices.models import Issuer, NoticeTemplate
from records.printing import fonts
from tests.conftest import NOW
from tests.notices.conftest import FILE

FACTS = {"单位": "示例公司", "受理电话": "", "条款": "第十五条"}


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("{单位}依{条款}办理。", "示例公司依第十五条办理。"),
        ("受理电话：{受理电话}\n{单位}", "示例公司"),
        ("没有字段\n\n  第二段  ", "没有字段\n第二段"),
    ],
)
def test_fields_are_filled_and_a_line_without_content_is_left_out(text, reads):
    assert wording.filled(text, FACTS) == reads


@pytest.mark.parametrize(
    ("line", "level", "head"),
    [
        ("一、总则", 1, "一、总则"),
        ("一、总则。各单位应当", 1, "一、总则。"),
        ("（二）名单", 2, "（二）名单"),
        ("1.名单", 0, ""),
        ("一家单位", 0, ""),
    ],
)
def test_heading_is_told_by_how_it_is_numbered(line, level, head):
    found = document._paragraph(line)

    assert (found.level, found.head, found.head + found.text) == (level, head, line)


def test_file_of_each_programme_names_only_fields_that_there_are():
    for path in FILE.parent.glob("*.yaml"):
        for kind, says in yaml.safe_load(path.read_text())["templates"].items():
            template = NoticeTemplate(kind=kind, **says)
            assert kinds.of(kind), f"{path.name}: {kind}"
            assert wording.wrong_fields(template) == [], path.name


def wordings_of(path: Path) -> dict[str, NoticeTemplate]:
    found = yaml.safe_load(path.read_text())["templates"]
    return {kind: NoticeTemplate(kind=kind, **says) for kind, says in found.items()}


@pytest.mark.parametrize("path", sorted(FILE.parent.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_removal_has_words_for_its_unit_and_speaks_to_nobody_in_those_for_all(path):
    """What ends, why, from when, what it bars, where to turn; the announcement beside it is in the third person."""
    said = wordings_of(path)
    removing = [kind for kind in measures.REMOVING if kind in said]
    for kind in removing:
        own = said[kinds.key_to_unit(kind)]
        assert own.addressees == "{单位}"
        assert "你单位" in own.body
        for field in ("情形条款" if kind == "leaving" else "情形", "决定日期", "再次申请", "后续", "救济"):
            assert f"{{{field}}}" in own.body, kind
        assert "你单位" not in said[kind].body
    rulebook = yaml.safe_load((path.parents[1] / "rulebooks" / path.name).read_text())
    removals = [row for row in rulebook["procedures"] if row["kind"] == "clearance"]
    assert bool(removals) == bool(removing)
    assert any(row.get("term") == "退出" for row in removals) == ("leaving" in removing)


@pytest.mark.parametrize("path", sorted(FILE.parent.glob("*.yaml")), ids=lambda path: path.stem)
def test_what_revokes_or_withdraws_what_a_unit_alone_has_goes_where_that_went(path):
    said = wordings_of(path)
    served = {measures.CRITICISM, measures.WARNING, measures.PARTNER_REMOVAL, *measures.REMOVED} & said.keys()
    for kind in ("corrective_notice", "withdrawal_notice"):
        assert (kind in said) == bool(served)
        assert not served or said[kind].addressees == "{原主送}"


@pytest.mark.parametrize(
    ("kind", "says", "told"),
    [
        ("clearance_notice", {"body": "{单位}。"}, "主送写{单位}"),
        ("change", {"body": "你单位。"}, "不称“你单位”"),
        ("criticism", {"addressees": "{单位}，各有关部门", "body": "你单位。"}, "不称“你单位”"),
        ("criticism", {"addressees": "{单位}", "copies": "各有关部门", "body": "你单位。"}, "不称“你单位”"),
        ("criticism", {"addressees": "{单位}", "body": "{单位}。"}, "称“你单位”，不写{单位}"),
        ("criticism", {"addressees": "{单位}", "body": "你单位。"}, ""),
        ("criticism", {"addressees": "{单位}，各有关部门", "body": "{单位}。"}, ""),
        ("withdrawal_notice", {"addressees": "{原主送}", "body": "{原文书}撤回。"}, ""),
    ],
)
def test_who_alone_gets_a_document_is_spoken_to_in_it(programme, wordings, kind, says, told):
    template = NoticeTemplate(programme=programme, kind=kind, title="标题", issuers=["office"], **says)
    problems = templates.problems_of(template)
    assert [told in one.message for one in problems] == [True] * bool(told)


def test_loading_again_changes_nothing_that_the_office_has(wordings):
    Issuer.objects.update(name="改过的名称")

    again = loading.load(FILE, at=NOW)

    assert again.new == []
    assert again.kept == [kinds.title(one.kind, one.programme) for one in wordings.new]
    assert Issuer.objects.get().name == "改过的名称"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("programme: dongguan-lead-units", "programme: nowhere", "没有代码为“nowhere”的项目"),
        ("number_word: 东数转演", "number_word: DG", "机关代字只写汉字"),
        ("    letterhead: false\n", "    letter: false\n", "不认识 letter"),
        ("{公示编号}", "{编号}", "没有字段“编号”"),
        ("issuers: [office]", "issuers: [other]", "没有代码为“other”的发文机关"),
        ("templates:", "wordings:", "顶层应当恰好是"),
        ("  publicity:", "  unknown:", "没有“unknown”这种文书"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_and_nothing_is_loaded(programme, tmp_path: Path, old, new, told):
    path = tmp_path / "file.yaml"
    path.write_text(FILE.read_text().replace(old, new))

    with pytest.raises(loading.LoadRefused, match=told):
        loading.load(path, at=NOW)

    assert not NoticeTemplate.objects.exists()
    assert not Issuer.objects.exists()


def test_character_without_a_font_is_named_and_others_are_not():
    assert fonts.missing("示例𬭛（喆）〔2026〕— 1\n\u200b") == []
    assert fonts.missing("甲\U00030000乙\ue000\U00030000") == ["\U00030000", "\ue000"]
    assert fonts.why_not("\ue000").startswith("字体里没有“\ue000”（U+E000），文书上会缺字")


def test_font_of_the_office_comes_first(settings, monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "own", lambda: (fonts.OwnFont("FangSong_GB2312", tmp_path / "fs.ttf", 400),))

    body = next(one for one in fonts.chosen() if one.role.key == "body")
    title = next(one for one in fonts.chosen() if one.role.key == "title")
    assert (body.family, body.is_standard, title.is_standard) == ("FangSong_GB2312", True, False)
    assert (body.weight, title.weight) == (400, 700)
