"""Who may not enter again: for good, for a time or not at all, by the rows."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import roles
from cities.models import Limit, OfficeDecision
from providers import bars, lineage, wording
from providers.models import Bar, Organisation, Registration, Removal
from tests.conftest import office
from tests.providers.barring import LATER, REMOVED, another, barred, heir, listed, remove, rule
from tests.providers.conftest import moment

YEARS_LATER = moment("2076-03-10T15:20")
INSTANT = timedelta(microseconds=1)


# Of one's own list


def test_for_good(unit):
    rule(unit.programme)
    removal = remove(unit)

    [one] = barred(unit.organisation, unit.programme, YEARS_LATER)
    assert (one.removal, one.limit.article.number, one.until, one.steps) == (removal, "第十条", None, [])
    assert barred(unit.organisation, unit.programme, REMOVED - INSTANT) == []


@pytest.mark.parametrize(("months", "ends"), [(36, "2029-03-11T00:00"), (6, "2026-09-11T00:00")])
def test_for_a_time_to_the_last_minute(unit, months, ends):
    rule(unit.programme, span_number=months)
    remove(unit)

    over = moment(ends)
    assert [one.until for one in barred(unit.organisation, unit.programme, over - INSTANT)] == [over]
    assert barred(unit.organisation, unit.programme, over) == []


def test_not_at_all_after_a_procedure_that_the_row_does_not_name(unit):
    rule(unit.programme)
    remove(unit, "cancelling")

    assert barred(unit.organisation, unit.programme) == []
    assert Removal.objects.count() == 1  # kept all the same, for the staff of other lists


def test_not_at_all_without_a_row(unit):
    rule(unit.programme)
    Limit.objects.filter(measure=bars.MEASURE).delete()
    remove(unit)

    assert (barred(unit.organisation, unit.programme), Bar.objects.count()) == ([], 0)


def test_nobody_else_is_barred(unit):
    rule(unit.programme)
    remove(unit)

    others = Organisation.objects.exclude(pk=unit.organisation_id)
    assert not any(bars.standing(others, unit.programme, LATER).values())


def test_what_is_lifted_bars_no_more_and_stays_on_record(unit):
    rule(unit.programme)
    remove(unit)
    bars.lift(unit, reason="清退决定有误，已撤销", moment=LATER)

    assert len(barred(unit.organisation, unit.programme, LATER - INSTANT)) == 1
    assert barred(unit.organisation, unit.programme, LATER) == []
    removal = Removal.objects.get()
    assert (removal.lifted_reason, removal.bars.count(), removal.history.count()) == (
        "清退决定有误，已撤销",
        1,
        2,
    )


def test_whoever_is_removed_again_after_that_is_barred_again(unit):
    rule(unit.programme)
    remove(unit)
    bars.lift(unit, reason="有误", moment=LATER)
    again = remove(unit, at=LATER + timedelta(days=1))

    assert [one.removal for one in barred(unit.organisation, unit.programme, YEARS_LATER)] == [again]


def test_later_version_does_not_let_in_whom_the_one_before_barred(unit):
    """The bar was laid when the unit was removed; what a later text drops, it does not take back."""
    book = rule(unit.programme)
    remove(unit)
    type(book).objects.filter(pk=book.pk).update(effective_to=date(2026, 5, 31))

    assert bars.rows(unit.programme, LATER) == []
    assert len(barred(unit.organisation, unit.programme)) == 1


def test_removal_of_one_registration_is_kept_once(unit):
    rule(unit.programme)
    remove(unit)

    with pytest.raises(IntegrityError), transaction.atomic():
        remove(unit)


# Lineage


def succeed(before: Organisation, after: Organisation, day: date = date(2026, 4, 1)):
    return lineage.record(before, after, kind="succeeded", day=day, evidence="合并公告", by=None, at=LATER)


@pytest.mark.parametrize(("per", "number"), [("registration", 0), ("lineage", 1)])
def test_row_decides_whether_the_bar_follows_the_lineage(unit, per, number):
    rule(unit.programme, per=per)
    remove(unit)
    between, last = heir(7), heir(8)
    steps = [succeed(unit.organisation, between), succeed(between, last)]

    found = barred(last, unit.programme)
    assert [one.steps for one in found] == [steps[::-1]] * number
    assert len(barred(unit.organisation, unit.programme)) == 1


def test_lineage_counts_from_its_day_on(unit):
    rule(unit.programme, per="lineage")
    remove(unit)
    last = heir()
    succeed(unit.organisation, last, day=date(2026, 9, 2))

    assert barred(last, unit.programme, moment("2026-09-01T23:59")) == []
    assert len(barred(last, unit.programme, moment("2026-09-02T00:00"))) == 1


def test_lineage_recorded_in_error_leads_nowhere(unit):
    rule(unit.programme, per="lineage")
    remove(unit)
    last = heir()
    lineage.lift(succeed(unit.organisation, last), reason="不是承继", by=None, at=LATER)

    assert barred(last, unit.programme, LATER) == []


def test_those_that_succeed_each_other_in_a_circle_end(unit):
    rule(unit.programme, per="lineage")
    remove(unit)
    last = heir()
    succeed(unit.organisation, last)
    succeed(last, unit.organisation)

    assert len(barred(last, unit.programme)) == 1


def test_successor_that_is_removed_does_not_bar_whom_it_came_from(unit):
    rule(unit.programme, per="lineage")
    last = heir()
    succeed(unit.organisation, last)
    remove(listed(unit.programme, last, REMOVED))

    assert barred(unit.organisation, unit.programme) == []


def test_office_may_read_the_row_so_that_the_lineage_follows(unit):
    """An office decision on the reading changes whom a bar reaches from the day on which it binds."""
    rule(unit.programme)
    question = "管不管承继的单位？"
    other = {"reading": "也管", "sets": {"per": "lineage"}}
    reading = {"question": question, "reading": "不管", "alternatives": [other]}
    Limit.objects.filter(measure=bars.MEASURE).update(interpretations=[reading])
    remove(unit)
    last = heir()
    succeed(unit.organisation, last)
    OfficeDecision.objects.create(
        programme=unit.programme,
        section="limits",
        place="reentry",
        matter=question,
        value={"per": "lineage"},
        wording="也管",
        basis="会议纪要",
        decided_on=date(2026, 9, 10),
        effective_from=date(2026, 9, 10),
        proposed_at=LATER,
        proposed_by=office("editor", "周规则", roles.RULEBOOK_EDITOR, unit.programme),
        settled_at=LATER,
        settled_by=office("decider", "何审定", roles.DECIDER, unit.programme),
        is_confirmed=True,
    )

    assert barred(last, unit.programme, moment("2026-09-09T23:59")) == []
    assert len(barred(last, unit.programme, moment("2026-09-10T00:00"))) == 1


# Other lists


@pytest.mark.parametrize(("counts", "number"), [(False, 0), (True, 1)])
def test_removal_elsewhere_counts_only_where_the_row_says_so(unit, counts, number):
    rule(unit.programme, elsewhere=counts)
    removal = remove(listed(another(), unit.organisation, REMOVED))

    assert [one.removal for one in barred(unit.organisation, unit.programme)] == [removal] * number
    [shown] = bars.elsewhere(unit.organisation, unit.programme, LATER)
    assert (shown.removal, shown.counts) == (removal, counts)


def test_row_of_the_list_that_removed_says_nothing_of_others(unit):
    rule(unit.programme)
    remove(listed(another(elsewhere=True, after=["clearance"]), unit.organisation, REMOVED))

    assert barred(unit.organisation, unit.programme) == []


def test_removal_elsewhere_counts_as_long_as_ones_own_row_says(unit):
    rule(unit.programme, elsewhere=True, span_number=6)
    remove(listed(another(after=["clearance"]), unit.organisation, REMOVED))  # for good, there

    over = moment("2026-09-11T00:00")
    assert len(barred(unit.organisation, unit.programme, over - INSTANT)) == 1
    assert barred(unit.organisation, unit.programme, over) == []
    [shown] = bars.elsewhere(unit.organisation, unit.programme, over)
    assert not shown.counts


def test_ones_own_removal_is_not_one_elsewhere(unit):
    rule(unit.programme, elsewhere=True)
    remove(unit)

    assert len(barred(unit.organisation, unit.programme)) == 1
    assert bars.elsewhere(unit.organisation, unit.programme, LATER) == []


@pytest.mark.parametrize(("per", "counts"), [("registration", False), ("lineage", True)])
def test_what_an_organisation_goes_back_to_is_shown_and_counts_by_the_row(unit, per, counts):
    rule(unit.programme, elsewhere=True, per=per)
    last = heir()
    succeed(unit.organisation, last)
    remove(listed(another(), unit.organisation, REMOVED))

    [shown] = bars.elsewhere(last, unit.programme, LATER)
    assert (shown.counts, len(shown.steps)) == (counts, 1)


def test_what_was_lifted_elsewhere_is_not_shown(unit):
    rule(unit.programme, elsewhere=True)
    there = listed(another(), unit.organisation, REMOVED)
    remove(there)
    bars.lift(there, reason="有误", moment=LATER)

    assert bars.elsewhere(unit.organisation, unit.programme, LATER) == []
    assert barred(unit.organisation, unit.programme, LATER) == []


# As told


def test_bar_is_told_with_all_that_one_needs_to_know(unit):
    rule(unit.programme, span_number=36, per="lineage")
    remove(unit)
    last = heir()
    succeed(unit.organisation, last)

    [one] = barred(last, unit.programme)
    assert wording.bar(one) == (
        "承继数字科技有限公司所承继的示例智造科技有限公司于2026年3月10日在〔演示市 · 牵引单位〕退出名单"
        "（依据第十条，YS-2026-0006），2029年3月10日 24:00 以前不得再申请入库"
    )
    assert wording.after_bar(one) == (
        "2029年3月10日 24:00 以后可以再申请；认为当时的决定有误的，向主管部门提出"
    )


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_depend_on_how_many_are_asked(unit, number, django_assert_num_queries):
    rule(unit.programme, elsewhere=True, per="lineage")
    other = another()
    asked = [heir(10 + place) for place in range(number)]
    for place, one in enumerate(asked):
        before = heir(20 + place)
        succeed(before, one)
        remove(listed(unit.programme, before, REMOVED))
        remove(listed(other, one, REMOVED))

    with django_assert_num_queries(7):
        found = bars.standing(asked, unit.programme, LATER)
    assert [len(found[one.pk]) for one in asked] == [2] * number
    assert Registration.objects.filter(valid_to__isnull=False).count() == 2 * number
