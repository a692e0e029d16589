"""Who objected: what is held about him, and what of it goes once nothing obliges to keep it."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from publicity import steps
from publicity.models import Objection, ObjectionFile
from publicity.personal import Objectors
from records import clock, files
from records.models import Event, StoredFile
from records.personal.subjects import ERASED, PersonalRefused
from records.trail import sealing, verifying
from tests.conftest import NOW, PDF
from tests.publicity.conftest import CONTACT, OBJECTOR, settle, what

pytestmark = pytest.mark.django_db


def store(name):
    return files.store(SimpleUploadedFile(name, PDF), kinds=["pdf"], max_megabytes=1, by=None, at=NOW)


@pytest.fixture
def objection(item, stopped_clock) -> Objection:
    papers = [("evidence", store(f"{OBJECTOR}的证明.pdf")), ("id_copy", store("身份证.pdf"))]
    return steps.lodge(item, at=NOW, files=papers, **what(address="演示路 1 号"))


@pytest.fixture
def settled(objection, clerk) -> Objection:
    settle(objection, upheld=False, conclusion="查无实据", by=clerk, at=NOW)
    return Objection.objects.get(pk=objection.pk)


def page(objection):
    return f"/admin/personal/objector/{objection.pk}/"


def text(response):
    return response.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("clerk", 200),
        ("auditor", 404),
        ("decider", 404),
        ("other_clerk", 404),
        ("stranger", 404),
        ("provider", 404),
    ],
)
def test_objector_is_shown_to_who_handles_and_who_reads(who, status, request, client, objection):
    client.force_login(request.getfixturevalue(who))

    assert client.get(page(objection)).status_code == status


def test_looking_is_recorded_like_looking_at_the_objection(client, clerk, objection):
    client.force_login(clerk)

    given = json.loads(client.get(f"{page(objection)}export.json").content)

    assert {"姓名或单位全称": OBJECTOR, "联系方式": CONTACT}.items() <= {
        row["是什么"]: row["内容"] for row in given["个人信息"]
    }.items()
    assert Event.objects.filter(verb="objection.open", actor=clerk).count() == 1


def test_what_was_objected_and_what_came_of_it_is_given(client, clerk, settled):
    client.force_login(clerk)

    given = json.loads(client.get(f"{page(settled)}export.json").content)["个人信息"]

    told = {row["是什么"]: row["内容"] for row in given}
    assert (told["事实与理由"], told["处理意见"]) == (settled.matter, "查无实据")
    assert (told["办理情况"], told["针对"]) == ("不成立", str(settled.item.case))
    assert settled.matter in text(client.get(page(settled)))


def test_correction_is_kept_and_the_party_complained_of_reads_nothing_of_it(client, clerk, objection):
    client.force_login(clerk)
    facts = {"name": OBJECTOR, "contact": "0769-22831234", "address": "演示路 1 号"}
    wrong = client.post(page(objection), {"act": "correct", **facts, "contact": "没有"})
    assert wrong.status_code == 422

    client.post(page(objection), {"act": "correct", **facts})

    objection.refresh_from_db()
    assert objection.contact == "0769-22831234"
    event = Event.objects.get(verb="objection.correct")
    assert event.data == {"changed": ["contact"]}
    assert "0769" not in event.summary


def test_open_objection_is_kept(clerk, objection):
    with pytest.raises(PersonalRefused, match="还没有处理完"):
        Objectors().erase(objection, reason="本人要求", by=clerk, at=NOW)


def test_settled_one_is_kept_to_the_last_day_and_then_goes_but_for_what_it_said(
    client, clerk, settled, stopped_clock, django_capture_on_commit_callbacks, settings
):
    last = NOW.replace(year=NOW.year + settings.PERSONAL_KEPT_YEARS)
    with pytest.raises(PersonalRefused, match=f"{last.year}年"):
        Objectors().erase(settled, reason="本人要求", by=clerk, at=last)
    copy = settled.files.get(kind=ObjectionFile.Kind.ID_COPY).stored
    place = copy.content.path
    sealing.seal(NOW)
    stopped_clock(last + timedelta(days=1))
    client.force_login(clerk)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(page(settled), {"act": "erase", "reason": "保存期满", "sure": "on"})

    gone = Objection.objects.get(pk=settled.pk)
    assert (gone.name, gone.contact, gone.address) == (ERASED, "", "")
    assert (gone.matter, gone.conclusion) == (settled.matter, "查无实据")
    assert [one.stored.name for one in gone.files.all()] == [f"{ERASED}.pdf"]
    assert not StoredFile.objects.filter(pk=copy.pk).exists()
    with pytest.raises(FileNotFoundError):
        open(place).close()  # noqa: PTH123 -- whether it is there
    assert not Event.objects.filter(summary__contains=OBJECTOR).exists()
    assert verifying.verify().findings == []
    assert client.get(page(settled)).status_code == 404


def test_reason_that_names_the_objector_is_refused(client, clerk, settled, stopped_clock):
    stopped_clock(NOW.replace(year=NOW.year + 11))
    client.force_login(clerk)

    answer = client.post(page(settled), {"act": "erase", "reason": f"{OBJECTOR}要求", "sure": "on"})

    assert answer.status_code == 422
    assert Objection.objects.get(pk=settled.pk).name == OBJECTOR


def test_what_an_erased_objector_left_is_no_secret_word_any_more(clerk, settled, decider):
    from publicity.queries import who_objected  # noqa: PLC0415 -- only here

    case = settled.item.case
    assert OBJECTOR in who_objected([case])
    Objectors().erase(settled, reason="保存期满", by=clerk, at=clock.now().replace(year=NOW.year + 11))
    assert who_objected([case]) == []
