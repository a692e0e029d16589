"""What the text leaves to the office: which decisions bind an act, and what they change."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError

from cases import deadlines
from cases.errors import Refused
from cities import decisions, duties
from cities.decisions import Matter, WrongDecision
from cities.models import CountingRule, Limit, OfficeDecision, Procedure, ReportingDuty, Rulebook, Stage
from cities.models.decision import DecisionMade
from cities.queries import limits_of
from cities.rulebooks.load import load
from records.models import Event
from tests.cities.open_rules import OPEN_HOUR, OPEN_SPAN, OPEN_VALUES, OPEN_WINDOW
from tests.cities.rulebook_files import write
from tests.conftest import at, person

AT = at("2026-09-17 10:32")
TODAY = AT.date()
pytestmark = pytest.mark.django_db


@pytest.fixture
def rulebook(tmp_path: Path) -> Rulebook:
    return load([write(tmp_path, OPEN_SPAN, OPEN_WINDOW)], at=AT)[0].rulebook


@pytest.fixture
def people(db: None) -> tuple[Any, Any]:
    return person("one", "一号"), person("two", "二号")


def matter(rulebook: Rulebook, place: str, name: str = "", moment: datetime = AT) -> Matter:
    """The one of a row that has this name, or the value that it leaves open."""
    found = [one for one in decisions.matters(rulebook, moment) if one.place == place]
    return next(one for one in found if (one.name == name if name else one.is_value))


def proposed(
    rulebook: Rulebook,
    open_matter: Matter,
    decided: Any,
    by: Any,
    *,
    day: date = TODAY,
    moment: datetime = AT,
) -> OfficeDecision:
    value, wording = decided
    return decisions.propose(
        rulebook.programme,
        open_matter,
        value=value,
        wording=wording,
        basis="示例纪要第 1 号",
        decided_on=min(day, moment.date()),
        effective_from=day,
        by=by,
        at=moment,
    )


def confirmed(
    rulebook: Rulebook, open_matter: Matter, decided: Any, people: Any, **when: Any
) -> OfficeDecision:
    made = proposed(rulebook, open_matter, decided, people[0], **when)
    return decisions.confirm(made, by=people[1], at=when.get("moment", AT))


def days(number: int, unit: str = "calendar") -> Any:
    return decisions.span_value(number, unit, "next", "none")


def publicity() -> Stage:
    return Stage.objects.select_related("rulebook__programme", "article").get(key="publicity")


def counted(moment: datetime) -> int:
    """The days of the publicity as the engine counts them; 0 where it refuses."""
    try:
        return deadlines.counted_span(publicity(), moment).number
    except Refused:
        return 0


@pytest.mark.parametrize(
    ("settle", "day", "act", "number"),
    [
        ("nothing", "2026-09-17", "2026-09-18 10:00", 0),
        ("decline", "2026-09-17", "2026-09-18 10:00", 0),
        ("confirm", "2026-09-17", "2026-09-18 10:00", 7),
        ("confirm", "2026-09-17", "2026-09-17 10:32", 7),
        ("confirm", "2026-09-17", "2026-09-17 10:31", 0),
        ("confirm", "2026-09-20", "2026-09-19 23:59", 0),
        ("confirm", "2026-09-20", "2026-09-20 00:00", 7),
    ],
)
def test_decided_span_reaches_the_engine_only_when_it_binds(rulebook, people, settle, day, act, number):
    made = proposed(
        rulebook, matter(rulebook, "change.publicity"), days(7), people[0], day=date.fromisoformat(day)
    )
    if settle == "confirm":
        decisions.confirm(made, by=people[1], at=AT)
    if settle == "decline":
        decisions.decline(made, because="天数写错", by=people[1], at=AT)

    assert counted(at(act)) == number


def test_unset_span_is_refused_with_what_to_do(rulebook):
    with pytest.raises(Refused, match=r"第二条没有规定“公示”的天数.*“未写明的事项”.*不套用其他地方的天数"):
        deadlines.counted_span(publicity(), AT)


@pytest.mark.parametrize("settle", [decisions.confirm, decisions.decline])
def test_the_same_person_s_other_account_cannot_settle(settle, rulebook, people):
    one, two = people
    two.email = one.email
    two.save()
    made = proposed(rulebook, matter(rulebook, "change.publicity"), days(7), one)
    because = {"because": "不对"} if settle == decisions.decline else {}

    with pytest.raises(WrongDecision, match="这项决定是您的另一个账号 one（邮箱相同）登记的，您不能确认"):
        settle(made, by=two, at=AT, **because)
    made.refresh_from_db()
    assert made.settled_at is None


def test_the_same_person_cannot_confirm_and_nothing_changes(rulebook, people):
    made = proposed(rulebook, matter(rulebook, "change.publicity"), days(7), people[0])

    with pytest.raises(WrongDecision, match="由另一个人确认"):
        decisions.confirm(made, by=people[0], at=AT)
    with pytest.raises(IntegrityError):
        OfficeDecision.objects.filter(pk=made.pk).update(
            is_confirmed=True, settled_at=AT, settled_by=people[0]
        )


def test_settled_decision_is_neither_edited_nor_deleted_nor_settled_again(rulebook, people):
    made = confirmed(rulebook, matter(rulebook, "change.publicity"), days(7), people)

    made.wording = "八天"
    with pytest.raises(DecisionMade, match="要改就另作一项决定"):
        made.save()
    with pytest.raises(DecisionMade):
        made.delete()
    with pytest.raises(WrongDecision, match="已经确认过"):
        decisions.decline(made, because="反悔", by=people[1], at=AT)


def test_basis_and_reason_are_needed_and_no_day_before_the_decision(rulebook, people):
    open_matter = matter(rulebook, "change.publicity")
    told = {"value": {}, "wording": "x", "by": people[0], "at": AT, "decided_on": AT.date()}
    with pytest.raises(WrongDecision, match="依据"):
        decisions.propose(rulebook.programme, open_matter, basis=" ", effective_from=AT.date(), **told)
    with pytest.raises(WrongDecision, match="依据：像手机号码 138"):
        decisions.propose(
            rulebook.programme, open_matter, basis="问 13812341234", effective_from=AT.date(), **told
        )
    early = date(2026, 9, 16)
    with pytest.raises(WrongDecision, match="不能早于确定的日期"):
        decisions.propose(rulebook.programme, open_matter, basis="纪要", effective_from=early, **told)
    made = proposed(rulebook, open_matter, days(7), people[0])
    with pytest.raises(WrongDecision, match="为什么退回"):
        decisions.decline(made, because=" ", by=people[1], at=AT)


def test_the_latest_decision_that_binds_wins(rulebook, people):
    open_matter = matter(rulebook, "change.publicity")
    confirmed(rulebook, open_matter, days(7), people)
    confirmed(rulebook, open_matter, days(9), people, day=date(2026, 10, 1))
    proposed(rulebook, open_matter, days(11), people[0])

    assert (counted(at("2026-09-30 10:00")), counted(at("2026-10-01 10:00"))) == (7, 9)
    shown = matter(rulebook, "change.publicity")
    assert shown.decision is not None
    assert shown.decision.value["span_number"] == 7
    assert [one.value["span_number"] for one in shown.ahead] == [9]
    assert [one.value["span_number"] for one in shown.waiting] == [11]


def test_chosen_alternative_with_values_changes_the_limit_and_one_without_does_not(rulebook, people):
    procedure = Procedure.objects.get(key="change")
    open_matter = matter(rulebook, "twice", "哪一种年？")
    confirmed(rulebook, open_matter, decisions.chosen(open_matter, "从入库之日起算"), people)
    recorded = limits_of(procedure, AT)["changes_per_window"]
    assert recorded.window == Limit.Window.CALENDAR_YEAR
    assert decisions.words(recorded) == ("主管部门 2026年9月17日 确定为“从入库之日起算”（示例纪要第 1 号）")
    assert decisions.waits_for_version(decisions.decided_of(recorded)[0], open_matter.reading)

    confirmed(rulebook, open_matter, decisions.chosen(open_matter, "连续十二个月"), people)
    changed = limits_of(procedure, AT)["changes_per_window"]
    assert changed.window == Limit.Window.ROLLING_YEAR
    assert Limit.objects.get().window == Limit.Window.CALENDAR_YEAR  # the row itself stays as it is


def test_our_reading_confirmed_again_takes_an_alternative_back(rulebook, people):
    procedure = Procedure.objects.get(key="change")
    open_matter = matter(rulebook, "twice", "哪一种年？")
    for reading in ("连续十二个月", "公历年。"):
        made = confirmed(rulebook, open_matter, decisions.chosen(open_matter, reading), people)

    assert limits_of(procedure, AT)["changes_per_window"].window == Limit.Window.CALENDAR_YEAR
    assert decisions.confirms(made, open_matter.reading)
    assert not decisions.waits_for_version(made, open_matter.reading)


def test_two_matters_of_one_row_are_decided_apart(rulebook, people):
    for question, reading in (("哪一种年？", "连续十二个月"), ("一律不得吗？", "可以说明理由")):
        open_matter = matter(rulebook, "twice", question)
        confirmed(rulebook, open_matter, decisions.chosen(open_matter, reading), people)

    limit = limits_of(Procedure.objects.get(key="change"), AT)["changes_per_window"]
    assert (limit.window, limit.strictness) == (Limit.Window.ROLLING_YEAR, Limit.Strictness.IN_PRINCIPLE)


@pytest.mark.parametrize(
    ("reading", "at_once"),
    [("公历年。", True), ("连续十二个月", True), ("从入库之日起算", False)],
)
def test_a_reading_says_whether_it_takes_effect_at_once(rulebook, reading, at_once):
    assert decisions.is_carried_out(matter(rulebook, "twice", "哪一种年？"), reading) is at_once


def test_decision_survives_a_new_version_of_the_rulebook(rulebook, people, tmp_path):
    confirmed(rulebook, matter(rulebook, "change.publicity"), days(7), people)
    second = (("version: 1", "version: 2"), ("effective_from: 2025-01-01", "effective_from: 2026-09-20"))
    later = load([write(tmp_path, OPEN_SPAN, *second, name="second.yaml")], at=AT)[0].rulebook

    stage = Stage.objects.select_related("rulebook__programme", "article").get(
        rulebook=later, key="publicity"
    )
    assert deadlines.counted_span(stage, at("2026-09-21 10:00")).number == 7
    assert matter(later, "change.publicity").key == matter(rulebook, "change.publicity").key


def test_decision_never_overrides_what_a_later_version_states(rulebook, people, tmp_path):
    made = confirmed(rulebook, matter(rulebook, "change.publicity"), days(7), people)
    second = (("version: 1", "version: 2"), ("effective_from: 2025-01-01", "effective_from: 2026-09-20"))
    later = load([write(tmp_path, *second, name="second.yaml")], at=AT)[0].rulebook

    stage = Stage.objects.select_related("rulebook__programme", "article").get(
        rulebook=later, key="publicity"
    )
    settled = decisions.settled(stage, at("2026-09-21 10:00"))
    assert (settled.span_number, decisions.words(settled)) == (5, "")
    assert decisions.orphans(later.programme, decisions.matters(later, AT), AT) == [made]
    assert decisions.orphans(rulebook.programme, decisions.matters(rulebook, AT), AT) == []


def test_alternative_that_only_a_draft_offers_does_not_bind_the_version_in_force(rulebook, people, tmp_path):
    offered = ("sets: {window: rolling}", "sets: {number: 9}")
    second = (("version: 1", "version: 2"), ("standing: published", "standing: draft"))
    draft = load([write(tmp_path, OPEN_WINDOW, offered, *second, name="second.yaml")], at=AT)[0].rulebook
    open_matter = matter(draft, "twice", "哪一种年？")
    confirmed(draft, open_matter, decisions.chosen(open_matter, "连续十二个月"), people)

    [published, drafted] = Procedure.objects.filter(key="change").order_by("rulebook__version")
    assert limits_of(published, AT)["changes_per_window"].number == 2
    assert limits_of(drafted, AT)["changes_per_window"].number == 9


def test_decided_hour_and_unit_of_a_counting_rule_reach_the_span(tmp_path, people):
    rulebook = load([write(tmp_path, OPEN_HOUR)], at=AT)[0].rulebook
    open_matter = matter(rulebook, "plain", "几点截止？")
    confirmed(rulebook, open_matter, decisions.chosen(open_matter, "当天下班时"), people)

    counted_span = deadlines.counted_span(publicity(), at("2026-09-17 11:00"))
    assert counted_span.closes_at == at("2026-09-22 17:30")
    assert decisions.settled(CountingRule.objects.get(), AT).closing_hour == time(17, 30)


def test_decided_span_reaches_a_duty(tmp_path, people):
    rulebook = load([write(tmp_path, OPEN_VALUES)], at=AT)[0].rulebook
    duty = ReportingDuty.objects.select_related("rulebook__programme", "article").get()
    with pytest.raises(duties.NoSpan):
        duties.span_of(duty, date(2026, 9, 18), at=AT)

    confirmed(rulebook, matter(rulebook, "news"), days(3), people)

    assert duties.span_of(duty, date(2026, 9, 18), at=AT).closes_on == date(2026, 9, 21)


def test_matters_stand_what_blocks_first_then_what_waits(tmp_path, people):
    changes = (OPEN_SPAN, OPEN_WINDOW, OPEN_VALUES)
    rulebook = load([write(tmp_path, *changes)], at=AT)[0].rulebook
    open_matter = matter(rulebook, "twice", "一律不得吗？")
    proposed(rulebook, open_matter, decisions.chosen(open_matter, "可以说明理由"), people[0])
    mark = next(one for one in decisions.matters(rulebook, AT) if one.name == "pass_mark")
    confirmed(rulebook, mark, decisions.mark_value(60), people)

    found = decisions.matters(rulebook, AT)

    assert [(one.name, one.blocks, len(one.waiting)) for one in found] == [
        ("span", True, 0),
        ("weights", True, 0),
        ("span", True, 0),
        ("一律不得吗？", False, 1),
        ("哪一种年？", False, 0),
        ("pass_mark", False, 0),
    ]
    assert (mark.highest, mark.columns) == (100, ("pass_mark",))


def test_every_step_writes_an_event(rulebook, people):
    open_matter = matter(rulebook, "change.publicity")
    confirmed(rulebook, open_matter, days(7), people)
    declined = proposed(rulebook, open_matter, days(9), people[0])
    decisions.decline(declined, because="天数写错", by=people[1], at=AT)

    told = list(Event.objects.filter(verb__endswith="_decision").order_by("pk"))
    said = "第二条 多少天，怎么计算？7 天（自然日），次日起算，最后一天不顺延"
    assert [event.summary for event in told[:2]] == [f"登记决定：{said}", f"确认决定：{said}"]
    assert told[3].summary.endswith("（天数写错）")
    assert [event.actor for event in told] == [people[0], people[1], people[0], people[1]]
    assert {(event.article, event.programme) for event in told} == {("第二条", rulebook.programme)}
