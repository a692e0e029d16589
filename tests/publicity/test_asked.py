"""What an objection is asked stands in a row: another row, another form."""

import re

import pytest
from django.urls import reverse

from cases.models import Case
from publicity import removal, steps
from publicity.models import Objection, ObjectionFile
from records.files import encryption
from tests.cases.keeping import decide
from tests.conftest import at
from tests.publicity.conftest import typed, what
from tests.publicity.pages.moments import DURING, pdf, text
from tests.rulebooks import load_changed, stage

pytestmark = pytest.mark.django_db

PRACTICE = "条文只写公示无异议的发布，没有写怎么提异议：以上是本平台的做法。"


def more(content):
    stage(content, "publicity").update(
        objection_kinds=["objection", "report", "complaint"],
        objection_required=["address", "id_copy", "statement", "evidence"],
        objection_optional=["employer"],
        objection_article="第十五条（三）",
        objection_days=5,
        objection_counting="calendar_next",
    )


def nothing_but_evidence(content):
    stage(content, "publicity")["objection_optional"] = ["evidence"]


@pytest.fixture
def programme(calendar, tmp_path, request):
    return load_changed(tmp_path, getattr(request, "param", lambda content: None))


@pytest.fixture
def page(client, stopped_clock, item):
    stopped_clock(DURING)
    return client.get(reverse("period", args=[item.period_id]))


def asked_for(page):
    names = re.findall(r'<(?:input|textarea|select)[^>]* name="(\w+)"', page.content.decode())
    known = (
        "kind",
        "employer",
        "credit_code",
        "contact_person",
        "address",
        "id_copy",
        "statement",
        "evidence",
    )
    return [name for name in known if name in names]


def test_without_a_word_in_the_row_the_platforms_practice_is_asked_and_told_as_such(page):
    assert asked_for(page) == ["kind", "contact_person", "statement", "evidence"]
    assert page.content.decode().count('type="radio" name="kind"') == 0
    assert PRACTICE in text(page)
    assert "处理时限：未设置" in text(page)


@pytest.mark.parametrize("programme", [nothing_but_evidence], indirect=True)
def test_a_row_that_asks_less_is_asked_less(client, page, item):
    assert asked_for(page) == ["kind", "evidence"]
    sent = typed(item, person="organisation", name="示意投诉有限公司")
    assert client.post(reverse("object", args=[item.period_id]), sent).status_code == 302


@pytest.mark.parametrize("programme", [more], indirect=True)
def test_a_row_that_asks_more_is_asked_more_and_its_article_is_named(client, page, item):
    assert asked_for(page) == ["kind", "employer", "address", "id_copy", "statement", "evidence"]
    said = text(page)
    assert PRACTICE not in said
    assert "受理范围异议、举报、投诉" in said.replace(" ", "")
    assert "收到之日起 5 天" in said
    url = reverse("object", args=[item.period_id])
    wrong = client.post(url, typed(item, kind="report"))
    expected = ("个人提出的，写明通讯地址", "个人提出的，上传身份证件扫描件", "个人提出的，上传证明材料")
    assert [word for word in expected if word not in text(wrong)] == []
    assert "个人提出的，上传加盖公章" not in text(wrong)
    good = typed(item, kind="report", address="示范路 1 号", id_copy=pdf(), evidence=[pdf(), pdf()])
    assert client.post(url, good).status_code == 302
    objection = Objection.objects.get()
    assert (objection.kind, objection.address) == ("report", "示范路 1 号")
    assert sorted(objection.files.values_list("kind", flat=True)) == ["evidence", "evidence", "id_copy"]


@pytest.mark.parametrize("programme", [more], indirect=True)
def test_a_copy_of_an_identity_card_is_for_who_handles_it_and_each_opening_is_kept(
    client, page, item, clerk, auditor
):
    sent = typed(item, kind="objection", address="示范路 1 号", id_copy=pdf(), evidence=pdf())
    assert client.post(reverse("object", args=[item.period_id]), sent).status_code == 302
    objection = Objection.objects.get()
    copy = objection.files.get(kind=ObjectionFile.Kind.ID_COPY)
    urls = [
        reverse("admin:publicity_objection_file", args=[objection.pk, copy.pk]),
        reverse("admin:publicity_objection_change", args=[objection.pk]),
    ]
    client.force_login(auditor)
    assert client.get(urls[0]).status_code == 404
    assert urls[0] not in client.get(urls[1]).content.decode()
    client.force_login(clerk)
    assert urls[0] in client.get(urls[1]).content.decode()
    opened = item.case.events.filter(verb="objection.open", data__id_copy=copy.pk)
    assert "先写明用途" in client.get(urls[0]).content.decode()
    named = client.post(urls[0], {"purpose": "other", "detail": f"问过{objection.name}"})
    assert "提出人保密，删去后再提交" in text(named)
    assert opened.count() == 0
    for _ in range(2):
        assert client.post(urls[0], {"purpose": "identity"}).content.startswith(b"%PDF-")
    assert [event.actor for event in opened] == [clerk, clerk]
    assert opened[0].summary.endswith("的身份证件扫描件，用途：核实身份")
    assert copy.stored.key == encryption.newest()
    assert {one.stored.key for one in objection.files.exclude(pk=copy.pk)} == {""}


@pytest.mark.parametrize("programme", [more], indirect=True)
def test_a_copy_of_an_identity_card_goes_when_the_office_has_set(
    client, page, item, clerk, programme, settings
):
    sent = typed(item, kind="objection", address="示范路 1 号", id_copy=pdf(), evidence=pdf())
    assert client.post(reverse("object", args=[item.period_id]), sent).status_code == 302
    objection, copy = Objection.objects.get(), ObjectionFile.objects.get(kind="id_copy")
    decide(programme, 10)
    closed = at("2026-10-01 10:00")
    Case.objects.filter(pk=item.case_id).update(status=Case.Status.CLOSED, closed_at=closed)
    assert removal.remove_due(at("2026-11-30 10:00")) == 0  # the objection is open
    later, sustained = at("2026-10-20 10:00"), Objection.State.UPHELD
    Objection.objects.filter(pk=objection.pk).update(state=sustained, edition=programme.editions.first())
    assert removal.remove_due(at("2026-11-30 10:00")) == 0  # its correction is still to come
    Objection.objects.filter(pk=objection.pk).update(
        state=Objection.State.DISMISSED, edition=None, settled_at=later
    )
    assert removal.remove_due(at("2026-10-30 10:00")) == 0
    assert removal.remove_due(at("2026-10-31 10:00")) == 1
    copy.stored.refresh_from_db()
    assert copy.stored.removal.startswith("已按规定于 2026年10月31日 删除")
    client.force_login(clerk)
    seen = client.get(reverse("admin:publicity_objection_change", args=[objection.pk])).content.decode()
    assert copy.stored.removal in seen
    event = item.case.events.get(verb="objection.remove")
    assert objection.name not in event.summary


@pytest.mark.parametrize("programme", [more], indirect=True)
def test_the_desk_sees_by_when_it_is_to_be_handled(client, stopped_clock, item, clerk):
    objection = steps.lodge(item, at=DURING, **what())
    client.force_login(clerk)
    stopped_clock(DURING)
    page = client.get(reverse("admin:publicity_objection_change", args=[objection.pk])).content.decode()
    assert "2026年10月5日 24:00" in page


def test_more_files_than_the_site_takes_are_refused_and_fewer_kept(client, page, item, settings):
    settings.OBJECTION_FILES = 2
    url = reverse("object", args=[item.period_id])
    response = client.post(url, typed(item, evidence=[pdf(), pdf(), pdf()]))
    assert "最多 2 个文件，现在 3 个" in text(response)
    response = client.post(url, typed(item, matter="", evidence=[pdf(), pdf()]))
    kept = re.findall(r'name="kept_evidence" value="([^"]+)"', response.content.decode())
    assert len(kept) == 2
    assert client.post(url, typed(item, kept_evidence=kept[:1], evidence=pdf())).status_code == 302
    assert Objection.objects.get().files.count() == 2


def test_worklist_says_what_waits_and_since_when(client, stopped_clock, item, clerk):
    steps.lodge(item, at=DURING, by=clerk, received_on=at("2026-09-29 09:00").date(), **what())
    client.force_login(clerk)
    stopped_clock(at("2026-10-09 09:00"))
    page = client.get(reverse("admin:cases_case_changelist")).content.decode()
    assert "1 件异议没有处理完，最早 9月29日 收到" in page
