"""A removal found wrong is undone by a correction of its own: nothing is erased, and the unit stands on the list again."""

import re
from typing import Any

import pytest

from accounts import roles
from accounts.grants import grant
from cases import engine, grounds, sweep
from cases import steps as case_steps
from cases.errors import Refused
from cases.models import Case, GroundFound
from changes.queries import earlier
from cities.models import Procedure
from clearance import steps as measures
from corrections import steps
from notices import facts, issuing, loading, pdf, verifying
from notices import queries as notice_queries
from notices.models import Notice, NoticeLink
from providers import bars, course, listing, queries
from providers.models import ListEdition, Partnership, Registration
from tests.clearance.conftest import enter
from tests.clearance.conftest import filed as clearance_filed
from tests.clearance.partners import behind, partner_of
from tests.conftest import NOW, at
from tests.corrections.conftest import publish
from tests.notices.conftest import FILE as WORDINGS
from tests.notices.conftest import issued

LATER = at("2026-09-21 09:00")
LATEST = at("2026-09-22 09:00")
REASON = "移出依据的材料经复核属实"


def remove(registration: Registration, clerk: Any, decider: Any) -> Case:
    case = clearance_filed(registration, clerk, "ground_fraud")
    case_steps.decide(case, "clear", by=decider, at=NOW, opinion="材料系伪造")
    sweep.sweep(NOW)
    registration.refresh_from_db()
    return engine.load(case.pk)


def undo(registration: Registration, clerk: Any, *, when: Any = LATER) -> Case:
    case = steps.begin(registration, by=clerk, at=when)
    correction = case.correction
    steps.save(case, corrects=correction.corrects, reason=REASON, evidence="复核了原件", at=when)
    return case_steps.submit(engine.load(case.pk), by=clerk, at=when)


@pytest.fixture
def wordings(programme: Any) -> None:
    loading.load(WORDINGS, at=NOW)


@pytest.fixture
def removal(registration: Any, clerk: Any, decider: Any, edition: ListEdition) -> Case:
    return remove(registration, clerk, decider)


def enter_again(registration: Registration, when: Any) -> None:
    Registration.objects.create(
        programme=registration.programme,
        organisation=registration.organisation,
        entered_on=when.date(),
        valid_from=when,
        recorded_at=when,
    )


def restored(registration: Registration) -> Registration:
    return Registration.objects.current().get(continues=registration)


def test_unit_stands_again_as_it_was_when_it_was_removed(
    registration: Any, clerk: Any, decider: Any, edition: ListEdition
) -> None:
    stood = queries.snapshot(registration, NOW)
    remove(registration, clerk, decider)
    case = publish(undo(registration, clerk), decider, LATER)
    now = restored(registration)
    assert case.edition is not None
    assert (case.edition.kind, case.edition.number) == ("erratum", edition.number + 2)
    assert now.valid_from == case.edition.published_at
    assert (now.entered_on, now.district) == (registration.entered_on, registration.district)
    assert stood["partners"]
    assert stood["items"]
    assert queries.snapshot(now, LATEST) == stood
    assert case.edition.counts == edition.counts
    assert case.edition.counts == queries.counts(now.programme, LATEST)


def test_past_days_keep_showing_that_it_was_gone(
    removal: Case, registration: Any, clerk: Any, decider: Any
) -> None:
    publish(undo(registration, clerk), decider, LATER)
    own = Registration.objects.filter(
        programme=registration.programme, organisation=registration.organisation
    )
    assert [own.at(when).count() for when in (at("2026-09-20 23:59"), LATEST)] == [0, 1]
    registration.refresh_from_db()
    assert registration.valid_to is not None


def test_bars_are_lifted_from_that_moment(removal: Case, registration: Any, clerk: Any, decider: Any) -> None:
    unit = registration.organisation
    case = publish(undo(registration, clerk), decider, LATER)
    lifted = registration.removals.get()
    assert case.edition is not None
    assert lifted.lifted_at == case.edition.published_at
    assert str(case) in lifted.lifted_reason
    assert not bars.removed([unit], LATEST)[unit.pk]


def test_unit_is_told_and_what_was_stopped_is_not_revived(
    registration: Any, clerk: Any, decider: Any, submitted_case: Case
) -> None:
    remove(registration, clerk, decider)
    case = publish(undo(registration, clerk), decider, LATER)
    stopped = engine.load(submitted_case.pk)
    letter = case.letters.get(kind="restored")
    assert "清退有误，已恢复为牵引单位" in letter.subject
    assert "入库" not in letter.body
    assert (stopped.status, stopped.result) == ("closed", "stopped")
    assert str(stopped) in letter.body
    assert "可以重新提交" in letter.body
    assert REASON in letter.body


def test_what_waited_of_the_unit_ends_with_it_and_waits_again_with_it(
    registration: Any, second: Any, clerk: Any, decider: Any
) -> None:
    open_one, by_hand, other = [
        enter(unit, clerk, "ground_other") for unit in (registration, registration, second)
    ]
    grounds.set_aside(by_hand, reason="已经改好", by=clerk, at=NOW)
    removal = remove(registration, clerk, decider)
    open_one.refresh_from_db()
    assert (open_one.state, open_one.handled_by, open_one.handled_at) == (
        "set_aside",
        None,
        registration.valid_to,
    )
    assert str(removal) in open_one.reason
    assert grounds.waiting([registration.programme_id]) == 1
    publish(undo(registration, clerk), decider, LATER)
    states = GroundFound.objects.filter(pk__in=[one.pk for one in (open_one, by_hand, other)]).order_by("pk")
    goes_on = Registration.objects.get(continues=registration)
    assert [(one.state, one.registration) for one in states] == [
        ("open", goes_on),
        ("set_aside", registration),
        ("open", second),
    ]


def test_ground_of_a_partner_of_others_too_goes_on_waiting(
    registration: Any, second: Any, clerk: Any, decider: Any
) -> None:
    cloud = partner_of(registration)
    found = enter(registration, clerk, "removal_fraud", partner=cloud)
    behind(second, "cloud")
    remove(registration, clerk, decider)
    found.refresh_from_db()
    assert found.state == "open"


def test_grounds_of_what_was_stopped_wait_again_of_the_unit_as_it_stands_now(
    registration: Any, clerk: Any, decider: Any, edition: ListEdition
) -> None:
    other = clearance_filed(registration, clerk, "ground_other")
    case_steps.decide(other, "hear", by=decider, at=NOW, named_day=NOW.date())
    waiting = enter(registration, clerk, "ground_two_failures")
    removal = remove(registration, clerk, decider)
    assert (engine.load(other.pk).result, other.grounds.get().state) == ("stopped", "taken")
    publish(undo(registration, clerk), decider, LATER)
    now = Registration.objects.get(continues=registration)
    rows = GroundFound.objects.filter(registration=now).order_by("ground__key")
    assert {(row.ground.key, row.state) for row in rows if row.ground} == {
        ("ground_other", "open"),
        (waiting.ground.key, "open"),  # type: ignore[union-attr]
    }
    assert removal.grounds.get().state == "taken"
    assert measures.begin(rows[0], by=clerk, at=LATEST).registration == now


def test_document_revokes_that_of_the_removal(
    wordings: None, removal: Case, registration: Any, clerk: Any, decider: Any
) -> None:
    """That for everybody in one for everybody, that for the unit in one to it; neither names the other's."""
    case = publish(undo(registration, clerk), decider, LATER)
    unit = str(registration.organisation)
    for kind, wrong_kind, is_public, to, called in (
        ("corrective", "clearance", True, "", unit),
        ("corrective_notice", "clearance_notice", False, unit, "你单位"),
    ):
        wrong = Notice.objects.get(case=removal, kind=wrong_kind)
        notice = Notice.objects.get(edition=case.edition, kind=kind)
        assert (notice.is_public, notice.addressees) == (is_public, to)
        assert REASON in notice.body
        assert f"{called}恢复为牵引单位，列为牵引单位的日期不变" in notice.body
        assert "入库" not in notice.body
        assert [link.earlier for link in notice.about.all()] == [wrong]
        assert notice.about.get().does == "revokes"
        assert facts.entitled(wrong) in notice.body
    assert Notice.objects.filter(edition=case.edition).count() == 2


def test_only_the_documents_of_the_removal_are_said_to_be_revoked(
    wordings: None, removal: Case, registration: Any, clerk: Any, decider: Any
) -> None:
    """Of all that there is of the unit, on the public's pages and on that where a document is verified."""
    [first] = [issued(registration.programme, concerns=[registration.organisation])]
    for one in Notice.objects.filter(case=removal):
        NoticeLink.objects.create(notice=one, earlier=first, does="follows")
    case = publish(undo(registration, clerk), decider, LATER)
    issuing.carry_out(LATEST)
    ended = {one for one in Notice.objects.all() if "已经撤销" in verifying.verify(one.code, None).title}
    assert ended == set(Notice.objects.filter(case=removal))
    marked = {one.kind for one in notice_queries.out() if one.revoked_at}  # type: ignore[attr-defined]
    assert marked == {"clearance", "clearance_notice"}
    assert "现在有效" in verifying.verify(first.code, None).title
    assert case.edition is not None


def test_document_that_was_never_out_does_not_come_out_afterwards(
    wordings: None, removal: Case, registration: Any, clerk: Any, decider: Any
) -> None:
    waiting = Notice.objects.get(case=removal, kind="clearance")
    still = {"state": "issuing", "issued_at": None, "next_attempt_at": LATEST}
    Notice.objects.filter(pk=waiting.pk).update(**still)  # its file could not be made yet
    case = publish(undo(registration, clerk), decider, LATER)
    assert not issuing._put(waiting, pdf.Made(b"%PDF-1.7", []), LATEST)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.issued_at) == ("withdrawn", None)
    assert str(case) in waiting.withdrawn_reason
    told = Notice.objects.filter(edition=case.edition).order_by("ordinal")
    assert [one.kind for one in told] == ["corrective_notice", "correction"]


def test_without_a_document_of_the_removal_it_is_announced_as_a_correction(
    wordings: None, removal: Case, registration: Any, clerk: Any, decider: Any
) -> None:
    Notice.objects.filter(case=removal).update(state="withdrawn")
    case = publish(undo(registration, clerk), decider, LATER)
    assert Notice.objects.get(edition=case.edition).kind == "correction"


def test_edition_says_what_came_back_and_which_was_wrong(
    removal: Case, registration: Any, clerk: Any, decider: Any
) -> None:
    case = publish(undo(registration, clerk), decider, LATER)
    assert case.edition is not None
    assert removal.edition is not None
    assert f"更正第 {removal.edition.number} 版" in case.edition.summary
    assert "恢复 1 家" in case.edition.summary
    line = case.edition.changes[0]["differences"][0]
    assert (line["subject"], line["mark"], line["before"]) == ("unit", "add", None)


def test_another_person_decides(removal: Case, registration: Any, clerk: Any) -> None:
    grant(clerk, roles.DECIDER, registration.programme, at=NOW, by=None, reason="兼任")
    case = undo(registration, clerk)
    with pytest.raises(Refused, match="须由另一人办理"):
        case_steps.decide(case, "approve", by=clerk, at=LATER, opinion="同意")


def test_not_where_the_procedure_does_not_take_it(removal: Case, registration: Any, clerk: Any) -> None:
    Procedure.objects.filter(rulebook=removal.rulebook, kind="correction").update(operations=["add_partner"])
    with pytest.raises(Refused, match="不办“恢复误移出的单位”"):
        steps.begin(registration, by=clerk, at=LATER)


def test_not_of_a_unit_on_the_list(registration: Any, clerk: Any, edition: ListEdition) -> None:
    case = steps.begin(registration, by=clerk, at=NOW)
    with pytest.raises(Refused, match="没有要恢复的"):
        steps.add_operation(case, "restore_unit", at=NOW)


def test_nothing_else_with_it(removal: Case, registration: Any, clerk: Any) -> None:
    case = steps.begin(registration, by=clerk, at=LATER)
    with pytest.raises(Refused, match="单独立案"):
        steps.add_operation(case, "add_item", at=LATER, item_code="X-1", item_name="一项")


def test_only_the_edition_that_removed_it_is_corrected(
    removal: Case, registration: Any, clerk: Any, edition: ListEdition
) -> None:
    case = steps.begin(registration, by=clerk, at=LATER)
    steps.save(case, corrects=edition, reason=REASON, evidence="复核了原件", at=LATER)
    with pytest.raises(Refused) as refused:
        case_steps.submit(engine.load(case.pk), by=clerk, at=LATER)
    assert "移出，更正的应是" in str(refused.value.problems)


def test_not_where_the_unit_has_entered_again_meanwhile(
    removal: Case, registration: Any, clerk: Any, decider: Any
) -> None:
    case = undo(registration, clerk)
    enter_again(registration, LATER)
    with pytest.raises(Refused) as refused:
        case_steps.decide(case, "approve", by=decider, at=LATEST, opinion="同意")
    assert "再次列入名单" in str(refused.value.problems)
    with pytest.raises(Refused, match="再次列入名单"):
        steps.begin(registration, by=clerk, at=LATEST)


def test_not_twice(removal: Case, registration: Any, clerk: Any, decider: Any) -> None:
    publish(undo(registration, clerk), decider, LATER)
    with pytest.raises(Refused, match="再次列入名单"):
        steps.begin(registration, by=clerk, at=LATEST)


def test_case_of_the_removal_leads_to_its_undoing(
    removal: Case, registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any
) -> None:
    stopped_clock(LATER)
    client.force_login(clerk)
    page = client.get(f"/admin/cases/case/{removal.pk}/change/").content.decode()
    address = f"/admin/corrections/correction/add/?registration={registration.pk}"
    assert address in page
    assert "移出有误的，在这里撤销" in client.get(address).content.decode()
    draft = client.post(address, follow=True).content.decode()
    assert "恢复误移出的单位" in draft
    assert "＋ 恢复" in draft
    case = publish(undo(registration, clerk), decider, LATER)
    page = client.get(f"/admin/cases/case/{removal.pk}/change/").content.decode()
    assert address not in page
    assert f"/admin/cases/case/{case.pk}/change/" in page


def test_office_finds_a_unit_that_was_removed(
    removal: Case, registration: Any, clerk: Any, client: Any, stopped_clock: Any
) -> None:
    stopped_clock(LATER)
    client.force_login(clerk)
    page = client.get("/admin/corrections/correction/add/", {"q": registration.organisation.credit_code})
    assert f"?registration={registration.pk}" in page.content.decode()


def test_form_takes_it_up_again(removal: Case, registration: Any, clerk: Any, client: Any) -> None:
    case = steps.begin(registration, by=clerk, at=NOW)
    steps.remove_operation(case.correction.operations.get(), at=NOW)
    client.force_login(clerk)
    address = f"/admin/corrections/correction/{case.pk}/operations/restore_unit/"
    assert "恢复移出时的类别" in client.get(address).content.decode()
    client.post(address)
    assert case.correction.operations.get().action == "restore_unit"


def test_unit_s_history_goes_on(
    removal: Case, registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any
) -> None:
    case = publish(undo(registration, clerk), decider, LATER)
    stopped_clock(LATEST)
    rows = listing.history(restored(registration))
    assert [row["edition"] for row in rows][:2] == [case.edition, removal.edition]
    address = f"/lists/{registration.programme.slug}/units/{registration.organisation.credit_code}/"
    now = client.get(address).content.decode()
    then = client.get(address, {"edition": removal.edition.number}).content.decode()  # type: ignore[union-attr]
    assert "已不在名单" not in now
    assert "已不在名单" in then
    assert REASON in then


def test_earlier_applications_count_for_the_limits(
    registration: Any, clerk: Any, decider: Any, submitted_case: Case
) -> None:
    remove(registration, clerk, decider)
    publish(undo(registration, clerk), decider, LATER)
    procedure = submitted_case.procedure
    limit = procedure.rulebook.limits.filter(measure="changes_per_window").first()
    found = earlier(restored(registration), procedure.key, limit, but=None)  # type: ignore[arg-type]
    assert [one.case for one in found] == [submitted_case]


def test_course_tells_the_removal_and_what_undid_it(
    removal: Case, registration: Any, clerk: Any, decider: Any
) -> None:
    case = publish(undo(registration, clerk), decider, LATER)
    told = [step.what for step in course.steps([restored(registration), registration])]
    assert told[0] == f"撤销清退，恢复为牵引单位，{case.edition}"
    assert f"清退：移出名单，{removal.edition}" in told


def standings_of(client: Any, code: str) -> list[str]:
    page = client.get(f"/organisations/{code}/").content.decode()
    body = re.search(r"<tbody>.*?</tbody>", page, re.DOTALL)
    assert body
    cells = re.sub(r"<[^>]+>", "", body[0].replace("</tr>", "\r"))
    return ["".join(row.split()) for row in cells.split("\r") if row.strip()]


def test_organisation_page_shows_one_course_with_the_days_in_between(
    removal: Case, registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any
) -> None:
    partner = Partnership.objects.filter(entry__registration=registration).first().organisation  # type: ignore[union-attr]
    publish(undo(registration, clerk), decider, LATER)
    stopped_clock(LATEST)

    (own,) = standings_of(client, registration.organisation.credit_code)
    assert "2026年9月17日移出有误，2026年9月21日更正恢复" in own
    assert own.endswith("现在")
    behind = standings_of(client, partner.credit_code)
    told = [row for row in behind if registration.organisation.name in row]
    assert len(told) == 1
    assert "该单位2026年9月17日移出有误" in told[0]
    assert told[0].endswith("现在")


def test_organisation_page_of_one_removed_twice_ends_where_it_left(
    removal: Case, registration: Any, clerk: Any, decider: Any, client: Any, stopped_clock: Any
) -> None:
    publish(undo(registration, clerk), decider, LATER)
    case = clearance_filed(restored(registration), clerk, "ground_fraud", at=LATER)
    case_steps.decide(case, "clear", by=decider, at=LATER, opinion="材料系伪造")
    sweep.sweep(LATER)
    stopped_clock(LATEST)

    (own,) = standings_of(client, registration.organisation.credit_code)
    assert own.endswith("2026年9月21日")
