"""The command, and the guide that explains what a file may hold."""

import re
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cities import keys
from cities.models import (
    Article,
    City,
    Industry,
    Programme,
    Rulebook,
)
from cities.rulebooks import schema
from records.models import Event
from tests.cities.rulebook_files import line_of, write

pytestmark = pytest.mark.django_db


def test_command_prints_what_it_did(tmp_path):
    path, out = write(tmp_path), StringIO()
    call_command("load_rulebook", str(path), stdout=out)
    call_command("load_rulebook", str(path), stdout=out)

    assert out.getvalue() == f"{path}：示例办法（第 1 版） 已载入\n{path}：示例办法（第 1 版） 未变\n"


def test_command_checks_without_writing(tmp_path):
    out = StringIO()
    call_command("load_rulebook", str(write(tmp_path)), dry_run=True, stdout=out)

    assert out.getvalue().endswith("只作检查，没有写入\n")
    assert (City.objects.count(), Rulebook.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_command_fails_with_every_line(tmp_path):
    path = write(tmp_path, ("span: 5", "spam: 5"))
    with pytest.raises(CommandError) as failed:
        call_command("load_rulebook", str(path))

    line = line_of(path, "spam: 5")
    assert f"{path}:{line}: procedures.change.stages.publicity.spam: 不认识这个键（应为 span）" in str(
        failed.value
    )
    assert str(failed.value).endswith("处错误，什么也没有载入")
    assert failed.value.returncode == 1


def test_guide_explains_every_section_and_key():
    guide = (Path(__file__).parents[3] / "docs/adding-a-city.md").read_text(encoding="utf-8")
    sections = list(schema.every_section())
    keys = {name for model in (City, Programme, Rulebook, Article, Industry) for name in schema.head(model)}
    keys |= {name for section in sections for name in (section.name, *section.keys)}

    assert sorted(key for key in keys if not re.search(rf"[`{{ ]{key}[`,}}:]", guide)) == []


def guide() -> list[str]:
    return (Path(__file__).parents[3] / "docs/adding-a-city.md").read_text(encoding="utf-8").splitlines()


def quoted(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def test_guide_says_what_must_be_written_in_every_section():
    heads = {"city": City, "programme": Programme, "rulebook": Rulebook, "articles": Article}
    parts = {name: schema.head(model) for name, model in heads.items()}
    parts |= {section.name: section.keys for section in schema.every_section()}
    for name, some in parts.items():
        required = [key.name for key in some.values() if key.required and key.name not in ("key", "article")]
        assert f"| `{name}` | {quoted(required)} |" in guide()


def test_guide_lists_every_measure_with_what_it_takes():
    for key, limit in keys.LIMITS.items():
        [line] = [line for line in guide() if line.startswith(f"| `{key}` | {limit.meaning} | ")]
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert cells[2:5] == [quoted(limit.units), quoted(limit.kinds), quoted(limit.per)]
        assert all(f"`{name}`" in cells[5] for name in limit.needs)


@pytest.mark.parametrize(
    ("begins", "words"),
    [
        ("`kind` of a procedure", dict(keys.PROCEDURE_KINDS)),
        ("`detector` of a ground", {key: one.meaning for key, one in keys.DETECTORS.items()}),
        ("`kind` of a rule", dict(keys.RULE_KINDS)),
        ("`kind` of a provision", dict(keys.PROVISION_KINDS)),
        ("`operations`:", dict(keys.OPERATIONS)),
    ],
)
def test_guide_lists_every_word_of_a_vocabulary(begins, words):
    [line] = [line for line in guide() if line.startswith(begins)]
    said = re.findall(r"`(\w+)`\+? ([^;]+?)(?=;|\.$)", line.partition(": ")[2])
    assert dict(said) == words
