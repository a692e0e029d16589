"""What the cases of one sweep share of the rules, and what each of them reads again."""

import pytest

from cities import decisions, frozen
from cities.frozen import Frozen
from cities.models import Limit, Outcome, Procedure, Programme, Rulebook
from cities.queries import limits_of
from cities.rulebooks.describe import citation
from cities.rulebooks.load import load
from tests.cities.open_rules import OPEN_WINDOW
from tests.cities.rulebook_files import write
from tests.cities.test_decisions import AT, confirmed, matter
from tests.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def rulebook(tmp_path) -> Rulebook:
    return load([write(tmp_path, OPEN_WINDOW)], at=AT)[0].rulebook


@pytest.fixture
def key(rulebook) -> int:
    return Procedure.objects.get(key="change").pk


def window(procedure: Procedure) -> str:
    return limits_of(procedure, AT)["changes_per_window"].window


def test_rows_of_a_published_version_are_read_once(rulebook, key, django_assert_num_queries):
    rules = Frozen()
    first = rules.procedure(key, rulebook.programme)

    with django_assert_num_queries(0):
        again = rules.procedure(key, rulebook.programme)
        stages = frozen.stages_of(again)
        outcomes = [frozen.outcome_of(stage, Outcome.Role.FORWARD) for stage in stages]
        told = [f"{one} {one.article} {one.next_stage} {one.stage}" for one in outcomes]
        told += [citation(limit)[1] for limit in frozen.limits_for(again)]
    assert again is first
    assert told
    assert [one.next_stage for one in outcomes[:-1]] == stages[1:]


def test_rows_of_a_draft_are_read_each_time(rulebook, key):
    Rulebook.objects.update(standing=Rulebook.Standing.DRAFT)
    rules = Frozen()

    assert rules.procedure(key, rulebook.programme) is not rules.procedure(key, rulebook.programme)


def test_what_is_shared_is_what_is_read_alone(rulebook, key):
    shared, alone = Frozen().procedure(key, rulebook.programme), Procedure.objects.get(pk=key)

    assert frozen.stages_of(shared) == frozen.stages_of(alone)
    assert frozen.limits_for(shared) == frozen.limits_for(alone)
    for stage in frozen.stages_of(alone):
        forward = [frozen.outcome_of(one, Outcome.Role.FORWARD) for one in (stage, *_same(shared, stage))]
        assert len(set(forward)) == 1
        assert len({one.next_stage for one in forward}) == 1


def _same(procedure: Procedure, stage: object) -> list:
    return [one for one in frozen.stages_of(procedure) if one == stage]


def test_decision_confirmed_between_two_cases_binds_the_second(rulebook, key):
    rules, people = Frozen(), (person("one", "一号"), person("two", "二号"))
    first = rules.procedure(key, rulebook.programme)
    before = window(first)
    open_matter = matter(rulebook, "twice", "哪一种年？")
    confirmed(rulebook, open_matter, decisions.chosen(open_matter, "连续十二个月"), people)
    under_the_same_lock = window(first)
    second = rules.procedure(key, rulebook.programme)

    assert (before, under_the_same_lock) == (Limit.Window.CALENDAR_YEAR, Limit.Window.CALENDAR_YEAR)
    assert window(second) == Limit.Window.ROLLING_YEAR
    # What is shared stays as the text has it.
    [row] = [row for row in frozen.limits_for(second) if row.measure == "changes_per_window"]
    assert row.window == Limit.Window.CALENDAR_YEAR


def test_programme_is_the_one_that_the_lock_has_read(rulebook, key):
    rules = Frozen()
    rules.procedure(key, rulebook.programme)
    Programme.objects.update(partner_term="联合体企业")
    again = rules.procedure(key, Programme.objects.get())

    assert {row.rulebook.programme.partner_term for row in frozen.limits_for(again)} == {"联合体企业"}
