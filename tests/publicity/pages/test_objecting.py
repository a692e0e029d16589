"""Lodging an objection from the page."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.models import Case
from cases.sweep import sweep
from publicity import evidence, steps
from publicity.models import Objection
from records import clock
from records.models import StoredFile
from tests.conftest import NOW
from tests.publicity.conftest import CONTACT, OBJECTOR, settle, typed
from tests.publicity.pages.moments import DURING, LAST_SECOND, OVER, pdf, text

pytestmark = pytest.mark.django_db


def test_objection_is_answered_with_a_receipt_that_names_nobody(client, send, item):
    response = send(typed(item))
    objection = Objection.objects.get()
    receipt = client.get(response.url)
    assert (objection.name, objection.channel, objection.entered_by) == (OBJECTOR, "online", None)
    assert objection.receipt in text(receipt)
    assert "2026年9月30日 09:00:00" in text(receipt)
    assert [word for word in (OBJECTOR, CONTACT) if word in receipt.content.decode()] == []


def test_receipt_follows_the_objection_to_its_conclusion(client, send, item, clerk):
    url = send(typed(item)).url
    settle(Objection.objects.get(), upheld=False, conclusion="仍在正常经营", by=clerk, at=DURING)
    assert "仍在正常经营" in text(client.get(url))


def test_receipt_under_an_address_nobody_was_given_is_not_found(client, send, item):
    url = send(typed(item)).url
    assert client.get(f"{url[:-2]}x/").status_code == 404
    assert client.get("/publicity/receipt/1/").status_code == 404


@pytest.mark.parametrize(("moment", "status"), [(LAST_SECOND, 302), (OVER, 422)])
def test_objection_in_the_last_second_and_just_after(send, item, moment, status):
    response = send(typed(item), moment)
    assert response.status_code == status
    assert Objection.objects.exists() is (status == 302)


def test_objection_that_comes_too_late_loses_nothing_that_was_typed(send, item):
    response = send(typed(item), OVER)
    assert "公示已在 2026年10月3日 24:00 结束" in text(response)
    assert typed(item)["matter"] in text(response)


@pytest.mark.parametrize(
    ("other", "moment"),
    [
        ({}, OVER),
        (
            {"person": "organisation", "name": "示意投诉有限公司", "contact_person": "王联系"},
            OVER,
        ),
        ({"homepage": "http://spam.example"}, DURING),
    ],
)
def test_evidence_with_what_can_never_be_lodged_is_not_kept(send, item, other, moment):
    files = StoredFile.objects.count()
    response = send(typed(item, evidence=pdf(), **other), moment)
    assert response.status_code == 422
    assert ("公示已在 2026年10月3日 24:00 结束" in text(response)) is (moment == OVER)
    assert StoredFile.objects.count() == files


def test_evidence_of_a_form_that_lies_open_outlives_a_fast_clock(send, item, settings, tmp_path):
    """The form runs out by the machine's clock."""
    settings.CLOCK_FILE = tmp_path / "clock.json"
    clock.run_at(1440)
    send(typed(item, matter="", evidence=pdf()))
    (unused,) = StoredFile.objects.filter(uploaded_by=None)

    evidence.forget_unused(DURING + timedelta(days=239))
    assert StoredFile.objects.filter(pk=unused.pk).exists()
    evidence.forget_unused(DURING + timedelta(days=241))
    assert not StoredFile.objects.filter(pk=unused.pk).exists()


def test_evidence_nobody_came_back_for_is_removed_with_its_content(send, item):
    send(typed(item, matter="", evidence=pdf()))
    send(typed(item, evidence=pdf()))
    others = StoredFile.objects.exclude(uploaded_by=None).count()
    (unused,) = StoredFile.objects.filter(uploaded_by=None).exclude(
        pk=Objection.objects.get().files.get().stored_id
    )
    path = Path(unused.content.path)
    assert (path.exists(), sweep(DURING + timedelta(hours=4)).failed) == (True, [])
    assert StoredFile.objects.filter(pk=unused.pk).exists()
    sweep(DURING + timedelta(hours=4, seconds=1))
    assert (StoredFile.objects.filter(pk=unused.pk).exists(), path.exists()) == (False, False)
    assert Path(Objection.objects.get().files.get().stored.content.path).exists()
    assert StoredFile.objects.exclude(uploaded_by=None).count() == others


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"matter": "太短"}, "至少 10 个字，现在 2 个"),
        ({"matter": ""}, "写明具体事项和理由，不能留空"),
        ({"matter": "该人身份证号 441900199001011231，不符合要求"}, "这里有身份证号码"),
        ({"matter": "该人身份证号４４１９００ 19900101 １２３１，不符"}, "这里有身份证号码"),
        ({"matter": "我的电话 138 0000 1111，该企业已停止经营"}, "这里有手机号码"),
        ({"contact": "441900199001011231"}, "这里有身份证号码"),
        ({"name": ""}, "匿名的不受理"),
        ({"contact": "无"}, "写能联系上的电话"),
        ({"person": ""}, "选个人或单位"),
        ({"item": "999999"}, "这次公示没有这一件"),
        ({"homepage": "http://spam.example"}, "系统疑为自动填写，请回答"),
    ],
)
def test_objection_that_is_wrong_says_what_and_keeps_the_rest(send, item, wrong, said):
    response = send(typed(item, **wrong))
    assert response.status_code == 422
    assert said in text(response)
    assert Objection.objects.count() == 0
    kept = response.content.decode()
    assert kept.count('id="object"') == 1
    assert kept.index('id="object"') < kept.index('id="list"')
    assert [
        value
        for key, value in typed(item).items()
        if key not in ("item", "opened", *wrong) and value not in kept
    ] == []


def test_credit_code_in_the_matter_is_no_identity_number(send, item):
    matter = "统一社会信用代码 91990001MAQ000397B 的企业 2026年8月 已停止经营"
    assert send(typed(item, matter=matter)).status_code == 302


def test_organisation_names_a_person_and_brings_a_sealed_paper(send, item):
    response = send(typed(item, person="organisation", name="示意投诉有限公司"))
    assert "单位提出的，写明联系人" in text(response)
    assert "上传加盖公章的书面材料" in text(response)
    good = typed(
        item, person="organisation", name="示意投诉有限公司", contact_person="王联系", statement=pdf()
    )
    assert send(good).status_code == 302
    paper = Objection.objects.get().files.get()
    assert (paper.kind, paper.stored.name) == ("statement", "证据.pdf")


def test_evidence_that_came_with_a_wrong_form_need_not_be_chosen_again(send, item):
    response = send(typed(item, matter="", evidence=pdf()))
    (kept,) = re.findall(r'name="kept_evidence" value="([^"]+)"', response.content.decode())
    assert "证据.pdf" in text(response)
    assert send(typed(item, kept_evidence=kept)).status_code == 302
    stored = Objection.objects.get().files.get().stored
    assert (stored.name, stored.uploaded_by) == ("证据.pdf", None)


def test_evidence_of_somebody_else_cannot_be_named(send, item):
    StoredFile.objects.create(
        name="别人的.pdf", content_type="application/pdf", size=1, sha256="", uploaded_at=NOW
    )
    response = send(typed(item, kept_evidence=str(StoredFile.objects.get(name="别人的.pdf").pk)))
    assert (response.status_code, Objection.objects.count()) == (422, 0)
    assert "先前上传的文件已失效，重新选择" in text(response)


def test_evidence_of_a_wrong_kind_is_refused_and_nothing_is_kept(send, item):
    files = StoredFile.objects.count()
    response = send(typed(item, evidence=SimpleUploadedFile("证据.pdf", b"MZ not a pdf", "application/pdf")))
    assert response.status_code == 422
    assert "的内容是程序" in text(response)
    assert StoredFile.objects.count() == files


def test_objection_against_what_was_taken_down_is_refused_without_telling_whom_it_was_about(
    send, item, period, clerk
):
    steps.take_down(period, by=clerk, at=DURING, reason="附件有误")
    response = send(typed(item))
    assert response.status_code == 422
    assert "已撤下，不再收异议" in text(response)
    assert str(item.case.organisation) not in response.content.decode()


def test_objection_without_a_token_is_refused(stopped_clock, period, item):
    stopped_clock(DURING)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("object", args=[period.pk]), typed(item)).status_code == 403
    assert Objection.objects.count() == 0


def test_object_address_typed_by_hand_leads_to_the_form(client, period):
    response = client.get(reverse("object", args=[period.pk]))
    assert response.url == f"{reverse('period', args=[period.pk])}#object"


def test_objection_of_somebody_logged_in_leaves_no_trace_of_the_account(client, send, item, stranger):
    client.force_login(stranger)
    send(typed(item, evidence=pdf()))
    objection = Objection.objects.get()
    case = Case.objects.get(pk=item.case_id)
    assert (objection.entered_by, objection.files.get().stored.uploaded_by) == (None, None)
    assert case.events.get(verb="objection.lodge").actor is None
    assert case.history.first().history_user is None


def test_identity_reaches_no_page_of_the_public_or_of_the_provider(
    client, send, item, provider, period, clerk
):
    send(typed(item))
    objection = Objection.objects.get()
    settle(objection, upheld=True, conclusion="查实", by=clerk, at=DURING)
    client.force_login(provider)
    urls = [reverse("board"), reverse("period", args=[period.pk]), reverse("home"), reverse("my")]
    urls.append(reverse("case", args=[item.case_id]))
    answers = {url: client.get(url) for url in urls}
    assert {url: answer.status_code for url, answer in answers.items()} == dict.fromkeys(urls, 200)
    told = [
        url
        for url, answer in answers.items()
        for word in (OBJECTOR, CONTACT)
        if word in answer.content.decode()
    ]
    assert told == []
