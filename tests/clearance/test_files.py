"""What proves a ground, what came with an answer on paper, and what the rows ask of a draft of the office: kept, shown to the office,
in the dossier; what is not what it says is refused, and nothing of the act is left."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import steps
from cases.admin.case import guard
from cases.models import Case, GroundFile, GroundFound
from cases.page import story
from cases.proofs import MOST
from cities.models import RequiredMaterial
from clearance import partners
from records.answers import WRONG
from records.models import Event, StoredFile
from tests.cases.dossier.taking import files_of, pages_of, take
from tests.clearance.conftest import begun, filed, served
from tests.clearance.partners import behind, partner_of
from tests.conftest import NOW, PDF

SCAN = "现场照片.pdf"


@pytest.fixture(autouse=True)
def now(stopped_clock: Any) -> None:
    stopped_clock(NOW)


@pytest.fixture
def desk(client: Any, clerk: Any) -> Any:
    client.force_login(clerk)
    return client


@pytest.fixture
def nothing_kept(settings: Any) -> Callable[[], bool]:
    """Neither a row nor any bytes more than at the beginning of the test."""
    folder = Path(settings.PRIVATE_FILES_ROOT)

    def kept() -> tuple[int, int]:
        return StoredFile.objects.count(), sum(path.is_file() for path in folder.rglob("*"))

    before = kept()
    return lambda: kept() == before


def pdf(name: str = SCAN, content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def entered(desk: Any, registration: Any, papers: Any, key: str = "ground_fraud", **more: Any) -> Any:
    address = f"{reverse('admin:clearance_measure_ground')}?registration={registration.pk}"
    return desk.post(address, {"ground": key, "evidence": "现场看到的", "papers": papers, **more})


def test_file_of_a_ground_goes_with_it_and_is_had_by_the_office_alone(
    desk: Any, registration: Any, clerk: Any, auditor: Any, provider: Any, other_clerk: Any
) -> None:
    entered(desk, registration, [pdf(), pdf("合同.pdf")])
    found = GroundFound.objects.get()
    proof = found.files.order_by("pk")[0]
    assert proof.file.uploaded_by == clerk
    url = reverse("admin:cases_groundfound_file", args=[found.pk, proof.pk])
    assert url in desk.get(reverse("admin:cases_groundfound_change", args=[found.pk])).content.decode()
    desk.post(f"{reverse('admin:clearance_measure_add')}?ground={found.pk}")
    case = Case.objects.get(measure__isnull=False)
    assert url in desk.get(reverse("admin:clearance_measure_change", args=[case.pk])).content.decode()
    for _ in range(2):
        assert b"".join(desk.get(url)) == PDF
    desk.force_login(auditor)
    assert b"".join(desk.get(url)) == PDF
    assert list(
        Event.objects.filter(verb="ground.open", case=case).order_by("pk").values_list("actor", flat=True)
    ) == [clerk.pk, auditor.pk]
    for nobody in (provider, other_clerk):
        desk.force_login(nobody)
        assert desk.get(url).status_code == 404


def test_file_of_one_ground_is_not_had_by_way_of_another(desk: Any, registration: Any) -> None:
    entered(desk, registration, [pdf()])
    entered(desk, registration, [], "ground_other")
    proof, other = GroundFile.objects.get(), GroundFound.objects.get(ground__key="ground_other")
    assert desk.get(reverse("admin:cases_groundfound_file", args=[other.pk, proof.pk])).status_code == 404


@pytest.mark.parametrize(
    ("papers", "why"),
    [
        ([pdf(), pdf("假的.pdf", b"no PDF")], "假的.pdf 的内容不是 PDF"),
        ([pdf(f"{number}.pdf") for number in range(MOST + 1)], f"最多 {MOST} 个文件，现在 {MOST + 1} 个"),
    ],
)
def test_ground_with_a_wrong_file_is_not_entered_and_what_was_typed_stays(
    desk: Any, registration: Any, nothing_kept: Any, papers: Any, why: str
) -> None:
    answer = entered(desk, registration, papers)
    page = answer.content.decode()
    assert answer.status_code == WRONG
    assert why in page
    assert "现场看到的" in page
    assert nothing_kept()
    assert not GroundFound.objects.exists()


def test_ground_refused_for_its_words_keeps_no_file(desk: Any, registration: Any, nothing_kept: Any) -> None:
    assert entered(desk, registration, [pdf()], "removal_fraud").status_code == WRONG
    assert nothing_kept()


def test_every_unit_of_a_partner_has_the_proof(desk: Any, registration: Any, second: Any, clerk: Any) -> None:
    behind(second, "cloud")
    cloud = partner_of(registration)
    entered(desk, registration, [pdf()], "removal_fraud", partner=cloud.credit_code)
    partners.begin_all(GroundFound.objects.get(), facts="证书系伪造", demands="", by=clerk, at=NOW)
    names = [[str(one) for one in found.files.all()] for found in GroundFound.objects.all()]
    assert names == [[SCAN], [SCAN]]
    assert StoredFile.objects.count() == 1


@pytest.fixture
def heard(registration: Any, clerk: Any, decider: Any) -> Case:
    case = filed(registration, clerk, "ground_fraud")
    steps.decide(case, "hear", by=decider, at=NOW, named_day=NOW.date())
    return served(case, clerk)


def on_paper(case: Case, **more: Any) -> dict[str, Any]:
    facts = {"received_on": str(NOW.date()), "text": "情况属实，已经改正"}
    return {**guard(case), "action": "record_answer", **facts, **more}


def test_scans_of_an_answer_on_paper_are_kept_shown_and_in_the_dossier(
    desk: Any, heard: Case, clerk: Any, other_clerk: Any
) -> None:
    page = reverse("admin:cases_case_change", args=[heard.pk])
    assert 'enctype="multipart/form-data"' in desk.get(page).content.decode()
    desk.post(page, on_paper(heard, papers=[pdf("答复.pdf"), pdf("附件.pdf")]))
    given = heard.answers.get()
    assert [str(one) for one in given.files.all()] == ["答复.pdf", "附件.pdf"]
    url = reverse("answer_file", args=[heard.pk, given.files.all()[0].pk])
    assert url in desk.get(page).content.decode()
    assert b"".join(desk.get(url)) == PDF
    dossier = take(heard, clerk)
    assert sorted(name.rpartition(" ")[2] for name in files_of(dossier) if name.endswith(".pdf")) == [
        "答复.pdf",
        "附件.pdf",
    ]
    desk.force_login(other_clerk)
    assert desk.get(url).status_code == 404


def test_answer_with_a_wrong_scan_is_not_recorded_and_what_was_typed_stays(
    desk: Any, heard: Case, nothing_kept: Any
) -> None:
    page = reverse("admin:cases_case_change", args=[heard.pk])
    for wrong in ({"papers": [pdf(), pdf("假的.pdf", b"no")]}, {"papers": [pdf()], "received_on": ""}):
        answer = desk.post(page, on_paper(heard, **wrong))
        assert answer.status_code == WRONG
        assert "情况属实，已经改正" in answer.content.decode()
    assert nothing_kept()
    assert not heard.answers.exists()
    assert Case.objects.get(pk=heard.pk).stage_id == heard.stage_id


def test_answer_that_came_too_late_to_be_recorded_keeps_its_words(
    desk: Any, heard: Case, nothing_kept: Any
) -> None:
    """The case has moved on under the open form."""
    page = reverse("admin:cases_case_change", args=[heard.pk])
    answer = desk.post(page, on_paper(heard, papers=[pdf()], stage="0"))
    assert "情况属实，已经改正" in answer.content.decode()
    assert nothing_kept()


def test_unit_sends_files_with_its_answer_or_none_where_one_is_wrong(
    client: Any, heard: Case, provider: Any, nothing_kept: Any
) -> None:
    client.force_login(provider)
    page = reverse("answer", args=[heard.pk])
    answer = client.post(page, {"text": "情况属实", "papers": [pdf(), pdf("假的.pdf", b"no")]})
    assert (answer.status_code, nothing_kept()) == (WRONG, True)
    assert "假的.pdf 的内容不是" in answer.content.decode()
    client.post(page, {"text": "情况属实", "papers": [pdf()]})
    assert heard.answers.get().files.count() == 1


def asked(case: Case) -> None:
    """The row by which a unit's own application asks for a document, put to the procedure of this case."""
    RequiredMaterial.objects.filter(key="request").update(procedure=case.procedure)


def test_draft_of_the_office_takes_what_its_rows_ask(
    desk: Any, registration: Any, clerk: Any, nothing_kept: Any
) -> None:
    case = begun(registration, clerk, "ground_fraud")
    page = reverse("admin:clearance_measure_change", args=[case.pk])
    assert 'type="file"' not in desk.get(page).content.decode()
    asked(case)
    assert 'name="material-request"' in desk.get(page).content.decode()
    typed = {"facts": "现在的事实", "demands": "", "afterwards": "", "do": "submit"}
    without = desk.post(page, typed)
    assert (without.status_code, "上传退出的书面请求" in without.content.decode()) == (WRONG, True)
    wrong = desk.post(page, {**typed, "material-request": pdf("要求.pdf", b"no PDF")})
    assert "要求.pdf 的内容不是 PDF" in wrong.content.decode()
    assert nothing_kept()
    case.refresh_from_db()
    assert (case.status, case.measure.facts) == (Case.Status.DRAFT, "现在的事实")
    desk.post(page, {**typed, "material-request": pdf("要求.pdf")})
    case.refresh_from_db()
    assert (case.status, str(case.materials.get().file)) == (Case.Status.OPEN, "要求.pdf")
    assert "要求.pdf" in desk.get(reverse("admin:cases_case_change", args=[case.pk])).content.decode()


def test_words_that_do_not_fit_do_not_lose_the_upload(desk: Any, registration: Any, clerk: Any) -> None:
    case = begun(registration, clerk, "ground_fraud")
    asked(case)
    page = reverse("admin:clearance_measure_change", args=[case.pk])
    answer = desk.post(page, {"facts": "字" * 3001, "material-request": pdf("要求.pdf")})
    assert answer.status_code == WRONG
    assert "字" * 3001 in answer.content.decode()
    assert case.materials.count() == 1


def test_dossier_holds_what_proves_the_grounds_and_who_has_seen_it(
    desk: Any, registration: Any, clerk: Any
) -> None:
    entered(desk, registration, [pdf()])
    found = GroundFound.objects.get()
    desk.post(f"{reverse('admin:clearance_measure_add')}?ground={found.pk}")
    case = Case.objects.get(measure__isnull=False)
    page = reverse("admin:clearance_measure_change", args=[case.pk])
    desk.post(page, {"facts": "现在的事实", "do": "submit"})
    url = reverse("admin:cases_groundfound_file", args=[found.pk, found.files.get().pk])
    assert b"".join(desk.get(url)) == PDF
    dossier = take(Case.objects.get(pk=case.pk), clerk)
    assert [body for name, body in files_of(dossier).items() if name.endswith(SCAN)] == [PDF]
    pages = pages_of(dossier)
    assert SCAN in pages["发现的情形"]
    assert "打开情形的证明材料" in pages["查阅记录"]
    assert "打开情形的证明材料" not in pages["经过"]
    assert not [one for one in story(case) if "打开情形" in one["summary"]]
