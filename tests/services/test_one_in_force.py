"""Two versions of a programme's rules are never in force on one day, whoever writes them. PostgreSQL."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts import roles
from cities.models import Rulebook
from cities.rulebooks import copying, publishing
from cities.rulebooks.errors import RulebookErrors, RulebookRefused
from cities.rulebooks.load import load
from tests.cities.drafts.pages import held
from tests.cities.rulebook_files import write
from tests.conftest import NOW

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

SECOND = ("version: 1", "version: 2")


@pytest.fixture
def rulebook(tmp_path: Any, stopped_clock: Any) -> Rulebook:
    return load([write(tmp_path)], at=NOW)[0].rulebook


def beside(rulebook: Rulebook, begins: date, ends: date | None = None) -> Rulebook:
    """Another published version, put past everything that would ask."""
    return Rulebook.objects.create(
        programme=rulebook.programme,
        version=2,
        title="另一版",
        short_title="另一版",
        validity_article="第一条",
        standing="published",
        effective_from=begins,
        effective_to=ends,
    )


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(date(2025, 1, 1), None), (date(2026, 10, 1), None), (date(2024, 1, 1), date(2025, 1, 1))],
)
def test_database_refuses_two_versions_that_share_a_day(rulebook, begins, ends):
    with pytest.raises(IntegrityError, match="one_rulebook_in_force_at_a_time"), transaction.atomic():
        beside(rulebook, begins, ends)

    assert Rulebook.objects.count() == 1


def test_database_takes_versions_that_share_no_day(rulebook):
    assert beside(rulebook, date(2024, 1, 1), date(2024, 12, 31)).pk


def test_database_asks_it_of_published_versions_of_one_programme_only(rulebook, tmp_path):
    other = (("sample-providers", "other"), ("number_prefix: SL", "number_prefix: OT"))
    load([write(tmp_path, *other)], at=NOW)
    load([write(tmp_path, SECOND, ("standing: published", "standing: draft"))], at=NOW)

    assert Rulebook.objects.count() == 3


def test_loader_says_so_before_the_database_does(rulebook, tmp_path):
    with pytest.raises(RulebookErrors, match="与第 1 版（2025年1月1日 起，至今没有失效）同时有效"):
        load([write(tmp_path, SECOND)], at=NOW)


def test_publishing_says_so_before_the_database_does_and_makes_way_where_it_can(rulebook):
    editor, second = (held(name, roles.RULEBOOK_EDITOR, rulebook) for name in ("editor", "second"))
    draft = copying.copy_to_draft(rulebook, change="amendment", reason="修订", by=editor, at=NOW)
    with pytest.raises(RulebookRefused, match="与第 1 版（2025年1月1日 起，至今没有失效）同时有效"):
        publishing.publish(draft, effective_from=date(2025, 1, 1), by=second, at=NOW)

    publishing.publish(draft, effective_from=date(2026, 10, 1), by=second, at=NOW)

    assert dict(Rulebook.objects.values_list("version", "effective_to")) == {1: date(2026, 9, 30), 2: None}
