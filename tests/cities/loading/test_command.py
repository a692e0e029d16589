"""The command, and the guide that explains what a file may hold."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

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
