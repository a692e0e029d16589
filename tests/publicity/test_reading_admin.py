"""Who of the office reads what of publicities and objections."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import roles
from cases import page
from publicity import steps
from publicity.models import Objection
from tests.conftest import PDF, at, office
from tests.publicity.conftest import CONTACT, DURING, OBJECTOR, settle, typed, what
from tests.publicity.pages.moments import text

OVER = at("2026-10-04 00:00:00")
AFTER = at("2026-10-09 09:00")


def addresses(period: Any, objection: Any) -> list[str]:
    return [
        reverse("admin:publicity_publicityperiod_changelist"),
        reverse("admin:publicity_publicityperiod_change", args=[period.pk]),
        reverse("admin:publicity_objection_changelist"),
        reverse("admin:publicity_objection_change", args=[objection.pk]),
    ]


def paper_of(objection: Any) -> str:
    return reverse("admin:publicity_objection_file", args=[objection.pk, objection.files.get().pk])


def test_worklist_puts_what_an_objection_holds_in_a_group_of_its_own(seen_by, period, objection):
    page = text(seen_by("clerk").get(reverse("admin:cases_case_changelist")))
    assert "待办 1 件，1 件有异议等处理" in page


@pytest.mark.parametrize("who", ["clerk", "decider", "auditor"])
def test_the_office_of_the_programme_reads_everything(seen_by, period, objection, who):
    client = seen_by(who)
    assert [client.get(url).status_code for url in addresses(period, objection)] == [200] * 4


def test_a_clerk_of_another_city_finds_nothing(seen_by, period, objection):
    client = seen_by("other_clerk")
    periods, period_page, objections, objection_page = addresses(period, objection)
    evidence = reverse("admin:publicity_objection_file", args=[objection.pk, 1])
    take_down = reverse("admin:publicity_publicityperiod_take_down", args=[period.pk])
    found = [client.get(url).status_code for url in (period_page, objection_page, evidence)]
    assert [*found, client.post(take_down, {"reason": "有误"}).status_code] == [404] * 4
    assert period.number not in client.get(periods).content.decode()
    assert objection.receipt not in client.get(objections).content.decode()
    posted = client.post(objection_page, {"act": "accept"})
    objection.refresh_from_db()
    assert (posted.status_code, objection.state) == (404, "received")


def test_office_people_without_cases_find_nothing(seen_by, period, objection, programme):
    editor = office("editor", "许编辑", roles.RULEBOOK_EDITOR, programme)
    client = seen_by(editor)
    assert [client.get(url).status_code for url in addresses(period, objection)] == [404] * 4


@pytest.mark.parametrize(("who", "is_told"), [("clerk", True), ("auditor", False), ("decider", False)])
def test_who_objected_is_told_to_the_desk_alone_and_kept_once(seen_by, request, item, who, is_told):
    upload = SimpleUploadedFile("证据.pdf", PDF, "application/pdf")
    client = seen_by(who)
    client.post(reverse("object", args=[item.period_id]), {**typed(item), "evidence": upload})
    objection = Objection.objects.get()
    page = reverse("admin:publicity_objection_change", args=[objection.pk])
    said = [client.get(page).content.decode() for _ in range(2)][1]
    assert objection.matter in said
    shown = [word for word in (OBJECTOR, CONTACT, "证据.pdf", "/publicity/receipt/") if word in said]
    assert len(shown) == (4 if is_told else 0)
    evidence = client.get(paper_of(objection))
    b"".join(evidence)  # read to its end, which closes it
    assert evidence.status_code == (200 if is_told else 404)
    opened = item.case.events.filter(verb="objection.open")
    assert [event.actor for event in opened] == [request.getfixturevalue(who)] * is_told


def test_auditor_says_what_for_before_he_is_told_who_objected(
    seen_by, auditor, item, objection, stopped_clock
):
    client = seen_by("auditor")
    page = reverse("admin:publicity_objection_change", args=[objection.pk])
    opened = item.case.events.filter(verb="objection.open")

    def is_told():
        said = client.get(page).content.decode()
        assert objection.matter in said
        return OBJECTOR in said

    assert not is_told()
    for given, why in (
        ({}, "选一项用途"),
        ({"purpose": "other"}, "写明做什么用"),
        ({"purpose": "audit", "detail": f"查{OBJECTOR}其人"}, "提出人保密"),
    ):
        refused = client.post(page, {"act": "look", **given})
        assert (refused.status_code, opened.count()) == (422, 0)
        assert why in refused.content.decode()
        assert OBJECTOR not in refused.content.decode().replace(f"查{OBJECTOR}其人", "")

    assert client.post(page, {"act": "look", "purpose": "audit", "detail": "年度抽查"}).status_code == 302
    assert is_told()
    assert is_told()
    assert [(event.actor, event.data["purpose"]) for event in opened] == [(auditor, "审计检查（年度抽查）")]

    stopped_clock(at("2026-09-30 23:59:59"))
    client.force_login(auditor)
    assert is_told()
    stopped_clock(at("2026-10-01 00:00"))
    client.force_login(auditor)
    assert not is_told()


def test_papers_open_to_an_auditor_with_the_purpose_and_no_other_objection_with_them(
    seen_by, item, objection
):
    upload = SimpleUploadedFile("证据.pdf", PDF, "application/pdf")
    client = seen_by("auditor")
    client.post(reverse("object", args=[item.period_id]), {**typed(item), "evidence": upload})
    other = Objection.objects.exclude(pk=objection.pk).get()

    client.post(
        reverse("admin:publicity_objection_change", args=[objection.pk]), {"act": "look", "purpose": "audit"}
    )
    assert client.get(paper_of(other)).status_code == 404
    client.post(
        reverse("admin:publicity_objection_change", args=[other.pk]), {"act": "look", "purpose": "audit"}
    )
    evidence = client.get(paper_of(other))
    b"".join(evidence)
    assert evidence.status_code == 200


@pytest.mark.parametrize("who", ["clerk", "decider", "other_clerk", "provider"])
def test_nobody_but_the_auditor_there_looks_by_saying_what_for(seen_by, objection, item, who):
    client = seen_by(who)
    page = reverse("admin:publicity_objection_change", args=[objection.pk])

    assert client.post(page, {"act": "look", "purpose": "audit"}).status_code == 404
    assert not item.case.events.filter(verb="objection.open").exists()


def test_that_somebody_looked_is_not_told_to_the_unit(seen_by, item, objection):
    seen_by("clerk").get(reverse("admin:publicity_objection_change", args=[objection.pk]))
    assert item.case.events.filter(verb="objection.open").count() == 1
    assert [row for row in page.story(item.case) if "提出人" in row["summary"]] == []


@pytest.mark.parametrize("who", ["decider", "auditor"])
def test_who_only_reads_is_offered_no_step_and_refused_one(seen_by, period, objection, who):
    client = seen_by(who)
    _, period_page, _, objection_page = addresses(period, objection)
    assert "撤下公示" not in client.get(period_page).content.decode()
    assert "受理</button>" not in client.get(objection_page).content.decode()
    take_down = reverse("admin:publicity_publicityperiod_take_down", args=[period.pk])
    assert client.post(take_down, {"reason": "有误"}).status_code == 404
    assert client.post(objection_page, {"act": "accept"}).status_code == 404
    assert client.get(reverse("admin:publicity_objection_add")).status_code == 404
    period.refresh_from_db()
    objection.refresh_from_db()
    assert (period.taken_down_at, objection.state) == (None, "received")


def test_identity_and_evidence_are_for_the_desk(seen_by, item):
    upload = SimpleUploadedFile("证据.pdf", PDF, "application/pdf")
    client = seen_by("clerk")
    client.post(reverse("object", args=[item.period_id]), {**typed(item), "evidence": upload})
    objection = Objection.objects.get()
    page = client.get(reverse("admin:publicity_objection_change", args=[objection.pk])).content.decode()
    assert OBJECTOR in page
    evidence = client.get(paper_of(objection))
    assert b"".join(evidence.streaming_content) == PDF
    assert evidence["Content-Disposition"].startswith("attachment")


def test_objection_without_evidence_has_none_to_download(seen_by, objection):
    client = seen_by("clerk")
    assert client.get(reverse("admin:publicity_objection_file", args=[objection.pk, 1])).status_code == 404


def test_list_has_open_objections_first(seen_by, item, clerk):
    first, last = (steps.lodge(item, at=at(f"2026-09-30 0{hour}:00"), **what()) for hour in (7, 8))
    settle(first, upheld=False, conclusion="已核实", by=clerk, at=DURING)
    page = seen_by("clerk").get(reverse("admin:publicity_objection_changelist")).content.decode()
    assert page.index(last.receipt) < page.index(first.receipt)


def test_long_texts_are_not_cut_by_the_browser(seen_by, objection):
    page = seen_by("clerk").get(reverse("admin:publicity_objection_change", args=[objection.pk]))
    (area,) = re.findall(r"<textarea[^>]*>", page.content.decode())
    assert "maxlength" not in area


def test_a_provider_is_kept_out(seen_by, provider, period, objection):
    client = seen_by(provider)
    answers = [client.get(url, follow=True) for url in addresses(period, objection)]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert [answer for answer in answers if OBJECTOR in answer.content.decode()] == []
