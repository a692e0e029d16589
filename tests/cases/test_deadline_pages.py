"""Deadlines on pages: the desk's forms, many at once, and what a changed calendar would move."""

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import roles
from cases import deadlines, engine
from cases.deadlines import acts
from cases.deadlines.shifting import shifts
from cases.models import Case, Deadline, DeadlineChange
from cities.models import CalendarDay, CalendarYear
from records.models import Event
from records.probes import State, probes
from tests.conftest import NOW, add, at, office, submitted
from tests.rulebooks import load_changed, stage

TYPHOON = "台风停工"
MANY, CALENDAR = "/admin/cases/deadline/", "/admin/cases/deadline/calendar/"


def rows(content: Any) -> None:
    stage(content, "review").update(span=3, counting="working_next", extend_by_most=5)
    content["counting_rules"][0].update(unit="working")


@pytest.fixture
def programme(calendar, tmp_path):
    """Three working days for the first desk: 9月18日, 20日 (a Sunday made up for) and 21日; publicity in working days."""
    return load_changed(tmp_path, rows)


@pytest.fixture(autouse=True)
def clock_stands(stopped_clock):
    stopped_clock(at("2026-09-18 10:00"))
    return stopped_clock


@pytest.fixture
def three_cases(apply, registration, second, third, clerk) -> list[Case]:
    def filed(unit: Any, partner: str) -> Case:
        case = apply(unit, clerk, [add(partner, unit)], channel="paper", received_on=NOW.date())
        return submitted(case, by=clerk, at=NOW)

    units = (registration, "fresh"), (second, "other"), (third, "fresh")
    return [filed(*unit) for unit in units]


def the_deadline(case: Case) -> Deadline:
    found = deadlines.open_of(case)
    assert found is not None
    return found


def posted(client: Any, user: Any, case: Case, action: str, **typed: Any) -> Any:
    client.force_login(user)
    case = engine.load(case.pk)
    guard = {"action": action, "stage": str(case.stage_id), "since": case.stage_since.isoformat()}  # type: ignore[union-attr]
    address = reverse("admin:cases_case_change", args=[case.pk])
    return client.post(address, {**guard, "seen": the_deadline(case).stamp, **typed}, follow=True)


def text(response: Any) -> str:
    return response.content.decode()


def swap(day: str, is_workday: bool) -> None:
    CalendarDay.objects.update_or_create(
        date=date.fromisoformat(day), defaults={"is_workday": is_workday, "name": "", "source": "市府办通知"}
    )


def test_decider_holds_and_resumes_on_the_case_page_and_the_unit_reads_it(
    client, submitted_case, decider, provider, clock_stands
):
    page = text(posted(client, decider, submitted_case, "hold", reason=TYPHOON, article="第三条"))
    assert "期限自 2026年9月18日 起暂停，连同当日还剩 3 个工作日" in page
    assert 'name="action" value="resume"' in page
    client.force_login(provider)
    own = text(client.get(reverse("case", args=[submitted_case.pk])))
    assert f"期限自 2026年9月18日 起暂停，连同当日还剩 3 个工作日：{TYPHOON}（第三条）。" in own

    clock_stands(at("2026-09-22 09:00"))
    page = text(posted(client, decider, submitted_case, "resume", reason="恢复上班"))
    assert "由 2026年9月21日 24:00 改为 2026年9月28日 24:00" in page
    assert "逐日对照" in page


def test_forms_of_a_deadline_are_the_deciders(client, submitted_case, clerk, decider):
    address = reverse("admin:cases_case_change", args=[submitted_case.pk])
    for user, offered in ((clerk, False), (decider, True)):
        client.force_login(user)
        page = text(client.get(address))
        assert [f'value="{key}"' in page for key in ("hold", "extend", "correct")] == [offered] * 3
        assert 'value="resume"' not in page


def test_form_made_for_an_older_deadline_changes_nothing(client, submitted_case, decider):
    seen = the_deadline(submitted_case).stamp
    posted(client, decider, submitted_case, "extend", reason=TYPHOON, number=1)
    page = text(posted(client, decider, submitted_case, "extend", reason=TYPHOON, number=1, seen=seen))
    assert acts.MOVED_ON in page
    assert the_deadline(submitted_case).number == 4


def test_refused_extension_stands_at_its_field_and_keeps_what_was_typed(client, submitted_case, decider):
    page = text(posted(client, decider, submitted_case, "extend", reason=TYPHOON, number=6))
    assert "一次最多延长 5 个工作日（第十五条（二）），写的是 6 个工作日" in page
    assert TYPHOON in page
    assert the_deadline(submitted_case).changes.count() == 0


def test_reason_with_a_personal_number_is_refused(client, submitted_case, decider):
    page = text(posted(client, decider, submitted_case, "hold", reason="电话 13800001111 联系不上"))
    assert "单位看得到原因，不能有" in page
    assert the_deadline(submitted_case).state == Deadline.State.RUNNING


def test_correction_shows_before_and_after_day_by_day(client, submitted_case, decider):
    page = text(posted(client, decider, submitted_case, "correct", reason="起算日录错", day="2026-09-18"))
    assert "期限更正，由 2026年9月21日 24:00 改为 2026年9月22日 24:00" in page
    assert "改动前，2026年9月18日 至 2026年9月21日 24:00" in page


def many(client: Any, user: Any, **typed: Any) -> Any:
    client.force_login(user)
    return client.post(MANY, {"reason": TYPHOON, "article": "府办函 9 号", **typed})


def stamps(*cases: Case) -> list[str]:
    return [the_deadline(case).stamp for case in cases]


def test_many_are_held_with_one_reason_each_with_its_own_event(client, three_cases, decider):
    first, *others = three_cases
    seen = stamps(*three_cases)
    with engine.locked(first.pk) as (case, _):
        acts.hold(case, reason="先停", by=decider, at=at("2026-09-18 09:00"))

    answer = many(client, decider, what="hold", chosen=seen)
    assert answer.status_code == 200
    assert "3 件，办成 2 件，其余没有办" in text(answer)
    assert acts.MOVED_ON in text(answer)
    assert {the_deadline(case).state for case in three_cases} == {Deadline.State.HELD}
    assert Event.objects.filter(verb="deadline.hold", case__in=others, article="府办函 9 号").count() == 2
    assert DeadlineChange.objects.filter(reason=TYPHOON).count() == 2


def test_many_are_resumed_and_extended_and_what_cannot_be_says_why(client, three_cases, decider):
    assert "没有暂停，不用恢复" in text(many(client, decider, what="resume", chosen=stamps(three_cases[0])))
    answer = many(client, decider, what="extend", number=6, chosen=stamps(*three_cases))
    assert text(answer).count("一次最多延长 5 个工作日") == 3
    assert "办成 3 件" in text(many(client, decider, what="extend", number=5, chosen=stamps(*three_cases)))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"what": "hold", "reason": ""}, acts.NO_REASON),
        ({"what": "extend"}, "写明延长多少"),
        ({"what": "hold", "chosen": []}, "至少选一件"),
        ({"what": "void"}, "选暂停、恢复或延长"),
    ],
)
def test_many_without_what_is_needed_change_nothing(client, three_cases, decider, typed, said):
    answer = many(client, decider, **{"chosen": stamps(*three_cases), **typed})
    assert answer.status_code == 422
    assert said in text(answer)
    assert DeadlineChange.objects.count() == 0


@pytest.mark.parametrize("who", ["clerk", "auditor", "other_clerk"])
def test_many_and_calendar_are_the_deciders_to_act_on(client, three_cases, request, who):
    swap("2026-09-21", is_workday=False)
    user = request.getfixturevalue(who)
    many(client, user, what="hold", chosen=stamps(*three_cases))
    [shift, *_] = shifts(three_cases[0].programme)
    client.post(CALENDAR, {"what": "take", "reason": TYPHOON, "chosen": [shift.chosen]})
    assert DeadlineChange.objects.count() == 0


@pytest.mark.parametrize("address", [MANY, CALENDAR])
def test_lists_cost_the_same_for_one_and_for_three(client, three_cases, decider, address):
    swap("2026-09-21", is_workday=False)
    client.force_login(decider)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(address).status_code == 200
        return len(found)

    queries()
    three = queries()
    Deadline.objects.filter(case__in=three_cases[1:]).update(state=Deadline.State.VOID)
    assert queries() == three


def test_calendar_that_stayed_lists_nothing(client, three_cases, decider):
    client.force_login(decider)
    assert "与现在的上班日历都一致" in text(client.get(CALENDAR))


def test_changed_day_is_listed_and_moves_nothing_until_it_is_taken_over(client, three_cases, decider):
    swap("2026-09-21", is_workday=False)
    client.force_login(decider)
    page = text(client.get(CALENDAR))
    assert "3 件的期限，按现在的上班日历数出来不一样" in page
    assert "2026年9月21日 24:00" in page
    assert "2026年9月22日 24:00" in page
    assert {the_deadline(case).closes_on for case in three_cases} == {date(2026, 9, 21)}

    found = shifts(three_cases[0].programme)
    assert (found[0].dropped, found[0].added) == ([date(2026, 9, 21)], [date(2026, 9, 22)])
    one, *others = found
    answer = client.post(CALENDAR, {"what": "take", "reason": "放假通知", "chosen": [one.chosen]})
    assert "1 件，办成 1 件" in text(answer)
    assert Deadline.objects.get(pk=one.deadline.pk).closes_on == date(2026, 9, 22)

    answer = client.post(
        CALENDAR, {"what": "leave", "reason": "已通知单位", "chosen": [shift.chosen for shift in others]}
    )
    assert "办成 2 件" in text(answer)
    assert {Deadline.objects.get(pk=shift.deadline.pk).closes_on for shift in others} == {date(2026, 9, 21)}
    assert shifts(three_cases[0].programme) == []

    swap("2026-09-20", is_workday=False)
    assert len(shifts(three_cases[0].programme)) == 3


def test_changed_day_is_told_on_the_deciders_worklist_and_to_who_keeps_the_site(client, three_cases, decider):
    """Until somebody has decided."""
    worklist, told = reverse("admin:cases_case_changelist"), "3 个期限要定按新日历改还是维持"
    [probe] = [probe for probe in probes() if probe.key == "calendar_shifts"]
    client.force_login(decider)
    assert told not in text(client.get(worklist))
    assert (probe.read(NOW).value, probe.read(NOW).state) == (0, State.OK)

    swap("2026-09-21", is_workday=False)
    cache.clear()  # a minute later
    assert told in text(client.get(worklist))
    assert (probe.read(NOW).value, probe.read(NOW).state) == (3, State.WARN)
    assert [line.programme for line in probe.read(NOW).lines] == [three_cases[0].programme_id]

    chosen = [shift.chosen for shift in shifts(three_cases[0].programme)]
    client.post(CALENDAR, {"what": "leave", "reason": "已通知单位", "chosen": chosen})
    assert told not in text(client.get(worklist))
    assert probe.read(NOW).state == State.OK


def test_page_of_the_calendar_leads_who_sees_cases_to_what_follows(client, auditor, programme):
    editor = office("editor", "方编辑", roles.RULEBOOK_EDITOR, programme)
    for user, is_led in ((auditor, True), (editor, False)):
        client.force_login(user)
        for place in ("/admin/cities/calendarday/", "/admin/cities/calendaryear/"):
            assert (f'href="{CALENDAR}"' in text(client.get(place))) == is_led


def test_held_and_extended_deadline_is_counted_again_with_all_that_was_done(submitted_case, decider):
    with engine.locked(submitted_case.pk) as (case, _):
        acts.extend(case, number=1, reason=TYPHOON, by=decider, at=at("2026-09-18 10:00"))
        acts.hold(case, reason=TYPHOON, by=decider, at=at("2026-09-20 10:00"))
    assert shifts(submitted_case.programme) == []
    swap("2026-09-18", is_workday=False)

    [shift] = shifts(submitted_case.programme)
    assert [day for day, _ in shift.new.counted] == ["2026-09-20", "2026-09-21", "2026-09-22", "2026-09-23"]


def test_publicity_the_public_was_told_is_listed_and_never_moved(
    client, case_in_publicity, decider, clock_stands
):
    clock_stands(at("2026-09-29 10:00"))
    before = the_deadline(case_in_publicity)
    swap("2026-09-30", is_workday=False)
    client.force_login(decider)
    assert "起止已经告诉公众，不改动" in text(client.get(CALENDAR))

    [shift] = shifts(case_in_publicity.programme)
    answer = client.post(CALENDAR, {"what": "take", "reason": TYPHOON, "chosen": [shift.chosen]})
    assert "先撤下公示" in text(answer)
    assert the_deadline(case_in_publicity).closes_on == before.closes_on


def test_provisional_deadline_is_confirmed_when_the_official_year_arrives(
    client, apply, registration, provider, decider
):
    year = CalendarYear.objects.get(year=2026)
    year.status = CalendarYear.Status.PROVISIONAL
    year.save()
    case = submitted(apply(registration, provider), by=provider, at=NOW)
    assert the_deadline(case).certainty == "provisional"
    year.status = CalendarYear.Status.OFFICIAL
    year.save()

    [shift] = shifts(case.programme)
    assert shift.is_confirmed
    client.force_login(decider)
    assert "日期不变，由暂定改为正式" in text(client.get(CALENDAR))
    client.post(CALENDAR, {"what": "take", "reason": "2026 年放假通知", "chosen": [shift.chosen]})
    assert the_deadline(case).certainty == "official"
    assert shifts(case.programme) == []


@pytest.mark.parametrize(("asked", "ticked"), [("", 0), ("?whole=1", 3)])
def test_nothing_is_ticked_that_nobody_ticked(client, three_cases, decider, asked, ticked):
    client.force_login(decider)
    page = client.get(MANY + asked)
    assert page.content.decode().count(" checked") == ticked
    assert "全选本页" in text(page)
