"""Two at once: the one that gets the lock first wins, the other finds out under the lock. PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from cases import engine, steps
from cases.errors import Refused
from cases.models import Case, CaseCounter
from cases.sweep import sweep
from changes import steps as change_steps
from cities.queries import procedure_in_force
from providers.models import ListEdition, Organisation, Partnership
from publicity import steps as publicity_steps
from publicity.models import Objection, PublicityItem
from tests.conftest import NOW, add, at
from tests.races import CLOSES, on_its_own_connection, queue_for, show, waiters
from tests.servers import wait_until

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

JUST_BEFORE = at("2026-10-03 23:59:59")


def fresh(case: Case) -> Case:
    return engine.load(case.pk)


def test_two_sweeps_at_once_give_the_last_place_to_one(programme, registration, third, apply, clerk, decider):
    winner, loser = (
        show(apply, unit, add("shared", unit, "food-beverage"), clerk, decider)
        for unit in (registration, third)
    )

    with queue_for(programme) as start:
        sweeps = [start(lambda: sweep(CLOSES)) for _ in range(2)]
    reports = [one.result() for one in sweeps]

    winner, loser = fresh(winner), fresh(loser)
    assert [report.failed + report.left for report in reports] == [[], []]
    assert (winner.result, loser.result) == (Case.Result.PUBLISHED, Case.Result.NONE)
    assert (loser.stage.key, loser.owner) == ("approval", decider)
    assert "在食品饮料行业已是 2 家牵引单位的合作伙伴，不超过 2 家" in loser.attention
    assert Partnership.objects.current().filter(organisation__name="虚构视觉检测技术有限公司").count() == 2
    assert list(ListEdition.objects.values_list("number", flat=True).order_by("number")) == [1, 2]


def test_organisation_that_another_programme_makes_at_that_moment_is_taken_as_it_is(
    registration, apply, clerk, decider
):
    case = show(apply, registration, add("fresh", registration), clerk, decider)
    joining = case.partner_change.operations.get()

    with ThreadPoolExecutor() as pool, transaction.atomic():
        # Under a lock of its own, and not seen before it is there.
        known = Organisation.objects.create(credit_code=joining.partner_code, name=joining.partner_name)
        swept = pool.submit(on_its_own_connection, lambda: sweep(CLOSES))
        wait_until(lambda: waiters() == 1, 20, lambda: f"{waiters()} wait")

    assert swept.result().done == [case.number]
    assert Partnership.objects.current().filter(organisation=known).count() == 1
    assert Organisation.objects.filter(credit_code=joining.partner_code).count() == 1


def test_three_sweeps_at_once_publish_every_case_once(programme, many_due):
    cases = many_due(8)

    with queue_for(programme) as start:
        sweeps = [start(lambda: sweep(CLOSES)) for _ in range(3)]
    reports = [one.result() for one in sweeps]

    assert [report.failed + report.left for report in reports] == [[], [], []]
    editions = ListEdition.objects.order_by("number")
    moments = [edition.published_at for edition in editions]
    assert [edition.number for edition in editions] == list(range(1, 10))
    assert moments == sorted(set(moments))
    assert sorted(fresh(case).edition.number for case in cases) == list(range(2, 10))
    assert Partnership.objects.count() == 8


def test_draft_submitted_twice_at_once_gets_one_number(programme, apply, registration, provider):
    case = apply(registration, provider)

    with queue_for(programme) as start:
        first, second = (start(lambda: steps.submit(case, by=provider, at=NOW)) for _ in range(2))

    assert first.result().number == "DG-2026-0001"
    with pytest.raises(Refused, match="已经提交"):
        second.result()
    assert CaseCounter.objects.get(series="case").last == 1
    assert case.events.count() == 1


def test_two_units_that_submit_at_once_get_two_numbers(
    programme, apply, registration, provider, second, stranger
):
    cases = [
        (apply(registration, provider), provider),
        (apply(second, stranger, [add("other", second)]), stranger),
    ]

    with queue_for(programme) as start:
        filed = [start(lambda case=case, by=by: steps.submit(case, by=by, at=NOW)) for case, by in cases]

    assert [one.result().number for one in filed] == ["DG-2026-0001", "DG-2026-0002"]


def test_application_begun_twice_at_once_is_one_draft(programme, registration, provider):
    procedure = procedure_in_force(programme, "partner_change", NOW)

    with queue_for(programme) as start:
        begun = [start(lambda: steps.draft(procedure, registration, by=provider, at=NOW)) for _ in range(2)]

    assert begun[0].result() == begun[1].result() == Case.objects.get()


def test_operation_added_while_the_change_is_filed_is_refused(programme, apply, registration, provider):
    case = apply(registration, provider)
    action, facts = add("other", registration)

    with queue_for(programme) as start:
        start(lambda: steps.submit(case, by=provider, at=NOW))
        late = start(lambda: change_steps.add_operation(case, action, at=NOW, **facts))

    with pytest.raises(Refused, match="已经提交"):
        late.result()
    assert case.partner_change.operations.count() == 1


@pytest.mark.parametrize("objection_first", [True, False])
def test_objection_in_the_last_second_holds_the_case_or_stands_against_its_edition(
    programme, case_in_publicity, objection_first
):
    item = PublicityItem.objects.get()
    what = {"person": "individual", "name": "王异议", "contact": "13800001111", "matter": "该企业已停止经营"}

    with queue_for(programme) as start:
        if objection_first:
            lodged = start(lambda: publicity_steps.lodge(item, at=JUST_BEFORE, **what))
        swept = start(lambda: sweep(CLOSES))
        if not objection_first:
            lodged = start(lambda: publicity_steps.lodge(item, at=JUST_BEFORE, **what))

    case, report = fresh(case_in_publicity), swept.result()
    assert report.failed + report.left == []
    objection = Objection.objects.get()
    assert lodged.result() == objection
    if objection_first:
        assert (case.stage.key, case.waiting_for, case.wake_at) == ("publicity", "clerk", None)
        assert (objection.edition, ListEdition.objects.count()) == (None, 1)
    else:  # it was sent in time, and waited for the lock
        assert case.result == Case.Result.PUBLISHED
        assert (objection.edition, case.edition) == (case.edition, ListEdition.objects.get(number=2))


def test_case_whose_lock_is_not_had_in_time_is_left_to_the_next_sweep(programme, case_in_publicity):
    def impatient() -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '500ms'")
        return sweep(CLOSES)

    with queue_for(programme) as start:
        report = start(impatient).result(20)

    assert [number for number, _ in report.left] == [case_in_publicity.number]
    assert (report.done, report.failed) == ([], [])
    assert fresh(case_in_publicity).set_aside_at is None
    assert sweep(CLOSES).done == [case_in_publicity.number]
