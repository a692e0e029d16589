"""A material that holds personal data: who opens it, what for, what comes, and when it goes."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts import roles
from cases import retention, steps
from cities import decisions
from cities.models.decision import KEEP_SENSITIVE
from records.files import encryption
from records.models import Event
from tests.cases.desk.page import seen
from tests.cases.keeping import decide
from tests.conftest import NOW, PDF, at, office
from tests.rulebooks import load_changed

pytestmark = pytest.mark.django_db
GOOD = {"purpose": "identity", "detail": "核对法定代表人"}


def first_is_sensitive(content):
    content["procedures"][0]["materials"][0]["sensitive"] = True


@pytest.fixture
def programme(calendar, tmp_path):
    return load_changed(tmp_path, first_is_sensitive)


@pytest.fixture
def material(submitted_case):
    return submitted_case.materials.get(file__sensitive=True)


@pytest.fixture
def place(material):
    return reverse("admin:cases_case_material", args=[material.case_id, material.pk])


def openings(case):
    return Event.objects.filter(case=case, verb="material.open").order_by("pk")


def words_of(response):
    pages = PdfReader(io.BytesIO(response.content)).pages
    return "".join(page.extract_text() for page in pages).replace(" ", "").replace("\u3000", "")


def test_it_lies_encrypted_and_the_others_do_not(material, submitted_case):
    assert material.file.key == encryption.newest()
    assert PDF not in Path(material.file.content.path).read_bytes()
    others = submitted_case.materials.exclude(pk=material.pk)
    assert {one.file.key for one in others} == {""}


def test_the_desk_is_asked_what_for_and_gets_a_marked_copy(
    client, place, material, submitted_case, clerk, stopped_clock
):
    client.force_login(clerk)
    page = client.get(place).content.decode()
    assert "先写明用途" in page
    assert openings(submitted_case).count() == 0
    response = client.post(place, GOOD)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "林经办2026年9月17日10:32核实身份" in words_of(response)
    client.post(place, {"purpose": "review"})
    assert [one.summary.rpartition("，用途：")[2] for one in openings(submitted_case)] == [
        "核实身份（核对法定代表人）",
        "审核这件事项",
    ]
    material.refresh_from_db()
    assert material.opened_by == clerk


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "选一项用途"),
        ({"purpose": "any"}, "从列出的用途中选一项"),
        ({"purpose": "other"}, "写明做什么用"),
        ({"purpose": "other", "detail": "查看"}, "至少 4 个字"),
        ({"purpose": "audit", "detail": "长" * 61}, "最多 60 个字，现在 61 个"),
        ({"purpose": "audit", "detail": "联系 13800001111"}, "这里有手机号码"),
    ],
)
def test_without_a_purpose_nothing_comes_and_what_was_typed_stays(
    client, place, submitted_case, clerk, typed, said, stopped_clock
):
    client.force_login(clerk)
    response = client.post(place, typed)
    page = response.content.decode()
    assert (response.status_code, said in page) == (422, True)
    assert typed.get("detail", "") in page
    assert openings(submitted_case).count() == 0


def test_nothing_comes_where_the_opening_cannot_be_recorded(client, place, clerk, stopped_clock, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("no record")

    monkeypatch.setattr("cases.materials.events.record", fail)
    client.force_login(clerk)
    with pytest.raises(RuntimeError, match="no record"):
        client.post(place, GOOD)


def test_who_only_sees_cases_does_not_open_it(
    client, place, submitted_case, programme, other_clerk, stranger, auditor, stopped_clock
):
    issuer = office("issuer", "签发人", roles.NOTICE_ISSUER, programme)
    public = reverse("case_material", args=[submitted_case.pk, place.rstrip("/").rpartition("/")[2]])
    for user in (issuer, other_clerk, stranger):
        client.force_login(user)
        assert {client.get(place).status_code, client.post(public, GOOD).status_code} <= {404, 302}
        assert client.get(public).status_code == 404
    page = seen(client, issuer, submitted_case)
    assert place not in page
    assert "只给办理人和审计打开" in page
    client.force_login(auditor)
    assert "苏审计" in words_of(client.post(place, {"purpose": "audit"}))
    assert "苏审计" in words_of(client.post(public, {"purpose": "audit"}))


def test_its_own_unit_gets_it_as_it_is_and_that_is_kept(
    client, submitted_case, material, provider, stopped_clock
):
    client.force_login(provider)
    response = client.get(reverse("case_material", args=[submitted_case.pk, material.pk]))
    assert response.getvalue() == PDF
    assert openings(submitted_case).get().data["purpose"] == "本单位查看"
    assert "打开材料" not in client.get(reverse("case", args=[submitted_case.pk])).content.decode()


def test_what_no_office_has_set_stays_and_is_listed_as_open(material, submitted_case, programme, provider):
    steps.withdraw(submitted_case, by=provider, at=NOW, reason="不办了")
    assert retention.remove_due(NOW + timedelta(days=10_000)) == 0
    open_now = [
        one for one in decisions.matters(programme.rulebooks.get(), NOW) if one.name == KEEP_SENSITIVE
    ]
    assert [(one.blocks, one.question) for one in open_now] == [
        (True, "含个人信息的文件，办结后保存多少天？")
    ]


def test_it_goes_on_the_day_the_office_has_set_and_its_record_stays(
    client,
    place,
    material,
    submitted_case,
    programme,
    provider,
    clerk,
    stopped_clock,
    django_capture_on_commit_callbacks,
):
    decide(programme, 30)
    path = Path(material.file.content.path)
    assert retention.remove_due(NOW + timedelta(days=300)) == 0  # still open
    steps.withdraw(submitted_case, by=provider, at=NOW, reason="不办了")
    assert retention.remove_due(at("2026-10-17 23:59")) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.remove_due(at("2026-10-18 00:00")) == 1
    assert not path.exists()
    assert retention.remove_due(at("2026-10-18 00:00")) == 0
    material.file.refresh_from_db()
    assert material.file.sha256
    event = Event.objects.get(case=submitted_case, verb="material.remove")
    assert event.data["sha256"] == material.file.sha256
    assert event.actor_name == "系统"
    words = "已按规定于 2026年10月18日 删除（办结后保存 30 天，2026年9月17日 确定，示例纪要第 1 号）"
    assert words in seen(client, clerk, submitted_case)
    assert place not in seen(client, clerk, submitted_case)
    assert client.post(place, GOOD).status_code == 404
    client.force_login(provider)
    assert words in client.get(reverse("case", args=[submitted_case.pk])).content.decode()
    others = submitted_case.materials.filter(file__removed_at=None).count()
    assert others == 2


def test_a_later_decision_counts_from_its_day(material, submitted_case, programme, provider):
    decide(programme, 10)
    decide(programme, 90, at("2026-09-20 09:00"))
    steps.withdraw(submitted_case, by=provider, at=NOW, reason="不办了")
    assert retention.remove_due(at("2026-10-20 09:00")) == 0
    assert retention.remove_due(at("2026-12-17 09:00")) == 1


def test_the_office_sets_it_on_the_page_of_what_is_open(client, programme, stopped_clock):
    editor = office("editor", "方编辑", roles.RULEBOOK_EDITOR, programme)
    rulebook = programme.rulebooks.get()
    matter = next(one for one in decisions.matters(rulebook, NOW) if one.name == KEEP_SENSITIVE)
    client.force_login(editor)
    page = reverse("admin:cities_officedecision_matter", args=[programme.slug, rulebook.version, matter.key])
    typed = {"action": "propose", "basis": "纪要", "decided_on": "2026-09-17", "effective_from": "2026-09-17"}
    assert client.post(page, {**typed, "number": "0"}).status_code == 422
    assert client.post(page, {**typed, "number": "180"}).status_code == 302
    made = programme.office_decisions.get()
    assert (made.value, made.wording) == ({"keep_days": 180}, " 180 天")


def test_a_file_whose_key_is_gone_says_so(client, place, clerk, settings, stopped_clock):
    settings.FILE_KEYS = ["another " * 8]
    client.force_login(clerk)
    response = client.post(place, GOOD)
    assert response.status_code == 404
    assert "没有它的密钥" in response.content.decode()
