"""The first page of a provider."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import roles
from accounts.grants import grant
from cases import engine, paper, steps
from cases.models import Case
from cities.queries import procedure_in_force
from tests.conftest import NOW, at, person
from tests.publicity.pages.moments import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def my(client, provider, stopped_clock):
    client.force_login(provider)

    def read():
        return client.get(reverse("my"))

    return read


def test_nothing_to_do(my, registration):
    said = text(my())
    assert "现在没有要办的" in said
    assert "示例智造科技有限公司" in said
    assert "还可 2 次" in said
    assert "开始申请" in said


def test_draft_is_what_to_do(my, apply, registration, provider):
    apply(registration, provider)
    said = text(my())
    assert "要您办的 1 件" in said
    assert "接着填草稿" in said
    assert "开始申请" not in said


def test_case_at_the_office_asks_nothing(my, submitted_case):
    said = text(my())
    assert "现在不用您做什么，有 1 件正在办" in said
    assert "DG-2026-0001 正在办理，办结后才能再申请" in said


def test_case_sent_back_is_what_to_do_with_its_last_day(my, submitted_case, clerk):
    day = at("2026-09-22 09:00").date()
    steps.decide(submitted_case, "return", by=clerk, at=NOW, opinion="补股东会决议", named_day=day)
    said = text(my())
    assert "要您办的 1 件" in said
    assert "还有 5 天" in said
    assert "补正：变更合作伙伴、产品和服务目录" in said
    assert "补股东会决议" in said


def test_closed_case_stays_readable_and_discarded_draft_does_not(
    my, submitted_case, apply, registration, provider
):
    steps.withdraw(submitted_case, by=provider, at=NOW, reason="改主意")
    steps.discard(apply(registration, provider), by=provider, at=NOW)
    closed = my().context["closed"]
    assert [(case.number, case.get_result_display()) for case in closed] == [("DG-2026-0001", "已撤回")]


def test_procedure_awaiting_its_kind_is_shown_and_offers_no_button(my, registration):
    page = my().content.decode()
    assert "尚未开通" in page
    assert reverse("apply", args=[registration.pk, "partner_change"]) in page
    assert reverse("apply", args=[registration.pk, "unit_change"]) not in page


def test_no_rules_in_force_takes_no_application(my, registration, stopped_clock):
    stopped_clock(at("2024-03-01 09:00"))
    page = my().content.decode()
    assert "现在没有施行中的规则，不受理申请" in page
    assert "开始申请" not in page


def test_paper_draft_of_the_office_is_told_and_not_offered(my, registration, programme, clerk):
    procedure = procedure_in_force(programme, "partner_change", NOW)
    paper.begin(registration, procedure, at("2026-09-10").date(), by=clerk, at=NOW)
    said = text(my())
    assert "工作人员正在录入您单位的纸质申请（2026年9月10日 收到）" in said
    assert "开始申请" not in said
    assert "现在没有要办的" in said


def test_stranger_sees_nothing_of_it(client, submitted_case, stranger, stopped_clock):
    client.force_login(stranger)
    assert "DG-2026-0001" not in client.get(reverse("my")).content.decode()


def test_two_organisations_stand_on_one_page(my, provider, second):
    grant(provider, roles.PROVIDER_MEMBER, second.organisation, at=NOW, by=None, reason="兼任")
    said = text(my())
    assert "示例智造科技有限公司" in said
    assert "范例数字科技有限公司" in said


def test_who_belongs_to_no_organisation(client, clerk, stopped_clock):
    client.force_login(clerk)
    assert client.get(reverse("my")).url == reverse("admin:index")
    client.force_login(person("alone", "谁"))
    response = client.get(reverse("my"))
    assert response.status_code == 403
    assert "您的账号还没有关联单位" in text(response)


def queries(my):
    with CaptureQueriesContext(connection) as asked:
        assert my().status_code == 200
    return len(asked)


@pytest.mark.parametrize("going_on", [True, False])
def test_fixed_queries_with_one_and_three_cases(my, submitted_case, going_on):
    if not going_on:
        close(submitted_case)
    one = queries(my)
    for number in ("DG-2026-0002", "DG-2026-0003"):
        twin(submitted_case, number)
    assert Case.objects.count() == 3
    assert queries(my) == one


def close(case):
    engine.end(engine.load(case.pk), Case.Result.WITHDRAWN, by=None, at=NOW, verb="withdraw", summary="撤回")


def twin(case, number):
    """One more just like it; no unit comes to so many in a year."""
    other = Case.objects.get(pk=case.pk)
    other.pk, other.number = None, number
    other.pk = Case._meta.pk.get_default()
    other.save(force_insert=True)
