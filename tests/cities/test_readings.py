"""Lists in the form of a draft's row, written as in a rulebook file."""

import pytest
from django.forms import ValidationError

from cities.admin.readings import ListField
from cities.models import Limit, Stage
from cities.rulebooks.schema import keys_of
from cities.rulebooks.source import SYNTAX

READINGS = [
    {
        "question": "线上提交算不算？",
        "reading": "算。",
        "alternatives": ["只收纸质材料。", {"reading": "七天", "sets": {"span_number": 7}}],
    }
]
WRITTEN = """- question: 线上提交算不算？
  reading: 算。
  alternatives:
    - 只收纸质材料。
    - {reading: 七天, sets: {span: 7}}
"""


def field(model, name, required=False):
    keys = keys_of(model)
    return ListField(
        key=next(key for key in keys.values() if key.column == name), keys=keys, required=required
    )


def test_readings_stand_as_in_a_file_and_come_back_as_they_were():
    shown = field(Stage, "interpretations")

    assert shown.prepare_value(READINGS) == WRITTEN
    assert shown.clean(WRITTEN) == READINGS
    assert not shown.has_changed(READINGS, WRITTEN)
    assert shown.has_changed(READINGS, WRITTEN.replace("7", "8"))


def test_words_stand_one_to_a_line():
    shown = field(Limit, "rules")

    assert shown.prepare_value(["A-1", "A-2"]) == "- A-1\n- A-2\n"
    assert shown.clean("- A-1\r\n- A-2") == ["A-1", "A-2"]
    assert (shown.prepare_value([]), shown.clean(""), shown.clean("[]")) == ("", [], [])


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("A-1", "第 1 行：写的是“A-1”（应为列表，每项前加 -）"),
        ("- A-1\n- {a: b}", "第 2 行：rules 写的是一组键（应为文字）"),
        ('["A-1"', f"第 1 行：{SYNTAX}"),
    ],
)
def test_list_that_is_none_says_its_line_and_stays_as_typed(written, said):
    shown = field(Limit, "rules")

    with pytest.raises(ValidationError) as refusal:
        shown.clean(written)
    assert refusal.value.messages == [said]
    assert shown.prepare_value(written) == written


def test_alternative_sets_only_what_the_office_may_set_of_the_row():
    with pytest.raises(ValidationError) as refusal:
        field(Stage, "interpretations").clean(WRITTEN.replace("span: 7", "four_eyes: true"))

    assert refusal.value.messages[0].startswith("第 5 行：sets 里不认识“four_eyes”（")
