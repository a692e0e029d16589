"""Two acts on one deadline at once: the second finds out under the lock. PostgreSQL."""

from typing import Any

import pytest

from cases import deadlines
from cases.deadlines.many import change_many
from cases.models import DeadlineChange
from tests.conftest import at
from tests.races import queue_for
from tests.rulebooks import load_changed, stage

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def programme(calendar, tmp_path):
    def change(content: Any) -> None:
        stage(content, "review").update(span=3, counting="working_next", extend_by_most=5, extend_times=9)

    return load_changed(tmp_path, change)


@pytest.mark.parametrize("how", [{"what": "extend", "number": 1}, {"what": "hold"}])
def test_second_of_two_who_change_one_deadline_at_once_is_told(programme, submitted_case, decider, how):
    seen = deadlines.open_of(submitted_case)
    assert seen is not None

    def change() -> Any:
        return change_many(
            programme, [seen.stamp], reason="台风", by=decider, at=at("2026-09-18 10:00"), **how
        )

    with queue_for(programme) as start:
        both = [start(change) for _ in range(2)]
    assert [result.is_done for one in both for result in one.result()] == [True, False]
    assert DeadlineChange.objects.filter(deadline=seen).count() == 1
