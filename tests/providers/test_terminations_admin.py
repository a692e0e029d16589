"""A clerk records that an organisation has ended, and takes back what was recorded in error."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import roles
from providers.models import Termination
from records.models import Event
from tests.conftest import office
from tests.providers.barring import another
from tests.providers.codes import code
from tests.providers.conftest import FIRST, SECOND, moment

AT = moment("2026-09-17T10:32")  # what the stopped clock says
ADD = "admin:providers_termination_add"


@pytest.fixture
def clerk(unit, stopped_clock, client):
    user = office("clerk", "林经办", roles.CLERK, unit.programme)
    client.force_login(user)
    return user


def posted(**changed):
    facts = {"code": FIRST.code, "kind": "cancelled", "day": "2026-09-17", "evidence": "登记机关公告"}
    return facts | changed


def test_clerk_records_it_with_its_evidence(client, clerk, unit):
    assert client.post(reverse(ADD), posted()).status_code == 302
    row = Termination.objects.get()
    assert (row.organisation, row.kind, row.evidence) == (unit.organisation, "cancelled", "登记机关公告")
    assert (row.recorded_at, row.history.count()) == (AT, 1)
    event = Event.objects.get(verb="termination")
    assert (event.actor, event.organisation) == (clerk, unit.organisation)
    assert event.summary == "登记示例智造科技有限公司 2026年9月17日 注销（登记机关公告）"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"code": code(9)}, f"系统里没有代码为 {code(9)} 的单位"),
        ({"code": "9199"}, "信用代码要有 18 位，现在是 4 位"),
        ({"day": "2026-09-18"}, "这一天还没到"),
        ({"evidence": " "}, "写明凭什么认定"),
        ({"evidence": "电话 13812341234"}, "不能有手机号码"),
    ],
)
def test_what_cannot_be_recorded_is_told(client, clerk, wrong, told):
    answer = client.post(reverse(ADD), posted(**wrong))
    assert told in answer.content.decode()
    assert not Termination.objects.exists()


def test_recorded_once_while_it_stands(client, clerk, unit):
    client.post(reverse(ADD), posted())
    assert "这家已经登记过" in client.post(reverse(ADD), posted()).content.decode()
    row = Termination.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Termination.objects.create(
            organisation=unit.organisation, kind="ended", day=row.day, evidence="又一次", recorded_at=AT
        )
    assert Termination.objects.count() == 1


def test_lifted_with_a_reason_and_kept(client, clerk, unit):
    client.post(reverse(ADD), posted())
    row = Termination.objects.get()
    page = reverse("admin:providers_termination_change", args=[row.pk])
    assert "写明为什么撤销" in client.post(page, {"lifted_reason": ""}).content.decode()
    assert client.post(page, {"lifted_reason": "查错了单位"}).status_code == 302
    row.refresh_from_db()
    assert (row.lifted_at, row.lifted_reason) == (AT, "查错了单位")
    assert Event.objects.filter(verb="termination.lift").count() == 1
    assert client.post(reverse(ADD), posted()).status_code == 302


def test_organisation_s_page_says_it_and_leads_there(client, clerk, unit):
    page = reverse("admin:providers_organisation_change", args=[unit.organisation_id])
    address = f"{reverse(ADD)}?code={FIRST.code}"
    assert address in client.get(page).content.decode()
    assert f'value="{FIRST.code}"' in client.get(address).content.decode()
    client.post(reverse(ADD), posted())
    shown = client.get(page).content.decode()
    assert "2026年9月17日 注销（登记机关公告）" in shown
    assert address not in shown


def test_of_another_city_s_organisation_it_is_refused(client, clerk, unit):
    elsewhere = office("elsewhere", "何经办", roles.CLERK, another())
    client.force_login(elsewhere)
    assert "不在您办理的项目里" in client.post(reverse(ADD), posted(code=SECOND.code)).content.decode()
    assert not Termination.objects.exists()
