import json
import re
import sqlite3
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from cities.models import Programme
from portal.rehearsals import database, observing
from portal.rehearsals.reading import read_all
from portal.rehearsals.vocabulary import (
    ACTIONS,
    CHANGE,
    COUNT,
    DECISION,
    DETAILS,
    EXPECTED,
    FILE,
    GIVEN,
    SPAN,
    UNIT,
)

ROOT = Path(__file__).parents[3]
STORY = """\
programme: river-workshops
rulebook: {rulebook}
given:
  published: 2026-01-01 09:00
  units:
    甲: {{industries: [造船], partners: {{造船: [一]}}}}
rehearsals:
  - name: 张榜四天
    story:
      - {{on: 2026-03-10 09:00, procedure: change, file: 甲, changes: [{{add_partner: 六, industry: 造船}}]}}
      - {{on: 2026-03-10 10:00, decide: 可以}}
      - {{on: 2026-03-10 11:00, publicise: true, expect: {{last_day: {last_day}}}}}
"""


def story(folder: Path, *changes: tuple[str, str], last_day: str = "2026-03-16") -> Path:
    text = STORY.format(rulebook=ROOT / "tests/programmes/one-class.yaml", last_day=last_day)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / "story.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def rehearse(*arguments: object, **options: object) -> str:
    out = StringIO()
    call_command("rehearse", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def site(db):
    """The site's own database, which must come out as it went in."""
    before = Programme.objects.count()
    yield
    assert Programme.objects.count() == before


def test_command_closes_with_how_many_passed_and_failed(tmp_path, site):
    out = rehearse(story(tmp_path))
    assert out.splitlines()[-1] == "1 passed, 0 failed"


def test_command_prints_expected_against_got_with_the_events_of_the_case(tmp_path, site, capsys):
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("rehearse", str(story(tmp_path, last_day="2026-03-14")), stdout=out)
    text = out.getvalue()
    assert ended.value.code == 1
    assert re.search(r"FAILED .*story\.yaml:12 张榜四天", text)
    assert "expected last_day: 2026-03-14" in text
    assert "got      last_day: 2026-03-16" in text
    assert "2026-03-10 10:00 经办人 查看：可以" in text
    assert text.splitlines()[-1] == "0 passed, 1 failed"


def test_command_takes_a_folder(tmp_path, site):
    story(tmp_path)
    assert "1 passed" in rehearse(tmp_path)


def test_command_refuses_the_database_of_the_site(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "_same", lambda wanted, site: True)
    with pytest.raises(CommandError, match="站点自己的数据库"):
        rehearse(story(tmp_path))


def test_same_database_is_recognised_by_where_it_is():
    site = {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "db",
        "PORT": 5432,
        "NAME": "portal",
        "USER": "web",
    }
    assert database._same({**site, "PORT": "5432", "USER": "another"}, site)
    assert not database._same({**site, "NAME": "rehearsals"}, site)


def test_command_refuses_a_database_that_holds_tables(tmp_path, site):
    used = tmp_path / "used.sqlite3"
    with sqlite3.connect(used) as there:
        there.execute("CREATE TABLE something (id integer)")
    with pytest.raises(CommandError, match="已经有表"):
        rehearse(story(tmp_path), database=f"sqlite:///{used}")


def test_command_leaves_the_connection_as_it_was(tmp_path, site):
    name = connection.settings_dict["NAME"]
    files = settings.PRIVATE_FILES_ROOT
    rehearse(story(tmp_path))
    assert connection.settings_dict["NAME"] == name
    assert files == settings.PRIVATE_FILES_ROOT


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("published:", "publisht:", 4, "given.publisht: 不认识这个键（应为 published）"),
        ("last_day: 2026-03-16", "lastday: 2026-03-16", 12, "不认识这个键（应为 last_day）"),
        ("last_day: 2026-03-16", "last_day: 十六日", 12, "应为日期，如 2026-03-02"),
        ("publicise: true", "publicise: yes", 12, "应为true 或 false"),
        ("publicise: true", "publicise: true, look: true", 12, "每一步正好做一件事（现在是 publicise、look"),
        ("decide: 可以", "opinion: 可以", 11, "每一步正好做一件事（现在是 一个也没有"),
        ("2026-03-10 11:00", "2026-03-09 11:00", 12, "比上一步早（应按时间先后写）"),
        ("    story:", "    stori:", 9, "不认识这个键（应为 story）"),
        ("industries: [造船]", "industries: 造船", 6, "应为列表"),
        ("publicise: true", "settle: 也许", 12, "写的是“也许”（应为不成立、部分成立、成立 之一"),
        ("publicise: true", "publicise: true, by: 经办", 12, "写的是“经办”（应为经办人、经办人乙、审定人"),
        (
            "publicise: true",
            "office_decides: {row: a, span: {unit: days}}",
            12,
            "应为calendar、working、month、thirty 之一",
        ),
        ("publicise: true", "office_decides: {row: a, span: {number: 0}}", 12, "应为1 以上的整数"),
        ("publicise: true", "office_decides: {row: a, confirmed_by: 谁}", 12, "写的是“谁”"),
    ],
)
def test_file_that_is_wrong_is_told_with_its_line(tmp_path, old, new, line, reason):
    path = story(tmp_path, (old, new))
    with pytest.raises(CommandError) as refused:
        rehearse(path)
    found = [text for text in str(refused.value).splitlines() if f"{path}:{line}: " in text]
    assert any(reason in text for text in found), str(refused.value)
    assert "什么也没有演" in str(refused.value)


def test_name_that_nothing_answers_to_is_a_difference(tmp_path, site):
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("rehearse", str(story(tmp_path, ("industry: 造船", "industry: 造车"))), stdout=out)
    assert "没有行业“造车”（有：造船、渔网）" in out.getvalue()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("industries: [造船]", "industries: [造船, 造船]", "“甲”的行业写了两次"),
        ("programme: river-workshops", "programme: no-such", "one-class.yaml 不是项目“no-such”的"),
        (
            "publicise: true, expect: {last_day: 2026-03-16}",
            "office_decides: {row: counting.plain, question: 哪天？, choose: 胡说}",
            "没有未写明的事项",
        ),
    ],
)
def test_story_that_cannot_be_played_says_why(tmp_path, site, old, new, said):
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("rehearse", str(story(tmp_path, (old, new))), stdout=out)
    assert said in out.getvalue()


def test_reading_that_is_none_of_those_in_the_rulebook_is_a_difference(tmp_path, site):
    real = ROOT / "fixtures/rehearsals"
    text = next(path.read_text() for path in sorted(real.rglob("*.yaml")) if " choose: " in path.read_text())
    path = tmp_path / "story.yaml"
    path.write_text(re.sub(r" choose: [^,}\n]+", " choose: 胡说", text, count=1))
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("rehearse", str(path), stdout=out)
    assert "没有“胡说”这种理解（有：" in out.getvalue()


def test_story_without_a_step_is_told(tmp_path):
    path = story(tmp_path)
    path.write_text(path.read_text().split("    story:")[0] + "    story: []\n")
    with pytest.raises(CommandError, match="是空的（应至少有一项：一步一步发生的事）"):
        rehearse(path)


def test_refusal_that_nobody_expected_is_a_difference(tmp_path, site):
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("rehearse", str(story(tmp_path, ("decide: 可以", "decide: 不可以"))), stdout=out)
    assert "expected refused: 照办" in out.getvalue()


def test_nothing_of_one_story_is_left_for_the_next(tmp_path, site):
    path = story(tmp_path)
    path.write_text(path.read_text() + path.read_text().split("rehearsals:\n")[1])
    assert rehearse(path).splitlines()[-1] == "2 passed, 0 failed"


def test_schema_holds_every_key_and_forbids_others():
    schema = json.loads(rehearse(schema=True))
    assert set(schema["properties"]) == set(FILE)
    step = schema["properties"]["rehearsals"]["items"]["properties"]["story"]["items"]
    assert set(step["properties"]) == {*ACTIONS, *DETAILS}
    assert step["additionalProperties"] is False
    assert set(step["properties"]["expect"]["properties"]) == set(EXPECTED)


def test_guide_explains_every_word():
    guide = (ROOT / "docs/rehearsals.md").read_text()
    for words in (FILE, GIVEN, UNIT, DECISION, SPAN, CHANGE, COUNT, ACTIONS, DETAILS, EXPECTED):
        assert [word for word in words if f"`{word}`" not in guide and f"`{word}: " not in guide] == []


def test_shipped_rehearsals_are_read_without_a_mistake():
    assert len(read_all([ROOT / "fixtures/rehearsals"])) > 30


def test_rule_that_is_proven_and_does_not_exist_is_a_difference(tmp_path, site):
    out = StringIO()
    path = story(tmp_path, ("    story:", "    proves: [JW-99]\n    story:"))
    with pytest.raises(SystemExit):
        call_command("rehearse", str(path), stdout=out)
    assert "got      proves: 没有 JW-99" in out.getvalue()


def test_address_that_is_none_is_refused_with_the_form_it_should_have(tmp_path, site):
    with pytest.raises(CommandError, match="--database 是“nonsense”，要写成"):
        rehearse(story(tmp_path), database="nonsense")


def test_file_of_the_site_is_recognised_by_where_it_lies(tmp_path):
    site = {"ENGINE": "django.db.backends.sqlite3", "NAME": tmp_path / "site.sqlite3"}
    link = tmp_path / "link.sqlite3"
    link.symlink_to(tmp_path / "site.sqlite3")
    assert database._same({"ENGINE": "django.db.backends.sqlite3", "NAME": str(link)}, site)


@pytest.mark.parametrize("article", ["第十五条", "4.6", "2"])
def test_article_is_cited_as_a_whole_or_not_at_all(article):
    assert observing._is_cited(article, f"不行（{article}）。2026 年第 12 次，{article}没有写")
    assert not observing._is_cited(article, f"不行（{article}（三））。2026 年第 12 次，1{article}1")
