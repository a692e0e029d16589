"""Warnings, removals, their documents and dossiers: what is another's, what the form does not have, what a paper hides."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader, PdfWriter

from accounts import grants
from accounts.models import Grant
from cases import engine, inbox
from cases.admin.case import guard
from cases.dossier.parts import openings
from cases.errors import Refused
from cases.models import Case, GroundFound
from cases.page import INTERNAL_VERBS
from clearance.models import Answer, Measure, Service
from notices import again, document
from notices.models import Notice
from notices.pdf.rendering import html_of
from providers.models import Registration
from publicity.models import PublicityItem
from records.models import Event, StoredFile
from records.printing import fonts
from records.printing.fetching import fetcher
from tests.clearance.conftest import enter
from tests.conftest import NOW, PDF, UNITS
from tests.portal.doors.world import World
from tests.records.personal import made

pytestmark = pytest.mark.django_db

MOBILE = "13812341234"
IDENTITY = made.identity(made.seeded(7))


def page(answer: Any) -> str:
    return str(answer.content.decode())


def paper(writer: Any = None, content: bytes = b"", name: str = "说明.pdf") -> SimpleUploadedFile:
    if writer is not None:
        sink = io.BytesIO()
        writer.write(sink)
        content = sink.getvalue()
    return SimpleUploadedFile(name, content, "application/pdf")


def kept() -> tuple[int, int]:
    """Rows and bytes of stored files."""
    root = settings.PRIVATE_FILES_ROOT
    return StoredFile.objects.count(), sum(one.is_file() for one in Path(root).rglob("*"))


# By address.


def test_paper_of_another_answer_is_not_found_under_ones_own_case(world: World, as_: Any) -> None:
    """Both cases are this unit's: what leads nowhere is the pair."""
    other, (own, file) = world.things["asked"]["pk"], world.things["answered"].values()
    for who in ("manager", "clerk"):
        assert b"".join(as_(who).get(reverse("answer_file", args=[own, file]))) == PDF
        assert as_(who).get(reverse("answer_file", args=[other, file])).status_code == 404


def test_document_served_in_one_case_is_not_handed_out_under_another(world: World, as_: Any) -> None:
    code, other = world.things["served"]["code"], world.things["answering"]["pk"]

    assert as_("manager").get(reverse("case_notice", args=[other, code])).status_code == 404
    for name in ("notice", "notice_file", "notice_sealed"):
        assert as_("issuer").get(reverse(name, args=[code])).status_code == 404


def test_member_who_was_shut_out_answers_nothing(world: World, as_: Any) -> None:
    browser, address = as_("member"), reverse("answer", args=[world.things["answering"]["pk"]])
    grants.withdraw(Grant.objects.get(user=world.people["member"]), at=NOW, by=None, reason="离职")

    assert browser.post(address, {"text": "情况属实"}).status_code == 404
    assert not Answer.objects.filter(case=world.things["answering"]["pk"]).exists()


# By field.


def test_draft_of_a_measure_takes_no_more_than_its_form_has(world: World, as_: Any) -> None:
    pk = world.things["measure"]["pk"]
    forged = {
        "announced": "True",
        "due_on": "2026-10-01",
        "partner": "1",
        "acknowledged": "on",
        "status": "closed",
    }

    as_("clerk").post(
        reverse("admin:clearance_measure_change", args=[pk]), forged | {"facts": "经核对", "do": "save"}
    )

    row = Measure.objects.get(pk=pk)
    assert (row.facts, row.announced, row.due_on, row.partner, row.acknowledged) == (
        "经核对",
        None,
        None,
        None,
        False,
    )
    assert row.case.status == Case.Status.DRAFT


@pytest.mark.parametrize("named", ["own", "other unit", "taken", "9223372036854775808", "½", ""])
def test_ground_of_another_is_not_taken_into_a_case(world: World, as_: Any, named: str) -> None:
    case = Case.objects.get(pk=world.things["measure"]["pk"])
    assert case.registration
    key: Any = named
    if named in ("own", "other unit"):
        neighbour = Registration.objects.exclude(pk=case.registration.pk).filter(programme=case.programme_id)[
            0
        ]
        unit = case.registration if named == "own" else neighbour
        key = enter(unit, world.people["clerk"], "ground_other").pk
    elif named == "taken":
        key = GroundFound.objects.filter(case__isnull=False).exclude(case=case.pk)[0].pk
    before = GroundFound.objects.filter(case=case).count()

    address = reverse("admin:clearance_measure_change", args=[case.pk])
    assert as_("clerk").post(address, {"facts": "经核对", "do": f"take-{key}"}).status_code == 302

    assert GroundFound.objects.filter(case=case).count() == before + (named == "own")


def test_unit_or_ground_that_is_made_up_is_not_there(world: World, as_: Any) -> None:
    browser, enters = as_("clerk"), reverse("admin:clearance_measure_ground")
    own = {"registration": str(Case.objects.get(pk=world.things["measure"]["pk"]).registration_id)}
    for value in ("999999999", "9223372036854775808", "abc", "%00", "\0", "-1", "½", ""):
        for asked in (own | {"registration": value}, own | {"found": value}):
            assert browser.get(enters, asked).status_code == 404, asked
        assert browser.get(reverse("admin:clearance_measure_add"), {"ground": value}).status_code == 404, (
            value
        )
    assert browser.get(enters, own).status_code == 200


def test_partner_in_letters_that_look_alike_is_none_of_the_listed(world: World, as_: Any) -> None:
    unit = Case.objects.get(pk=world.things["measure"]["pk"]).registration_id
    address = f"{reverse('admin:clearance_measure_ground')}?registration={unit}"
    code = UNITS["second"][0].replace("M", "М").replace("A", "А")  # Cyrillic
    before = GroundFound.objects.count()

    answer = as_("clerk").post(
        address, {"ground": "removal_fraud", "partner": code, "evidence": "核对了合同"}
    )

    assert (answer.status_code, GroundFound.objects.count()) == (422, before)
    assert "从列出的合作伙伴里选" in page(answer)


# By file and upload.


@pytest.mark.parametrize(
    "content",
    [PDF + b"PK\x03\x04", b"<html><script>alert(1)</script>" + PDF, b"MZ" + PDF, b"%PDF-1.7 broken", b""],
)
def test_answer_with_a_paper_that_is_not_what_it_says_is_not_filed(
    world: World, as_: Any, content: bytes
) -> None:
    address, before = reverse("answer", args=[world.things["answering"]["pk"]]), kept()
    papers = [paper(content=PDF, name="好.pdf"), paper(content=content)]

    answer = as_("manager").post(address, {"text": "情况属实", "papers": papers})

    assert (answer.status_code, kept()) == (422, before)  # the good one goes with the bad one
    assert "情况属实" in page(answer)
    assert not Answer.objects.filter(case=world.things["answering"]["pk"]).exists()


def test_more_papers_than_may_be_are_refused_before_any_is_kept(world: World, as_: Any) -> None:
    address, before = reverse("answer", args=[world.things["answering"]["pk"]]), kept()

    answer = as_("manager").post(
        address, {"text": "情况属实", "papers": [paper(content=PDF) for _ in range(11)]}
    )

    assert (answer.status_code, kept()) == (422, before)
    assert "最多 10 个文件" in page(answer)


@pytest.mark.parametrize("where", ["properties", "name", "good"])
def test_scan_that_tells_a_number_of_a_person_is_not_published(world: World, as_: Any, where: str) -> None:
    notice = Notice.objects.get(pk=world.things["notice"]["pk"])
    before, writer = (notice.sealed_id, kept()), PdfWriter(clone_from=PdfReader(io.BytesIO(PDF)))
    if where == "properties":
        writer.add_metadata({"/Author": f"li {MOBILE}"})
    name = f"{MOBILE}.pdf" if where == "name" else "盖章.pdf"

    answer = as_("issuer").post(
        reverse("admin:notices_notice_sealed", args=[notice.pk]), {"scan": paper(writer, name=name)}
    )

    notice.refresh_from_db()
    if where == "good":
        assert (answer.status_code, notice.sealed_id == before[0]) == (302, False)
        return
    assert (answer.status_code, notice.sealed_id, kept()) == (422, *before)
    assert "138****1234" in page(answer)
    assert MOBILE not in page(answer).replace(name, "")


def test_note_of_a_service_holds_no_number_of_a_person(world: World, as_: Any) -> None:
    case = engine.load(world.things["asked"]["pk"])
    typed = {"action": "serve", "how": "handed", "served_on": NOW.date(), "note": f"电话 {MOBILE}"}

    answer = as_("clerk").post(reverse("admin:cases_case_change", args=[case.pk]), typed | guard(case))

    assert (answer.status_code, Service.objects.filter(case=case).count()) == (422, 0)
    assert "手机号码" in page(answer)


# By what is said to everybody.


def test_withdrawing_a_publicitys_document_tells_nobody_who_objected(world: World, as_: Any) -> None:
    item = PublicityItem.objects.filter(objections__isnull=False)[0]
    notice = Notice.objects.get(pk=world.things["notice"]["pk"])
    notice.period = item.period
    notice.save()
    address = reverse("admin:notices_notice_withdraw", args=[notice.pk])

    told = as_("issuer").post(address, {"reason": "因王异议反映与实际不符"})
    assert told.status_code == 422
    notice.refresh_from_db()
    assert notice.state == Notice.State.ISSUED

    assert as_("issuer").post(address, {"reason": "因反映与实际不符"}).status_code == 302
    Notice.objects.filter(pk=notice.pk).update(facts={"单位": "某单位"})
    with pytest.raises(Refused, match="提出异议的人"):
        again.issue(notice, {"单位": "王异议反映的单位"}, by=world.people["issuer"], at=NOW)


def test_feed_masks_what_slipped_through(world: World, client: Any) -> None:
    Notice.objects.update(body=f"联系 {MOBILE}，{IDENTITY}")
    answer = client.get(reverse("notices_feed", args=[world.things["programme"]["slug"]]))

    assert "138****1234" in page(answer)
    assert [one for one in (MOBILE, IDENTITY) if one in page(answer)] == []
    assert f"urn:uuid:{world.things['notice']['pk']}" in page(answer)


def test_name_with_markup_is_words_in_feed_and_file(world: World, client: Any) -> None:
    """The file is made from a page: a picture in a name would be fetched from the machine."""
    written = "<img src=file:///etc/passwd>]]><script>"
    signed = ["<link rel=attachment href=file:///etc/passwd>"]
    Notice.objects.update(title=written, body=written, issuers=signed)
    notice = Notice.objects.get(pk=world.things["notice"]["pk"])

    drawn = html_of(document.of(notice), fonts.chosen())
    told = page(client.get(reverse("notices_feed", args=[world.things["programme"]["slug"]])))

    for text in (drawn, told):
        assert not any(one in text for one in ("<img src=file", "<link rel=att", "]]><"))
        assert "&lt;img src=file" in text
        assert "&lt;link rel=att" in text
    with pytest.raises(ValueError, match="fetches nothing"):
        fetcher().fetch("file:///etc/passwd")


def test_code_in_letters_that_look_alike_verifies_nothing(world: World, client: Any) -> None:
    code = "AB82CDE73F"
    Notice.objects.filter(pk=world.things["notice"]["pk"]).update(code=code)

    assert "查验码是真的" in page(client.post("/verify/", {"code": code}))
    for good, alike in (("A", "А"), ("B", "В"), ("E", "Ε"), ("8", "B"), ("2", "Z")):
        answer = client.post("/verify/", {"code": code.replace(good, alike)})
        assert "查不到这份文书" in page(answer), alike


# By the hand of the office.


def test_office_that_opens_a_proof_of_service_is_in_the_access_log(world: World, as_: Any) -> None:
    case, service = world.things["answered proof"].values()
    address = reverse("service_proof", args=[case, service])
    for who in ("clerk", "clerk", "decider"):
        assert b"".join(as_(who).get(address)) == PDF

    opened = Event.objects.filter(case=case, verb="service.open").order_by("pk")
    assert [one.actor for one in opened] == [world.people["clerk"], world.people["decider"]]


def test_office_that_opens_a_paper_of_an_answer_is_in_the_access_log_and_not_in_the_units_story(
    world: World, as_: Any
) -> None:
    case, file = world.things["answered"]["pk"], world.things["answered"]["file"]
    address = reverse("answer_file", args=[case, file])
    for who in ("manager", "clerk", "clerk", "auditor"):
        b"".join(as_(who).get(address))

    opened = Event.objects.filter(case=case, verb="answer.open").order_by("pk")
    assert [one.actor for one in opened] == [world.people["clerk"], world.people["auditor"]]
    assert "的材料" in opened[0].summary
    assert opened[0].summary not in page(as_("manager").get(reverse("case", args=[case])))
    assert "answer.open" in openings()
    assert set(openings()) <= INTERNAL_VERBS  # whatever tells who saw what


def test_looking_at_a_letter_from_the_office_serves_nothing(world: World, as_: Any) -> None:
    """Only whoever acts for the unit has it served on the unit."""
    case = engine.load(world.things["asked"]["pk"])
    waiting = inbox.receipt_of(case, NOW)
    assert waiting
    letter = waiting.letter
    for who in ("clerk", "auditor"):
        assert as_(who).get(reverse("admin:records_letter_change", args=[letter.pk])).status_code == 200
        assert as_(who).get(reverse("my_letter", args=[letter.pk])).status_code == 404
    assert not Service.objects.filter(case=case).exists()

    address = reverse("my_letter", args=[letter.pk])
    as_("manager").get(address)
    assert as_("clerk").post(address).status_code == 404
    assert not Service.objects.filter(case=case).exists()

    as_("manager").post(address)
    assert Service.objects.get(case=case).how == Service.How.INBOX


def test_document_of_two_programmes_is_withdrawn_by_its_own_issuer_alone(world: World, as_: Any) -> None:
    notice = Notice.objects.get(pk=world.things["notice"]["pk"])
    for who in ("other_issuer", "clerk", "decider", "manager"):
        for name in ("withdraw", "sealed"):
            answer = as_(who).post(
                reverse(f"admin:notices_notice_{name}", args=[notice.pk]), {"reason": "撤"}
            )
            assert answer.status_code == 404
    notice.refresh_from_db()
    assert notice.state == Notice.State.ISSUED
