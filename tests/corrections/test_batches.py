"""Corrections gathered into a batch: one publicity, one erratum, each standing on what those before it leave."""

from typing import Any

import pytest

from cases import batches, engine, steps
from cases.errors import Refused
from cases.models import Case
from cases.sweep import sweep
from corrections import steps as correction_steps
from providers.models import Erratum, ListEdition, Organisation
from providers.queries import snapshot
from publicity import steps as publicity_steps
from tests.conftest import NOW, PARTNERS, at
from tests.corrections.conftest import begin, left_out, put_behind

pytestmark = pytest.mark.django_db
SHOWN, OVER = at("2026-09-28 10:00"), at("2026-10-04 00:00")
RIGHT = "虚构视觉有限公司"


@pytest.fixture
def decided(clerk: Any, decider: Any, edition: ListEdition):
    """Write corrections of units, each with one operation, and have them decided to be shown."""

    def decide(*written: tuple[Any, str, dict[str, Any]]) -> list[Case]:
        cases = []
        for unit, action, facts in written:
            case = begin(unit, clerk, edition)
            correction_steps.add_operation(case, action, at=NOW, **(facts or left_out(case)))
            filed = steps.submit(engine.load(case.pk), by=clerk, at=NOW)
            cases.append(steps.decide(filed, "approve_shown", by=decider, at=NOW))
        return cases

    return decide


def gathered(cases: list[Case], clerk: Any) -> Any:
    return batches.create(cases[0].procedure, cases, by=clerk, at=NOW)


def test_corrections_of_two_units_are_one_erratum(decided, registration, third, clerk):
    cases = decided((registration, "add_partner", {}), (third, "add_partner", {}))
    publicity_steps.open_batch(gathered(cases, clerk), by=clerk, at=SHOWN)
    sweep(OVER)
    erratum = ListEdition.objects.get(number=2)
    assert {engine.load(case.pk).edition for case in cases} == {erratum}
    assert (erratum.kind, len(erratum.changes)) == ("erratum", 2)
    assert {(one.edition, one.registration) for one in Erratum.objects.all()} == {
        (erratum, registration),
        (erratum, third),
    }
    for unit in (registration, third):
        assert PARTNERS["fresh"][0] in {one["code"] for one in snapshot(unit, OVER)["partners"]}


def test_name_put_right_by_one_is_nothing_to_correct_for_the_next(decided, second, third, clerk):
    put_behind(third, *PARTNERS["shared"])
    name = {"partner_code": PARTNERS["shared"][0], "partner_name": RIGHT}
    cases = decided((second, "mend_partner", name), (third, "mend_partner", name))
    batch = gathered(cases, clerk)
    with pytest.raises(Refused) as refused:
        publicity_steps.open_batch(batch, by=clerk, at=SHOWN)
    assert f"{cases[1]} " in str(refused.value.problems)
    assert Organisation.objects.get(credit_code=PARTNERS["shared"][0]).name != RIGHT  # the trial left nothing
    publicity_steps.open_batch(batch, by=clerk, at=SHOWN, without_rest=True)
    sweep(OVER)
    assert [engine.load(case.pk).result for case in cases] == ["published", ""]
    assert {one["name"] for unit in (second, third) for one in snapshot(unit, OVER)["partners"]} == {RIGHT}
    erratum = ListEdition.objects.get(number=3)
    assert len(erratum.changes) == 2  # of the one that asked and of the other behind which it stands
    assert [one["corrects"] for one in erratum.changes] == [1, 2]
