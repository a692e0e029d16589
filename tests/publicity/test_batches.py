"""A batch shown in one publicity and published as one edition."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from cases import batches, effect, engine, letters, stages
from cases import steps as steps_of_a_case
from cases.errors import Refused
from cases.models import Case
from cases.sweep import sweep
from cities.models import Outcome, Stage
from providers.models import ListEdition, Organisation, Partnership
from providers.queries import snapshot
from publicity import queries, steps
from publicity.models import PublicityItem, PublicityPeriod
from publicity.stage import has_open_objection, showing
from tests.batches import (
    approved,
    batch_of,
    enter_units,
    file,
    filed,
    fresh,
    item,
    partner,
    procedure_of,
)
from tests.conftest import NOW, PARTNERS, at
from tests.publicity.conftest import settle, typed, what

SHOWN, DURING, OVER = at("2026-09-28 10:00"), at("2026-09-30 09:00"), at("2026-10-04 00:00")
SETTLED = at("2026-10-09 10:00")


def made(programme: Any, cases: list[Case], clerk: Any) -> Any:
    return batches.create(procedure_of(programme), cases, by=clerk, at=NOW, label="九月")


@pytest.fixture
def three(apply: Any, programme: Any, clerk: Any, decider: Any) -> list[Case]:
    return approved(filed(apply, programme, 3, clerk), clerk, decider)


@pytest.fixture
def batch(programme: Any, three: list[Case], clerk: Any) -> Any:
    return made(programme, three, clerk)


@pytest.fixture
def period(batch: Any, clerk: Any) -> PublicityPeriod:
    return steps.open_batch(batch, by=clerk, at=SHOWN)


@pytest.mark.parametrize("number", [1, 3, 8])
def test_batch_is_shown_in_one_period_and_published_as_one_edition(apply, programme, clerk, decider, number):
    cases = approved(filed(apply, programme, number, clerk), clerk, decider)
    steps.open_batch(made(programme, cases, clerk), by=clerk, at=SHOWN)
    assert (PublicityPeriod.objects.count(), PublicityItem.objects.count()) == (1, number)

    sweep(OVER)

    edition = ListEdition.objects.get(number=2)
    assert ListEdition.objects.count() == 2
    assert {(case.result, case.edition) for case in fresh(cases)} == {("published", edition)}
    assert len(edition.changes) == number
    label = "示例000有限公司" if number == 1 else f"批次 DG-PC-2026-0001，{number} 件"
    assert edition.summary == f"{label}：目录 ＋{number}"


def test_published_twice_by_two_sweeps_changes_nothing_more(period):
    sweep(OVER)
    assert sweep(OVER).done == sweep(SETTLED).done == []
    assert ListEdition.objects.count() == 2


def test_worker_killed_between_the_close_and_the_edition_loses_nothing(period, three):
    """What one transaction has committed the next sweep goes on from."""
    with engine.locked(three[1].pk) as (case, _):
        stages.of(case).due(case, at=OVER)
    assert {case.stage.kind for case in fresh(three)} == {"publication"}
    sweep(SETTLED)
    assert len({case.edition for case in fresh(three)}) == 1
    assert ListEdition.objects.count() == 2


def test_unready_ones_are_all_named_and_nothing_is_shown(apply, programme, clerk, decider):
    cases = filed(apply, programme, 3, clerk)
    approved(cases[:1], clerk, decider)
    batch = made(programme, cases, clerk)
    with pytest.raises(Refused, match="有 2 件还不能公示") as refusal:
        steps.open_batch(batch, by=clerk, at=SHOWN)
    assert [problem.message for problem in refusal.value.problems] == [
        f"{case} {case.organisation}：还在“经办审核”" for case in cases[1:]
    ]
    assert PublicityPeriod.objects.count() == 0


def test_ready_ones_are_shown_and_the_rest_is_split_off_where_that_is_chosen(
    apply, programme, clerk, decider
):
    cases = filed(apply, programme, 3, clerk)
    approved(cases[:2], clerk, decider)
    batch = made(programme, cases, clerk)
    period = steps.open_batch(batch, by=clerk, at=SHOWN, without_rest=True)
    assert {one.case for one in period.items.all()} == set(cases[:2])
    assert [batch_of(case).number for case in cases] == ["DG-PC-2026-0001"] * 2 + ["DG-PC-2026-0002"]
    told = cases[2].events.get(verb="batch.split").summary
    assert "还没有准备好" in told
    assert not any(str(case) in told for case in cases[:2])


def test_batch_with_nothing_ready_is_refused_also_without_the_rest(apply, programme, clerk):
    batch = made(programme, filed(apply, programme, 1, clerk), clerk)
    with pytest.raises(Refused, match="还不能公示"):
        steps.open_batch(batch, by=clerk, at=SHOWN, without_rest=True)


@pytest.fixture
def rivals(apply, programme, clerk, decider):
    """Three units that want the same partner, of which two may have it: each is fine by itself."""
    cases = [file(apply, unit, clerk, partner(unit)) for unit in enter_units(programme, 3)]
    return approved(cases, clerk, decider)


def test_cases_that_together_exceed_a_cap_are_found_before_opening(rivals, programme, clerk):
    batch = made(programme, rivals, clerk)
    with pytest.raises(Refused) as refusal:
        steps.open_batch(batch, by=clerk, at=SHOWN)
    [problem] = refusal.value.problems
    assert str(rivals[2]) in problem.message
    assert "和同批排在前面的一起公示就不符合" in problem.message
    assert "不超过 2 家" in problem.message
    assert (ListEdition.objects.count(), Partnership.objects.count()) == (1, 0)
    assert not Organisation.objects.filter(credit_code=PARTNERS["shared"][0]).exists()


def test_the_one_too_many_is_split_off_and_the_others_are_shown(rivals, programme, clerk):
    batch = made(programme, rivals, clerk)
    period = steps.open_batch(batch, by=clerk, at=SHOWN, without_rest=True)
    assert {one.case for one in period.items.all()} == set(rivals[:2])


def test_two_cases_of_one_unit_each_stand_on_what_the_other_leaves(apply, programme, clerk, decider):
    [unit] = enter_units(programme, 1)
    asked = [file(apply, unit, clerk, operation) for operation in (partner(unit), item(1))]
    cases = approved(asked, clerk, decider)
    shown = steps.open_batch(made(programme, cases, clerk), by=clerk, at=SHOWN).items.order_by("pk")
    assert [len(one.shown["after"]["partners"]) for one in shown] == [
        1,
        0,
    ]  # each told against the list as it is

    sweep(OVER)

    edition = ListEdition.objects.get(number=2)
    assert {(case.result, case.edition) for case in fresh(cases)} == {("published", edition)}
    assert (len(edition.changes), edition.counts["partners"], edition.counts["items"]) == (2, 1, 1)
    listed = snapshot(unit, OVER)
    assert (len(listed["partners"]), len(listed["items"])) == (1, 1)


def test_single_case_of_a_batch_is_not_shown_by_itself(batch, three, clerk):
    with pytest.raises(Refused, match="和同批其他 2 件一起公示"):
        steps.open_period(three[0], by=clerk, at=SHOWN)
    batches.remove(batch, three[:1], reason="先公示", by=clerk, at=SHOWN)
    assert steps.open_period(three[0], by=clerk, at=SHOWN).batch.number is None


def shown(period: PublicityPeriod, case: Case) -> PublicityItem:
    return period.items.get(case=case)


def test_objection_holds_its_own_case_and_the_others_go_on(period, three, clerk, decider):
    objection = steps.lodge(shown(period, three[1]), at=DURING, **what())

    sweep(OVER)

    assert [case.result for case in fresh(three)] == ["published", "", "published"]
    assert (engine.load(three[1].pk).stage.kind, ListEdition.objects.count()) == ("publicity", 2)
    assert ListEdition.objects.get(number=2).summary == "批次 DG-PC-2026-0001，2 件：目录 ＋2"

    settle(objection, upheld=False, conclusion="查无实据", by=clerk, at=SETTLED)
    sweep(SETTLED)

    held = engine.load(three[1].pk)
    assert (held.result, held.edition.number) == ("published", 3)
    assert held.edition.summary == "示例001有限公司：目录 ＋1"


def test_upheld_goes_back_alone_and_is_shown_again_by_itself(period, three, batch, clerk, decider):
    objection = steps.lodge(shown(period, three[1]), at=DURING, **what())
    settle(objection, upheld=True, conclusion="查实", by=clerk, at=DURING)
    sweep(OVER)
    case = engine.load(three[1].pk)
    assert (case.stage.kind, case.batch) == ("review", batch)
    steps_of_a_case.decide(case, "approve", by=decider, at=SETTLED, opinion="已改正")
    steps.keep(engine.load(case.pk), reason="所指的内容已经核实", by=decider, at=SETTLED)
    again = steps.open_period(engine.load(case.pk), by=clerk, at=SETTLED)
    assert (again.batch, [one.case for one in again.items.all()]) == (batch, [case])


def test_one_that_no_longer_fits_goes_back_and_the_others_are_published(apply, programme, clerk, decider):
    units = enter_units(programme, 3)
    cases = [file(apply, units[0], clerk, partner(units[0]))]
    cases += [file(apply, unit, clerk, item(place)) for place, unit in enumerate(units[1:])]
    batch = made(programme, approved(cases, clerk, decider), clerk)
    steps.open_batch(batch, by=clerk, at=SHOWN)
    # Meanwhile somebody else has registered that code under another name.
    Organisation.objects.create(credit_code=PARTNERS["shared"][0], name="另一个名称")

    report = sweep(OVER)

    back = engine.load(cases[0].pk)
    assert report.failed == []
    assert (back.stage.kind, back.owner) == ("review", decider)
    assert "没有发布" in back.attention
    assert [case.result for case in fresh(cases[1:])] == ["published"] * 2
    assert len(ListEdition.objects.get(number=2).changes) == 2


@pytest.mark.parametrize("broken", [0, 1, 2])
def test_one_whose_effect_raises_is_set_aside_and_the_others_are_one_edition(period, three, broken):
    """Its change names an industry that is gone: nothing anybody foresaw."""
    case = three[broken]
    case.partner_change.operations.update(action="no such action")

    report = sweep(OVER)
    sweep(OVER)

    assert [number for number, _ in report.failed] == [case.number]
    others = [one for one in fresh(three) if one != case]
    assert [one.result for one in others] == ["published"] * 2
    assert len({one.edition for one in others}) == 1
    assert engine.load(case.pk).set_aside_at == OVER


@pytest.mark.parametrize("broken", [0, 1, 2])
def test_one_whose_letter_raises_is_set_aside_and_the_others_are_one_edition(
    period, three, broken, monkeypatch
):
    """Its change went well; what raises comes after, when it is ended with the edition of all."""
    case, tell = three[broken], letters.tell

    def raising(told, event, outcome=None):
        if told.pk == case.pk and outcome is not None and outcome.stage.kind == "publication":
            raise ValueError("a letter that cannot be written")
        return tell(told, event, outcome)

    monkeypatch.setattr(letters, "tell", raising)
    report = sweep(OVER)
    sweep(OVER)

    assert [number for number, _ in report.failed] == [case.number]
    others = [one for one in fresh(three) if one != case]
    assert [one.result for one in others] == ["published"] * 2
    assert len({one.edition for one in others}) == 1
    assert ListEdition.objects.count() == 2
    assert engine.load(case.pk).set_aside_at == OVER
    monkeypatch.undo()
    sweep(OVER + timedelta(minutes=1))
    assert engine.load(case.pk).result == "published"


def test_batch_that_a_clerk_confirms_is_one_edition_too(period, three, clerk):
    Stage.objects.filter(pk=period.stage_id).update(release=Stage.Release.CONFIRMED)
    sweep(OVER)
    assert {case.waiting_for for case in fresh(three)} == {"clerk"}
    with engine.locked(three[0].pk) as (case, register):
        assert effect.take_effect(case, register, by=clerk, at=SETTLED)
    assert len({case.edition for case in fresh(three)}) == 1
    assert ListEdition.objects.get(number=2).published_at == SETTLED


def test_take_down_of_a_batch_lets_all_wait_and_be_shown_again(period, three, batch, clerk):
    steps.take_down(period, by=clerk, at=DURING, reason="名单附件有误")
    assert [(case.waiting_for, showing(case)) for case in fresh(three)] == [("clerk", None)] * 3
    again = steps.open_batch(batch, by=clerk, at=DURING)
    assert (again.items.count(), again.batch) == (3, batch)


def test_different_days_are_not_shown_together(batch, three, clerk):
    """A case that goes by a version with a longer publicity."""
    stage = engine.load(three[2].pk).stage
    other = Stage.objects.get(pk=stage.pk)
    other.pk, other.key, other.span_number = None, "publicity_longer", 7
    Stage.objects.bulk_create([other])
    for outcome in stage.outcomes.all():
        outcome.pk, outcome.stage = None, other
        Outcome.objects.bulk_create([outcome])
    Case.objects.filter(pk=three[2].pk).update(stage=other)
    with pytest.raises(Refused, match="有 1 件按别的版本") as refusal:
        steps.open_batch(batch, by=clerk, at=SHOWN)
    assert str(three[2]) in refusal.value.problems[0].message
    assert PublicityPeriod.objects.count() == 0


@pytest.mark.parametrize("who", ["decider", "auditor", "other_clerk"])
def test_open_batch_is_the_clerks_alone(request, batch, who):
    with pytest.raises(Refused, match="您没有这个角色"):
        steps.open_batch(batch, by=request.getfixturevalue(who), at=SHOWN)


@pytest.mark.parametrize("number", [1, 3])
def test_period_is_read_in_one_query_however_many_it_shows(
    apply, programme, clerk, decider, number, django_assert_num_queries
):
    cases = approved(filed(apply, programme, number, clerk), clerk, decider)
    period = steps.open_batch(made(programme, cases, clerk), by=clerk, at=SHOWN)
    with django_assert_num_queries(1):
        [face] = queries.faces([period], DURING, with_shown=True)
    assert len(face.items) == number


@pytest.mark.parametrize(("number", "folded"), [(1, 0), (3, 0), (5, 5)])
def test_public_page_lists_every_case_and_folds_many(
    apply, programme, clerk, decider, client, stopped_clock, number, folded
):
    cases = approved(filed(apply, programme, number, clerk), clerk, decider)
    period = steps.open_batch(made(programme, cases, clerk), by=clerk, at=SHOWN)
    stopped_clock(DURING)
    page = client.get(reverse("period", args=[period.pk])).content.decode()
    assert all(f">{case.organisation}</a></th>" in page for case in cases) is (number > 1)
    assert all(str(case.number) in page for case in cases)
    assert page.count("看这件的内容") == folded


def test_public_page_leads_to_the_form_with_the_case_chosen(client, period, three, stopped_clock):
    stopped_clock(DURING)
    item = shown(period, three[1])
    page = client.get(reverse("period", args=[period.pk]), {"item": item.pk})
    assert f'href="?item={item.pk}#object"' in page.content.decode()
    assert f'<option value="{item.pk}" selected>' in page.content.decode()
    client.post(reverse("object", args=[period.pk]), typed(item))
    assert [has_open_objection(case) for case in fresh(three)] == [False, True, False]
