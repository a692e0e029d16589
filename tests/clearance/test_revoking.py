"""An order found wrong is taken back by whoever decides such: it stands and counts no more, and nothing is erased."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.grants import grant
from cases import checks, engine, kinds, steps
from cases.admin.case import guard
from cases.errors import Refused
from cases.models import Case
from cases.sweep import sweep
from changes import ordered as changes_ordered
from cities.models import Programme, Stage
from clearance import detectors, followups, queries, revoking, serving
from clearance import steps as measures
from notices import acts, again, issuing, loading, verifying
from notices.models import Notice, NoticeLink
from providers.models import Organisation
from records.models import Letter
from tests.clearance import partners
from tests.clearance.conftest import GUANGZHOU, OVER, answered, filed, found, made, ordered, served
from tests.conftest import NOW, RULEBOOK, office, put_rulebooks
from tests.notices.conftest import FILE as WORDINGS
from tests.rulebooks import load_other

WHY = "复核发现合同真实存在"


@pytest.fixture
def programme(calendar: None) -> Programme:
    return load_other(GUANGZHOU)


def revoked(case: Case, by: Any, *, reason: str = WHY, moment: Any = OVER) -> Case:
    with engine.locked(case.pk) as (fresh, _):
        revoking.revoke(fresh, reason, by=by, at=moment)
    return engine.load(case.pk)


def test_order_stops_its_unit_is_told_and_its_ground_waits_again(
    registration: Any, clerk: Any, decider: Any
) -> None:
    case = revoked(served(ordered(registration, clerk, decider), clerk), decider)
    assert (case.status, case.result, case.waiting_for) == ("closed", "revoked", "")
    assert case.orders.get().state == "revoked"
    assert not case.deadlines.filter(state="running").exists()
    assert WHY in Letter.objects.get(case=case, kind="clearance_revoked").body
    assert [one.state for one in found(registration, "bad_faith")] == ["open"]
    assert case.events.get(verb="revoke").actor == decider
    sweep(OVER)
    assert found(registration, "rectification_overdue") == []


def test_one_that_was_carried_out_can_be_taken_back_too(registration: Any, clerk: Any, decider: Any) -> None:
    case = answered(served(ordered(registration, clerk, decider), clerk), clerk)
    steps.decide(case, "done", by=clerk, at=NOW)
    assert revoked(case, decider).result == "revoked"


@pytest.mark.parametrize("four_eyes", [True, False])
def test_who_may_is_who_decided_and_with_four_eyes_another_than_who_filed(
    programme: Programme, registration: Any, clerk: Any, decider: Any, four_eyes: bool
) -> None:
    Stage.objects.filter(procedure__kind="sanction", key="approval").update(four_eyes=four_eyes)
    both = office("both", "双岗", "clerk", programme)
    grant(both, "decider", programme, at=NOW, by=None, reason="兼任")
    case = filed(registration, both, "bad_faith")
    steps.decide(case, "order", by=decider, at=NOW, named_day=OVER.date())
    with pytest.raises(Refused, match="由审定人办理"):
        revoked(case, clerk)
    if four_eyes:
        with pytest.raises(Refused, match="须由另一人办理"):
            revoked(case, both)
        assert revoked(case, decider).result == "revoked"
    else:
        assert revoked(case, both).result == "revoked"


@pytest.mark.parametrize("before", ["filed", "declined", "revoked"])
def test_nothing_to_take_back(registration: Any, clerk: Any, decider: Any, before: str) -> None:
    if before == "revoked":
        case = revoked(ordered(registration, clerk, decider), decider)
    else:
        case = filed(registration, clerk, "bad_faith")
        if before == "declined":
            steps.decide(case, "not_established", by=decider, at=NOW, opinion="不属实")
    with pytest.raises(Refused, match="没有可以撤销的决定"):
        revoked(case, decider)


def test_without_a_reason_nothing_is_taken_back(registration: Any, clerk: Any, decider: Any) -> None:
    with pytest.raises(Refused, match="写明为什么撤销"):
        revoked(ordered(registration, clerk, decider), decider, reason=" ")


def test_what_was_noticed_of_it_falls_and_a_case_over_it_goes_no_further(
    registration: Any, clerk: Any, decider: Any
) -> None:
    first, second = (served(ordered(registration, clerk, decider), clerk) for _ in range(2))
    sweep(OVER)
    taken, waiting = found(registration, "rectification_overdue")
    later = measures.begin(taken, by=clerk, at=OVER)
    measures.save(later, facts="到期没有整改", demands="", afterwards="", at=OVER)
    later = steps.submit(engine.load(later.pk), by=clerk, at=OVER)
    revoked(first, decider)
    revoked(second, decider)
    waiting.refresh_from_db()
    assert waiting.state == "set_aside"
    assert "所依据的责令已撤销（" in waiting.reason
    [wrong] = checks.unresolved(later, kinds.of(later).state_checks(later, at=OVER))
    assert "所依据的责令已撤销" in wrong.message


def test_it_is_counted_no_more_and_its_number_is_not_given_again(
    registration: Any, clerk: Any, decider: Any
) -> None:
    ordered(registration, clerk, decider)
    revoked(ordered(registration, clerk, decider), decider)
    ordered(registration, clerk, decider)
    assert list(registration.orders.order_by("ordinal").values_list("ordinal", "state")) == [
        (1, "open"),
        (2, "revoked"),
        (3, "open"),
    ]
    assert queries.orders_of(registration, "sanction").count() == 2


def test_more_than_three_counts_what_stands(registration: Any, clerk: Any, decider: Any) -> None:
    cases = [ordered(registration, clerk, decider) for _ in range(4)]
    ground = next(
        one
        for one in queries.grounds_in_force(registration.programme, NOW)
        if one.detector == "rectification_overdue"
    )
    ground.comparator, ground.number = "more_than", 3
    assert len(list(detectors.many_orders(ground))) == 1
    revoked(cases[1], decider)
    assert list(detectors.many_orders(ground)) == []
    ordered(registration, clerk, decider)
    [seen] = detectors.many_orders(ground)
    assert seen.source == f"orders:{registration.pk}:5"
    assert seen.evidence.startswith("共 4 次")


def test_it_is_served_like_any_decision(
    registration: Any, clerk: Any, decider: Any, provider: Any, client: Any, stopped_clock: Any
) -> None:
    case = revoked(served(ordered(registration, clerk, decider), clerk), decider)
    stopped_clock(OVER)
    what, page = f"撤销“{case.procedure}”的决定", reverse("case", args=[case.pk])
    [letter] = Letter.objects.filter(case=case, kind="clearance_revoked")
    client.force_login(provider)
    for url in (reverse("my"), page, reverse("my_letter", args=[letter.pk])):
        said = client.get(url).content.decode()
        assert what in said
        assert WHY not in said
    [owed] = followups.waits([case.programme_id], OVER.date())
    assert owed.words == "1 件撤销还没有登记送达"
    client.force_login(clerk)
    assert case.number in client.get(owed.url).content.decode()
    assert (
        f"{what}还没有送达" in client.get(reverse("admin:cases_case_change", args=[case.pk])).content.decode()
    )

    client.force_login(provider)
    client.post(reverse("my_letter", args=[letter.pk]))
    assert WHY in client.get(page).content.decode()
    assert [(one.how, one.since) for one in case.services.all()] == [("handed", NOW), ("inbox", OVER)]
    assert followups.waits([case.programme_id], OVER.date()) == []
    assert engine.load(case.pk).result == "revoked"


def test_it_can_be_served_by_hand_wherever_the_case_stood(
    registration: Any, clerk: Any, decider: Any
) -> None:
    case = revoked(ordered(registration, clerk, decider), decider)
    assert serving.awaits(case)
    case = served(case, clerk, moment=OVER)
    assert (case.status, case.result, case.waiting_for) == ("closed", "revoked", "")
    assert not serving.awaits(case)


def test_document_that_is_out_is_revoked_and_one_that_is_not_never_comes_out(
    registration: Any, clerk: Any, decider: Any
) -> None:
    loading.load(WORDINGS.with_name(f"{GUANGZHOU}.yaml"), at=NOW)
    out, waiting = (ordered(registration, clerk, decider) for _ in range(2))
    made(out)
    for case in (out, waiting):
        revoked(case, decider)
    link = NoticeLink.objects.get(does="revokes")
    assert (link.earlier.case, link.notice.kind) == (out, "corrective_notice")
    unit = str(registration.organisation)
    assert (link.notice.is_public, link.notice.addressees) == (False, unit)
    assert "原决定要求你单位办的事项不再办理" in link.notice.body
    assert WHY in link.notice.body
    assert "正在成文" in serving.why_not_yet(engine.load(out.pk))
    never = Notice.objects.get(case=waiting)
    assert never.state == "withdrawn"
    assert "已经撤销，不再发" in again.why_not(never)


def test_only_what_a_revocation_names_is_said_to_be_revoked(
    registration: Any, clerk: Any, decider: Any
) -> None:
    """Of the same unit, and of the same case where its first document was issued again."""
    loading.load(WORDINGS.with_name(f"{GUANGZHOU}.yaml"), at=NOW)
    other, case = (ordered(registration, clerk, decider) for _ in range(2))
    for one in (other, case):
        made(one)
    withdrawn = Notice.objects.get(case=case)
    issuing.withdraw(withdrawn, reason="日期写错了", by=None, at=NOW)
    anew = reissued(withdrawn)
    revoked(case, decider)
    made(case)
    said = {one: verifying.verify(one.code, None).title for one in outs(other, case)}
    assert {one.pk for one, title in said.items() if "已经撤销" in title} == {anew.pk}
    assert "现在有效" in said[Notice.objects.get(case=other)]
    assert "已经撤回" in said[withdrawn]


def test_revocation_that_is_issued_again_goes_on_revoking(
    registration: Any, clerk: Any, decider: Any
) -> None:
    loading.load(WORDINGS.with_name(f"{GUANGZHOU}.yaml"), at=NOW)
    case = ordered(registration, clerk, decider)
    made(case)
    [wrong] = outs(case)
    revoked(case, decider)
    made(case)
    revocation = NoticeLink.objects.get(does="revokes").notice
    issuing.withdraw(revocation, reason="日期写错了", by=None, at=NOW)
    assert "现在有效" in verifying.verify(wrong.code, None).title
    anew = reissued(revocation)
    assert [link.notice for link in wrong.followed_by.filter(does="revokes")] == [revocation, anew]
    assert "已经撤销" in verifying.verify(wrong.code, None).title


def test_withdrawal_of_what_a_unit_alone_has_goes_to_it_alone(
    registration: Any, clerk: Any, decider: Any
) -> None:
    loading.load(WORDINGS.with_name(f"{GUANGZHOU}.yaml"), at=NOW)
    case = ordered(registration, clerk, decider)
    made(case)
    [served_on_it] = outs(case)
    signer = office("signer", "钱签发", "notice_issuer", registration.programme)
    acts.withdraw(served_on_it, reason="日期写错了", by=signer, at=NOW)
    told = served_on_it.followed_by.get(does="withdraws").notice
    unit = str(registration.organisation)
    assert (told.kind, told.is_public, told.addressees) == ("withdrawal_notice", False, unit)
    assert str(served_on_it) in told.body
    assert "公告" not in told.title + told.body


def reissued(notice: Notice) -> Notice:
    signer = office(f"signer{notice.code}", "钱签发", "notice_issuer", notice.programme)
    notice.refresh_from_db()
    anew = again.issue(notice, again.says(notice), by=signer, at=NOW)
    assert notice.case is not None
    made(notice.case)
    return anew


def outs(*cases: Case) -> list[Notice]:
    return list(Notice.objects.filter(case__in=cases).order_by("decided_at"))


def test_page_offers_it_to_who_decides_also_after_the_end(
    registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any
) -> None:
    case = answered(served(ordered(registration, clerk, decider), clerk), clerk)
    steps.decide(case, "done", by=clerk, at=NOW)
    case, page = engine.load(case.pk), reverse("admin:cases_case_change", args=[case.pk])
    client.force_login(clerk)
    assert "撤销决定" not in client.get(page).content.decode()
    client.force_login(decider)
    assert "撤销决定" in client.get(page).content.decode()
    client.post(page, {**guard(case), "action": "revoke", "reason": WHY})
    assert engine.load(case.pk).result == "revoked"


class TestOfAPartner:
    @pytest.fixture
    def programme(self, calendar: None) -> Programme:
        put_rulebooks(RULEBOOK)
        return Programme.objects.select_related("city").get()

    def test_it_is_served_where_the_order_was_still_to_be_served(
        self, registration: Any, clerk: Any, decider: Any
    ) -> None:
        case = filed(registration, clerk, "removal_fraud", partner=partners.partner_of(registration))
        steps.decide(case, "order", by=decider, at=NOW, opinion="证书系伪造", named_day=partners.DUE)
        case = revoked(case, decider, moment=OVER)
        assert (case.stage.kind, case.result) == ("service", "revoked")  # type: ignore[union-attr]
        case = served(case, clerk, moment=OVER)
        assert (case.stage.kind, case.result) == ("service", "revoked")  # type: ignore[union-attr]
        assert not serving.awaits(case)

    def test_page_does_not_ask_for_its_unit_to_be_entered_again(
        self, registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any
    ) -> None:
        case = partners.ordered(registration, clerk, decider)
        client.force_login(clerk)
        page = reverse("admin:cases_case_change", args=[case.pk])
        assert "现在支持的" in client.get(page).content.decode()
        stopped_clock(OVER)
        revoked(case, decider, moment=OVER)
        said = client.get(page).content.decode()
        assert "现在支持的" not in said
        assert "还没有责令" not in said

    def test_change_under_way_is_stopped_and_the_partner_told(
        self, registration: Any, clerk: Any, decider: Any, provider: Any
    ) -> None:
        case = partners.ordered(registration, clerk, decider)
        change = changes_ordered.begin(case, by=provider, at=NOW)
        revoked(case, decider, moment=NOW)
        partner: Organisation = case.measure.partner  # type: ignore[assignment]
        assert Letter.objects.filter(organisation=partner, kind="others_clearance_revoked").exists()
        checks_now = kinds.of(change).filing_checks(engine.load(change.pk), at=NOW)
        checks_now += kinds.of(change).state_checks(engine.load(change.pk), at=NOW)
        assert any("已撤销，不再按责令变更" in one.message for one in checks_now)

    def test_order_over_a_partner_and_one_of_the_unit_are_numbered_apart(
        self, registration: Any, clerk: Any, decider: Any
    ) -> None:
        order = partners.ordered(registration, clerk, decider).orders.get()
        assert (order.kind, order.ordinal, str(order)) == ("partner_removal", 1, "第 1 次取消合作")
