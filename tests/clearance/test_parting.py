"""An order to part with a partner, once served: carried out by an ordered change, or by whatever else takes the partner off."""

from typing import Any

import pytest
from django.urls import reverse

from cases import engine, reminders, sweep
from cases import steps as case_steps
from cases.errors import Refused
from cases.models import Case
from cases.reminders import remind
from changes import ordered as carrying
from changes import steps as change_steps
from cities.models import Limit
from clearance import answers, parting, partners, serving
from clearance.models import RectificationOrder
from notices import loading
from notices.models import Notice
from providers.models import Partnership
from publicity import steps as publicity_steps
from publicity.models import Objection, PublicityItem
from records.models import Event, Letter
from tests.clearance.conftest import filed, served
from tests.clearance.partners import DUE, behind, ordered, partner_of
from tests.conftest import NOW, PARTNERS, add, at, review, submitted
from tests.notices.conftest import FILE as WORDINGS

NEXT_YEAR = at("2027-06-01 09:00")
LATER = at("2026-12-01 09:00")


@pytest.fixture
def order(registration: Any, clerk: Any, decider: Any) -> Case:
    """Given and served; the partner stands in both industries of its unit."""
    behind(registration, "cloud", 1)
    return ordered(registration, clerk, decider)


def carried_out(order: Case, provider: Any, apply: Any, operations: Any = ()) -> Case:
    """The change filed that the order asks."""
    case = carrying.begin(order, by=provider, at=NOW)
    return submitted(finished(case, provider, apply, operations), by=provider, at=NOW)


def finished(case: Case, provider: Any, apply: Any, operations: Any = ()) -> Case:
    """With its papers; the fixture's own operation is taken out again."""
    before = set(case.partner_change.operations.values_list("pk", flat=True))
    extra = list(operations) or [add("other", case.registration)]  # type: ignore[arg-type]
    apply(case.registration, provider, extra)
    if not operations:
        case.partner_change.operations.exclude(pk__in=before).delete()
    return engine.load(case.pk)


def published(case: Case, clerk: Any, decider: Any) -> Case:
    shown = review(case, clerk, decider, NOW)
    publicity_steps.open_period(shown, by=clerk, at=NOW)
    sweep.sweep(at("2026-10-09 09:00"))
    return engine.load(case.pk)


def stage_of(case: Case) -> str:
    found = engine.load(case.pk)
    return found.stage.key if found.stage else ""


def test_named_day_counts_once_it_was_served_and_no_second_service_is_asked(order: Case) -> None:
    deadline = order.deadlines.get(state="running")
    assert (stage_of(order), order.waiting_for, deadline.closes_on) == ("removal", "provider", DUE)


def test_change_is_written_in_every_industry_and_marked(order: Case, provider: Any) -> None:
    case = carrying.begin(order, by=provider, at=NOW)
    rows = case.partner_change.operations.all()
    assert (case.ordered, case.order_id) == (True, order.pk)
    assert [(row.action, row.leaving_code) for row in rows] == [("end_partner", PARTNERS["cloud"][0])] * 2
    assert len({row.industry_id for row in rows}) == 2
    assert carrying.begin(order, by=provider, at=NOW).pk == case.pk


def test_published_it_moves_the_order_on_by_itself(
    order: Case, provider: Any, apply: Any, clerk: Any, decider: Any
) -> None:
    change = published(carried_out(order, provider, apply), clerk, decider)
    assert change.result == Case.Result.PUBLISHED
    assert stage_of(order) == "recheck"
    event = Event.objects.filter(case=order, verb="rectification.done").get()
    assert change.edition is not None
    assert event.at == change.edition.published_at
    assert not Partnership.objects.current().filter(organisation__credit_code=PARTNERS["cloud"][0]).exists()
    done = case_steps.decide(engine.load(order.pk), "confirmed", by=clerk, at=LATER)
    assert (done.result, RectificationOrder.objects.get().state) == ("completed", "done")


@pytest.mark.parametrize(("counts_ordered", "goes"), [(False, True), (True, False)])
def test_used_up_allowance_stands_in_its_way_only_where_the_row_counts_it(
    order: Case, provider: Any, apply: Any, counts_ordered: bool, goes: bool
) -> None:
    Limit.objects.filter(measure="changes_per_window").update(
        counts_ordered=counts_ordered, comparator="at_most", number=0
    )
    case = finished(carrying.begin(order, by=provider, at=NOW), provider, apply)
    if goes:
        assert submitted(case, by=provider, at=NOW).number
    else:
        with pytest.raises(Refused):
            case_steps.submit(case, by=provider, at=NOW)


def test_nothing_besides_goes_with_it(order: Case, registration: Any, provider: Any, apply: Any) -> None:
    case = carrying.begin(order, by=provider, at=NOW)
    with pytest.raises(Refused) as refused:
        case_steps.submit(finished(case, provider, apply, [add("fresh", registration)]), by=provider, at=NOW)
    assert any("有 1 项不是这件事" in one.message for one in refused.value.problems)


def test_one_industry_left_out_is_refused(order: Case, provider: Any, apply: Any) -> None:
    case = carrying.begin(order, by=provider, at=NOW)
    change_steps.remove_operation(case.partner_change.operations.all()[0], at=NOW)
    with pytest.raises(Refused) as refused:
        case_steps.submit(finished(case, provider, apply), by=provider, at=NOW)
    assert any("还没有退出" in one.message for one in refused.value.problems)


def test_replacing_is_allowed(order: Case, provider: Any, apply: Any, clerk: Any, decider: Any) -> None:
    case = carrying.begin(order, by=provider, at=NOW)
    ended = case.partner_change.operations.all()[0]
    industry = ended.industry
    change_steps.remove_operation(ended, at=NOW)
    code, name = PARTNERS["fresh"]
    change_steps.add_operation(
        case,
        "replace_partner",
        at=NOW,
        industry=industry,
        partner_code=code,
        partner_name=name,
        leaving_code=PARTNERS["cloud"][0],
        leaving_name=PARTNERS["cloud"][1],
    )
    change = submitted(finished(case, provider, apply), by=provider, at=NOW)
    assert published(change, clerk, decider).result == Case.Result.PUBLISHED
    assert stage_of(order) == "recheck"


def test_own_draft_has_to_be_dealt_with_first(
    order: Case, registration: Any, provider: Any, apply: Any
) -> None:
    own = apply(registration, provider)
    with pytest.raises(Refused, match="草稿"):
        carrying.begin(order, by=provider, at=NOW)
    case_steps.discard(own, by=provider, at=NOW)
    assert carrying.begin(order, by=provider, at=NOW).ordered


def test_own_change_on_its_way_is_waited_for_or_withdrawn(
    order: Case, submitted_case: Case, provider: Any, apply: Any
) -> None:
    with pytest.raises(Refused) as refused:
        carried_out(order, provider, apply)
    assert any(str(submitted_case) in one.message for one in refused.value.problems)
    case_steps.withdraw(submitted_case, by=provider, at=NOW, reason="先办责令的")
    draft = carrying.begin(order, by=provider, at=NOW)
    assert case_steps.submit(engine.load(draft.pk), by=provider, at=NOW).number


def test_objection_holds_the_ordered_change_and_the_order_stays_asked(
    order: Case, provider: Any, apply: Any, clerk: Any, decider: Any
) -> None:
    shown = review(carried_out(order, provider, apply), clerk, decider, NOW)
    publicity_steps.open_period(shown, by=clerk, at=NOW)
    told: Any = {"person": Objection.Person.INDIVIDUAL, "name": "王某", "contact": "演示", "matter": "不实"}
    publicity_steps.lodge(PublicityItem.objects.get(case=shown), at=NOW, **told)
    sweep.sweep(at("2026-10-09 09:00"))
    assert (engine.load(shown.pk).status, stage_of(order)) == (Case.Status.OPEN, "removal")


def test_gone_by_other_means_goes_on_with_the_next_sweep(order: Case, registration: Any) -> None:
    behind(registration, "cloud", 0, action="end_partner")
    sweep.sweep(NOW)
    assert stage_of(order) == "removal"
    behind(registration, "cloud", 1, action="end_partner")
    sweep.sweep(NOW)
    assert stage_of(order) == "recheck"
    assert Letter.objects.filter(case=order, kind="clearance_parted").count() == 1


def to_part(order: Case) -> list[Letter]:
    return list(Letter.objects.filter(case=order, kind="clearance_to_part").order_by("pk"))


def test_letters_of_an_order_say_with_whom_to_part_until_when_and_how(order: Case, clerk: Any) -> None:
    """Decided once, told once; then what is to be done, and again where it was not."""
    told = Letter.objects.filter(case=order, organisation=order.organisation)
    first = told.get(kind="clearance_served")
    assert [("作出" in one.body, "去变更" in one.body) for one in (first, *to_part(order))] == [
        (True, True),
        (False, True),
    ]
    assert not told.filter(kind="clearance_ordered").exists()
    behind(order.registration, "cloud", 0, action="end_partner")  # type: ignore[arg-type]
    behind(order.registration, "cloud", 1, action="end_partner")  # type: ignore[arg-type]
    sweep.sweep(NOW)
    behind(order.registration, "cloud")  # type: ignore[arg-type]
    day = LATER.date()
    case_steps.decide(
        engine.load(order.pk),
        "not_done",
        by=clerk,
        at=NOW,
        opinion="名单上还有",
        named_day=day,
        demands="还有一家",
    )
    for letter, last in zip(to_part(order), ("2026年11月30日", "2026年12月1日"), strict=True):
        assert PARTNERS["cloud"][1] in letter.subject
        assert last in letter.subject
        assert "报告结果" not in letter.body
    assert "还没有办完" in to_part(order)[-1].body


def test_reminder_of_an_order_asks_for_the_change_and_no_correction(order: Case) -> None:
    assert remind(at("2026-11-27 09:00")) == 1
    letter = Letter.objects.get(case=order, kind="clearance_reminder")
    assert PARTNERS["cloud"][1] in letter.body
    assert ("去变更" in letter.body, "补正" in letter.body) == (True, False)


def test_gone_before_it_was_served_goes_on_when_it_is(registration: Any, clerk: Any, decider: Any) -> None:
    case = filed(registration, clerk, "removal_fraud", partner=partner_of(registration))
    case_steps.decide(case, "order", by=decider, at=NOW, opinion="属实", named_day=DUE)
    behind(registration, "cloud", 0, action="end_partner")
    sweep.sweep(NOW)
    assert stage_of(case) == "service"
    assert served(case, clerk).stage.key == "recheck"  # type: ignore[union-attr]
    assert not to_part(case)


def test_list_has_to_be_right_before_it_is_confirmed(
    registration: Any, provider: Any, clerk: Any, decider: Any
) -> None:
    loading.load(WORDINGS, at=NOW)
    order = ordered(registration, clerk, decider)
    with pytest.raises(Refused, match="不用另行答复"), engine.locked(order.pk) as (case, _):
        answers.answer(case, "已经取消", [], by=provider, at=NOW)
    behind(registration, "cloud", action="end_partner")
    sweep.sweep(NOW)
    behind(registration, "cloud")
    with pytest.raises(Refused) as refused:
        case_steps.decide(engine.load(order.pk), "confirmed", by=clerk, at=NOW)
    assert any("现在是" in one.message for one in refused.value.problems)
    case_steps.decide(
        engine.load(order.pk),
        "not_done",
        by=clerk,
        at=NOW,
        opinion="名单上还有",
        named_day=LATER.date(),
        demands="还有一家",
    )
    assert (stage_of(order), RectificationOrder.objects.count()) == ("removal", 2)
    again = RectificationOrder.objects.latest("ordinal")
    assert again.deadline is not None
    assert again.deadline.closes_on == LATER.date()
    assert Notice.objects.filter(case=order, kind="partner_removal").count() == 2


def test_day_that_is_over_before_it_was_served_is_named_anew(
    registration: Any, clerk: Any, decider: Any
) -> None:
    case = filed(registration, clerk, "removal_fraud", partner=partner_of(registration))
    case_steps.decide(case, "order", by=decider, at=NOW, opinion="属实", named_day=DUE)
    with pytest.raises(Refused, match="先退回重新决定"):
        served(case, clerk, moment=LATER)
    with engine.locked(case.pk) as (fresh, _):
        serving.give_up(fresh, "邮件退回", by=clerk, at=LATER)
    again = engine.load(case.pk)
    assert (stage_of(again), again.attention) == ("decision", "邮件退回")
    last = at("2026-12-31 00:00").date()
    case_steps.decide(again, "order", by=decider, at=LATER, opinion="属实", named_day=last)
    case = served(engine.load(case.pk), clerk, moment=LATER)
    assert (stage_of(case), case.deadlines.get(state="running").closes_on) == ("removal", last)


def test_late_is_found_once_told_once_and_it_stays_asked(order: Case, provider: Any) -> None:
    sweep.sweep(at("2026-11-30 23:59"))
    assert RectificationOrder.objects.get().state == "open"
    for moment in (at("2026-12-01 00:00"), LATER):
        sweep.sweep(moment)
    assert RectificationOrder.objects.get().state == "overdue"
    assert (stage_of(order), engine.load(order.pk).waiting_for) == ("removal", "provider")
    letter = Letter.objects.get(case=order, kind="clearance_late_to_part")
    said = ("到 2026年11月30日 为止", PARTNERS["cloud"][1], "去变更")
    assert [one for one in said if one not in letter.body] == []
    assert Event.objects.filter(case=order, verb="measure.late").count() == 1
    waiting = parting.waits([order.programme_id], LATER.date())
    assert [one.words for one in waiting] == ["1 件责令到期没有完成"]
    assert parting.waits([], LATER.date()) == []
    assert carrying.begin(engine.load(order.pk), by=provider, at=LATER).ordered


def test_only_the_unit_whose_list_has_changed_goes_on(
    order: Case, second: Any, clerk: Any, decider: Any, registration: Any
) -> None:
    behind(second, "cloud")
    other = ordered(second, clerk, decider, partner=partner_of(registration))
    behind(second, "cloud", action="end_partner")
    sweep.sweep(NOW)
    assert (stage_of(other), stage_of(order)) == ("recheck", "removal")
    assert [one.case for one in partners.concerned(registration.programme, partner_of(registration))] == [
        order
    ]


def test_page_of_the_order_leads_to_the_change(
    order: Case, provider: Any, client: Any, stopped_clock: Any
) -> None:
    client.force_login(provider)
    address = reverse("ordered_change", args=[order.pk])
    assert address in client.get(reverse("case", args=[order.pk])).content.decode()
    page = client.get(address).content.decode()
    assert reverse("answer", args=[order.pk]) not in page
    assert "不占申请次数" in page
    assert PARTNERS["cloud"][1] in page
    answer = client.post(address)
    case = Case.objects.get(order=order)
    assert answer["Location"] == reverse("change", args=[case.pk])
    assert str(order) in client.get(answer["Location"]).content.decode()


def test_page_says_why_nothing_can_be_begun(
    order: Case, registration: Any, provider: Any, apply: Any, client: Any, stopped_clock: Any
) -> None:
    client.force_login(provider)
    apply(registration, provider)
    answer = client.post(reverse("ordered_change", args=[order.pk]))
    assert (answer.status_code, Case.objects.filter(order=order).count()) == (422, 0)
    assert "草稿" in answer.content.decode()


def todo(client: Any) -> list[Any]:
    return [row["case"] for row in client.get(reverse("my")).context["todo"]]


def test_order_that_is_carried_out_leaves_the_list_of_what_is_to_do_and_leads_to_the_change(
    order: Case, provider: Any, apply: Any, client: Any, stopped_clock: Any
) -> None:
    client.force_login(provider)
    assert todo(client) == [order]
    case = carried_out(order, provider, apply)

    assert todo(client) == []
    home = client.get(reverse("my")).content.decode()
    told = f'正由 <a href="{reverse("case", args=[case.pk])}">{case}</a> 办理'
    assert told in home
    assert "退回补正" not in home
    page = client.get(reverse("case", args=[order.pk])).content.decode()
    assert f"正由 {case} 办理（{case.stage}），发布以后由工作人员核对名单" in page
    assert f'<a href="{reverse("case", args=[case.pk])}">看 {case}</a>' in page
    address = reverse("ordered_change", args=[order.pk])
    assert told in client.get(address).content.decode()
    refused = client.post(address)
    assert refused.status_code == 422
    assert f"{case} 正在办理这件责令" in refused.content.decode()
    assert reminders.remind(at("2026-11-27 09:00")) == 0

    case_steps.withdraw(case, by=provider, at=NOW, reason="写错了")
    assert todo(client) == [order]
    assert reminders.remind(at("2026-11-27 09:00")) == 1


def test_letter_of_being_late_says_what_is_on_its_way(order: Case, provider: Any, apply: Any) -> None:
    case = carried_out(order, provider, apply)
    assert parting.note_late(LATER) == 1
    letter = Letter.objects.filter(case=order, kind="clearance_late_to_part").get()
    assert f"：{case} 正在办理" in letter.body
    assert "等您单位办理" not in letter.body


def test_draft_in_the_way_is_told_beside_the_button(
    order: Case, registration: Any, provider: Any, apply: Any, client: Any, stopped_clock: Any
) -> None:
    draft = apply(registration, provider)
    client.force_login(provider)
    link = f'<a href="{reverse("change", args=[draft.pk])}">去看那份草稿</a>'
    for page in (reverse("my"), reverse("case", args=[order.pk])):
        told = client.get(page).content.decode()
        assert "先提交或者删除那一份" in told
        assert link in told


def test_change_on_its_way_is_told_beside_the_button_and_may_be_written_after(
    order: Case, registration: Any, provider: Any, apply: Any, client: Any, stopped_clock: Any
) -> None:
    own = submitted(apply(registration, provider), by=provider, at=NOW)
    client.force_login(provider)
    address = reverse("ordered_change", args=[order.pk])
    for page in (reverse("my"), reverse("case", args=[order.pk]), address):
        told = client.get(page).content.decode()
        assert "办结以前责令的变更不能提交。可以先写好，等它办结，或者先撤回它，再提交。" in told
        assert f'href="{reverse("case", args=[own.pk])}">看 {own}</a>' in told
    assert todo(client) == [order]
    assert client.post(address).status_code == 302


def test_course_calls_the_order_by_what_it_is(
    order: Case, provider: Any, client: Any, stopped_clock: Any
) -> None:
    client.force_login(provider)
    page = client.get(reverse("my")).content.decode()
    assert f"责令取消与{PARTNERS['cloud'][1]}的合作" in page
    assert "限期整改" not in page


def test_stranger_and_office_do_not_begin_it(order: Case, stranger: Any, clerk: Any, client: Any) -> None:
    for user in (stranger, clerk):
        client.force_login(user)
        assert client.post(reverse("ordered_change", args=[order.pk])).status_code == 404


def test_partner_may_come_back(
    order: Case, registration: Any, provider: Any, apply: Any, clerk: Any, decider: Any
) -> None:
    """The article forbids it nowhere."""
    published(carried_out(order, provider, apply), clerk, decider)
    again = apply(registration, provider, [add("cloud", registration)], moment=NEXT_YEAR)
    assert case_steps.submit(again, by=provider, at=NEXT_YEAR).number
