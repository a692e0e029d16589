"""Moving open cases to a later version: a recorded act that shows every date that differs."""

from datetime import date
from typing import Any

import pytest

from cases import deadlines, engine, steps
from cases.errors import Refused
from cases.models import Case, CheckRun, Deadline
from cases.sweep import sweep
from cases.versions import repin, takers
from cities.models import Rulebook
from cities.rulebooks.standing import record_end
from publicity import steps as publicity_steps
from records.models import Event
from tests.conftest import NOW, add, at, review, submitted
from tests.rulebooks import limit, load_changed, load_next, stage

NEXT = at("2026-09-18 09:00")
WHY = "工作专班通知第 2 号"
THREE, FIVE = (
    "2026年9月18日 至 2026年9月21日 24:00，3 个工作日",
    "2026年9月18日 至 2026年9月23日 24:00，5 个工作日",
)


def days(span: int, key: str = "review", counting: str = "working_next") -> Any:
    return lambda content: stage(content, key).update(span=span, counting=counting)


@pytest.fixture
def programme(calendar, tmp_path, request):
    """Three working days for the first desk, unless a test says otherwise."""
    return load_changed(tmp_path, getattr(request, "param", days(3)))


@pytest.fixture
def newer(programme, tmp_path):
    """Five working days for the first desk, also for what is open."""
    return load_next(tmp_path, days(5), moves_open_cases=True, effective_from="2026-09-18")


@pytest.fixture
def page_clock(stopped_clock):
    stopped_clock(NEXT)


def moved(case: Case, rulebook: Rulebook, by: Any, moment: Any = NEXT) -> Case:
    repin(case, rulebook, reason=WHY, by=by, at=moment)
    return engine.load(case.pk)


def refused(case: Case, rulebook: Rulebook, by: Any, moment: Any = NEXT, reason: str = WHY) -> str:
    with pytest.raises(Refused) as refusal:
        repin(case, rulebook, reason=reason, by=by, at=moment)
    assert not Event.objects.filter(verb="repin").exists()
    assert engine.load(case.pk).rulebook_id == case.rulebook_id
    return refusal.value.message


def test_nothing_moves_by_itself_when_the_version_comes_into_force(submitted_case, newer):
    sweep(NEXT)

    case = engine.load(submitted_case.pk)
    assert (case.rulebook.version, case.procedure.rulebook.version) == (1, 1)


def test_case_goes_on_at_the_same_stage_of_the_newer_version(submitted_case, newer, decider):
    since = submitted_case.stage_since

    case = moved(submitted_case, newer, decider)
    assert {case.rulebook, case.procedure.rulebook, case.stage.rulebook} == {newer}
    assert (case.stage.key, case.stage.procedure, case.stage_since) == ("review", case.procedure, since)
    assert (case.waiting_for, case.number) == ("clerk", submitted_case.number)


def test_running_span_is_counted_again_from_its_own_beginning(submitted_case, newer, decider):
    case = moved(submitted_case, newer, decider)

    new, old = case.deadlines.all().order_by("-pk")
    assert (old.state, old.closes_on, old.done_at) == (Deadline.State.VOID, date(2026, 9, 21), NEXT)
    assert (new.state, new.closes_on, new.number) == (Deadline.State.RUNNING, date(2026, 9, 23), 5)
    assert new.started_at == old.started_at == NOW
    assert new.stage == case.stage


def test_span_that_is_held_stays_held(submitted_case, newer, decider):
    deadlines.hold_deadline(submitted_case, by=decider, at=NOW, reason="台风")

    case = moved(submitted_case, newer, decider)
    assert [row.state for row in case.deadlines.order_by("-pk")] == [Deadline.State.HELD, Deadline.State.VOID]


def test_span_that_was_held_is_counted_again_with_its_ledger(submitted_case, newer, decider):
    """Held and resumed on 9月18日, which does not count."""
    for change in (deadlines.hold_deadline, deadlines.resume_deadline):
        change(submitted_case, by=decider, at=at("2026-09-18 08:30"), reason="台风")

    case = moved(submitted_case, newer, decider)
    [deadline] = case.deadlines.filter(state=Deadline.State.RUNNING)
    assert (deadline.closes_on, [one.kind for one in deadline.changes.all()]) == (
        date(2026, 9, 24),
        ["hold", "resume"],
    )
    assert "改为 2026年9月20日 至 2026年9月24日 24:00，5 个工作日" in Event.objects.get(verb="repin").summary


def test_event_lists_every_date_with_its_article(submitted_case, newer, decider):
    moved(submitted_case, newer, decider)

    event = Event.objects.get(verb="repin")
    assert event.summary == (
        f"由第 1 版改按第 2 版办理：{WHY}。“经办审核”由 {THREE}（第十五条（二））改为 {FIVE}（第十五条（二））。"
    )
    assert (event.actor, event.at, event.case, event.article) == (
        decider,
        NEXT,
        submitted_case,
        "第十五条（二）",
    )
    assert (event.data["from"], event.data["to"], event.data["reason"]) == (1, 2, WHY)
    [dates] = event.data["dates"]
    assert (dates["before"]["text"], dates["before"]["article"]) == (THREE, "第十五条（二）")
    assert (dates["after"]["text"], dates["after"]["article"]) == (FIVE, "第十五条（二）")


@pytest.mark.parametrize("programme", [lambda content: None], indirect=True)
def test_publicity_that_was_told_to_the_public_keeps_its_days(case_in_publicity, decider, clerk, tmp_path):
    longer = load_next(tmp_path, days(7, "publicity", "calendar_next"), moves_open_cases=True)

    case = moved(case_in_publicity, longer, decider, at("2026-09-30 09:00"))
    period = case.publicity_items.get().period
    [deadline] = case.deadlines.filter(state__in=Deadline.OPEN)
    assert (period.closes_on, deadline.closes_on) == (date(2026, 10, 3), date(2026, 10, 3))
    assert (case.waiting_for, case.wake_at) == ("system", period.closes_at)
    assert (
        "“公示”已经公告，仍为 2026年9月29日 至 2026年10月3日 24:00，5 天（第十五条（三）），"
        "不改为 2026年9月29日 至 2026年10月5日 24:00，7 天（第十五条（三））。"
    ) in Event.objects.get(verb="repin").summary

    sweep(period.closes_at)
    assert engine.load(case.pk).result == Case.Result.PUBLISHED


@pytest.mark.parametrize("programme", [lambda content: None], indirect=True)
def test_publicity_that_has_not_begun_takes_the_new_days(approved_case, clerk, decider, tmp_path):
    longer = load_next(tmp_path, days(7, "publicity", "calendar_next"), moves_open_cases=True)

    case = moved(approved_case, longer, decider)
    period = publicity_steps.open_period(case, by=clerk, at=at("2026-09-28 10:00"))
    assert period.closes_on == date(2026, 10, 5)


@pytest.mark.parametrize(
    "programme", [lambda content: stage(content, "publicity").update(release="confirmed")], indirect=True
)
def test_objection_on_paper_still_takes_the_moved_case_back(case_in_publicity, clerk, decider, tmp_path):
    """Its period was opened under the version before; the case returns into publicity as the newer one has it."""
    newer = load_next(
        tmp_path,
        lambda content: stage(content, "publicity").update(release="confirmed"),
        moves_open_cases=True,
        version=2,
    )
    moved(case_in_publicity, newer, decider, at("2026-10-01 09:00"))
    sweep(at("2026-10-04 00:00"))
    waiting = engine.load(case_in_publicity.pk)
    assert waiting.stage.key == "publication"

    publicity_steps.lodge(
        waiting.publicity_items.get(),
        at=at("2026-10-08 09:00"),
        by=clerk,
        received_on=date(2026, 9, 30),
        person="individual",
        name="王异议",
        contact="13800001111",
        matter="与实际不符",
    )
    case = engine.load(waiting.pk)
    assert (case.stage.key, case.stage.procedure) == ("publicity", case.procedure)
    assert case.deadlines.get(state=Deadline.State.HELD).closes_on == date(2026, 10, 3)


def test_checks_are_asked_again_and_kept(submitted_case, decider, tmp_path):
    """The filing checks of the day it was filed, the state as it is now; the desk goes by their answers."""
    none = load_next(
        tmp_path, lambda content: limit(content, "changes_per_window").update(number=0), moves_open_cases=True
    )

    case = moved(submitted_case, none, decider)
    runs = case.check_runs.filter(moment=CheckRun.Moment.REPIN)
    assert {run.purpose for run in runs} == {"filing", "state"}
    [allowance] = [check for check in steps.filing_checks(case) if check.key == "changes_per_window"]
    assert allowance.state == "fail"
    assert "?version=2#" in allowance.article_url


def test_four_eyes_still_know_who_gave_an_opinion_before(submitted_case, newer, clerk, decider):
    """Back at the approval's own desk, whoever decided there before may decide again; the other desk's clerk may not."""
    case = review(submitted_case, clerk, decider, NOW)
    publicity_steps.send_back(case, by=clerk, at=NOW, reason="内容要改")
    case = moved(case, newer, decider)

    assert case.stage.key == "approval"
    assert steps.decide(case, "approve", by=decider, at=NEXT, opinion="同意").stage.key == "publicity"


def test_moved_case_is_published_by_the_newer_rules(submitted_case, newer, clerk, decider):
    case = moved(submitted_case, newer, decider)
    review(case, clerk, decider, NEXT)
    period = publicity_steps.open_period(engine.load(case.pk), by=clerk, at=at("2026-09-28 10:00"))
    sweep(period.closes_at)

    assert engine.load(case.pk).result == Case.Result.PUBLISHED


def test_case_is_moved_again_by_a_later_version(submitted_case, newer, decider, tmp_path):
    moved(submitted_case, newer, decider)
    third = load_next(tmp_path, days(8), moves_open_cases=True, version=3, effective_from="2026-09-19")

    case = moved(submitted_case, third, decider, at("2026-09-19 09:00"))
    assert case.deadlines.get(state=Deadline.State.RUNNING).number == 8
    assert Event.objects.filter(verb="repin").count() == 2


def test_amendment_leaves_open_cases_where_they_are(submitted_case, decider, tmp_path):
    amendment = load_next(tmp_path, days(5))

    assert takers(submitted_case.programme, NEXT) == {}
    assert refused(submitted_case, amendment, decider) == (
        "牵引单位管理办法（第 2 版）不是更正第 1 版的，也没有写明在办事项改按它："
        "DG-2026-0001 仍按牵引单位管理办法（第 1 版）办完。"
    )


def test_correction_takes_over_what_it_corrects_and_no_more(submitted_case, decider, tmp_path):
    """The second version is an amendment, the third corrects it: cases of the first stay with it."""
    load_next(tmp_path, days(5))
    third = load_next(tmp_path, days(6), correction="天数录错了", version=2)

    assert third.version == 3
    second = Rulebook.objects.get(version=2)
    later = at("2026-09-30 09:00")
    assert takers(submitted_case.programme, later) == {second.pk: third}
    assert "不是更正第 1 版的" in refused(submitted_case, third, decider, later)


def test_correction_of_the_pinned_version_takes_it_over(submitted_case, decider, tmp_path):
    corrected = load_next(tmp_path, days(5), correction="天数录错了")

    assert takers(submitted_case.programme, NEXT) == {submitted_case.rulebook_id: corrected}
    assert moved(submitted_case, corrected, decider).rulebook == corrected


def test_version_that_has_not_begun_takes_over_nothing_yet(submitted_case, newer, decider):
    assert takers(submitted_case.programme, NOW) == {}
    assert refused(submitted_case, newer, decider, NOW) == (
        "牵引单位管理办法（第 2 版）不是东莞 · 数字化牵引单位已经施行的版本，DG-2026-0001 不能改按它。"
    )


def test_version_that_is_over_still_takes_over_what_was_filed_before(submitted_case, newer, decider, clerk):
    record_end(newer, ends_on=date(2026, 9, 20), event="验收", by=clerk, at=NEXT)

    assert moved(submitted_case, newer, decider, at("2026-09-22 09:00")).rulebook == newer


def test_draft_and_closed_case_are_not_moved(apply, registration, provider, newer, decider):
    draft = apply(registration, provider)
    assert "不在办理中" in refused(draft, newer, decider)

    case = submitted(draft, by=provider, at=NOW)
    steps.withdraw(case, by=provider, at=NOW, reason="改主意")
    assert "不在办理中" in refused(engine.load(case.pk), newer, decider)


def test_only_a_decider_moves_and_says_why(submitted_case, newer, clerk, decider, other_clerk):
    assert refused(submitted_case, newer, clerk) == "改按新版本由审定人办理，您没有这个角色。"
    assert refused(submitted_case, newer, other_clerk) == "改按新版本由审定人办理，您没有这个角色。"
    assert refused(submitted_case, newer, decider, reason=" ") == "写明为什么改按新版本。"


def renamed_desk(content: Any) -> None:
    days(5)(content)
    stage(content, "review")["key"] = "first_desk"
    for row in content["procedures"][0]["stages"]:
        for outcome in row["outcomes"]:
            if outcome.get("next_stage") == "review":
                outcome["next_stage"] = "first_desk"


def test_case_at_a_stage_that_is_not_there_stays_and_says_so(submitted_case, decider, tmp_path):
    version = load_next(tmp_path, renamed_desk, moves_open_cases=True)

    assert refused(submitted_case, version, decider) == (
        "牵引单位管理办法（第 2 版）没有“经办审核”这个环节，DG-2026-0001 现在在那里：离开这个环节以后再改。"
    )


def test_span_that_cannot_be_counted_keeps_the_case_where_it_is(submitted_case, decider, tmp_path):
    version = load_next(tmp_path, days(90), moves_open_cases=True)

    assert "2027 年的上班日历没有载入" in refused(submitted_case, version, decider)
    assert submitted_case.deadlines.get().state == Deadline.State.RUNNING


# The page.

PAGE = "/admin/cases/case/repin/dongguan-lead-units/"


def shown(case: Case, rulebook: Rulebook) -> str:
    return f"{case.pk} {rulebook.pk}"


@pytest.fixture
def three_cases(apply, registration, second, third, provider, clerk, decider) -> list[Case]:
    """One of each unit, all at the first desk."""
    cases = []
    for unit, partner in ((registration, "fresh"), (second, "other"), (third, "fresh")):
        draft = apply(unit, clerk, [add(partner, unit)], channel="paper", received_on=NOW.date())
        cases.append(submitted(draft, by=clerk, at=NOW))
    return cases


def test_page_lists_what_may_be_moved_with_every_date_that_differs(
    client, submitted_case, newer, decider, page_clock
):
    client.force_login(decider)

    page = client.get(PAGE).content.decode()
    assert "<h1>1 件在办，可以改按新版本</h1>" in page
    for said in ("DG-2026-0001", "示例智造科技有限公司", THREE, FIVE, "第十五条（二）", "改按第 2 版"):
        assert said in page


def test_all_that_are_shown_are_moved_and_one_that_cannot_says_why(
    client, three_cases, decider, clerk, tmp_path, page_clock
):
    """The version has no first desk: what stands there stays."""
    first, second, third = three_cases
    for case in (first, second):
        for material in case.materials.all():
            steps.verify_seal(material, by=clerk, at=NOW)
        steps.decide(case, "support", by=clerk, at=NOW, opinion="齐全")
    version = load_next(tmp_path, renamed_desk, moves_open_cases=True)
    client.force_login(decider)

    posted = {"reason": WHY, "shown": [shown(case, version) for case in three_cases]}
    response = client.post(PAGE, posted, follow=True)
    page = response.content.decode()
    assert f"已改按新版本 2 件：{first}、{second}。" in page
    assert f"没有“经办审核”这个环节，{third} 现在在那里" in page
    assert [engine.load(case.pk).rulebook.version for case in three_cases] == [2, 2, 1]


def test_one_is_moved_alone(client, three_cases, newer, decider, page_clock):
    client.force_login(decider)

    posted = {
        "reason": WHY,
        "one": shown(three_cases[1], newer),
        "shown": [shown(c, newer) for c in three_cases],
    }
    client.post(PAGE, posted)
    assert [engine.load(case.pk).rulebook.version for case in three_cases] == [1, 2, 1]


def test_reason_is_asked_for(client, submitted_case, newer, decider, page_clock):
    client.force_login(decider)

    response = client.post(PAGE, {"reason": " ", "shown": [shown(submitted_case, newer)]})
    assert response.status_code == 422
    assert "写明为什么改按新版本，不能留空" in response.content.decode()
    assert engine.load(submitted_case.pk).rulebook.version == 1


def test_case_that_moved_on_since_the_page_was_opened_is_left_alone(
    client, submitted_case, newer, decider, page_clock
):
    client.force_login(decider)
    moved(submitted_case, newer, decider)

    page = client.post(
        PAGE, {"reason": WHY, "one": shown(submitted_case, newer)}, follow=True
    ).content.decode()
    assert "打开页面以后，这件有了变化，没有改。" in page
    assert "没有要改按新版本的事项" in page
    assert Event.objects.filter(verb="repin").count() == 1


def test_page_is_there_for_deciders_of_this_city_only(
    client, submitted_case, newer, decider, clerk, auditor, other_clerk, page_clock
):
    def status(user):
        client.force_login(user)
        return client.get(PAGE).status_code, client.post(PAGE, {"reason": WHY}).status_code

    assert [status(user) for user in (clerk, auditor, other_clerk)] == [(404, 404)] * 3
    assert status(decider) == (200, 302)


def test_page_of_a_case_says_that_a_newer_version_takes_it_over(
    client, submitted_case, newer, decider, clerk, page_clock
):
    def page(user):
        client.force_login(user)
        return client.get(f"/admin/cases/case/{submitted_case.pk}/change/").content.decode()

    said = "牵引单位管理办法（第 2 版）已经施行，这件可以改按它办理"
    assert (said in page(clerk), PAGE in page(clerk)) == (True, False)
    assert PAGE in page(decider)
    assert "提交时锁定" in page(decider)

    moved(submitted_case, newer, decider)
    after = page(decider)
    assert said not in after
    assert "9月18日 09:00 改按这一版" in after
    assert "次数、间隔在改按这一版时重新查过（9月18日 09:00）" in after


def test_page_of_the_rulebook_leads_there_where_it_takes_over_cases(client, newer, decider, page_clock):
    client.force_login(decider)

    assert PAGE in client.get(f"/admin/cities/rulebook/{newer.pk}/change/").content.decode()
    first = Rulebook.objects.get(version=1)
    assert PAGE not in client.get(f"/admin/cities/rulebook/{first.pk}/change/").content.decode()
