"""A clerk records who goes on as whom, and takes back what was recorded in error."""

import pytest
from django.urls import reverse

from accounts import roles
from providers.models import Organisation, Succession
from records.models import Event
from tests.conftest import office
from tests.providers.barring import another, heir, listed, remove, rule
from tests.providers.codes import code
from tests.providers.conftest import FIRST, SECOND, moment

AT = moment("2026-09-17T10:32")  # what the stopped clock says
ADD, LIST = "admin:providers_succession_add", "admin:providers_succession_changelist"


@pytest.fixture
def clerk(unit, stopped_clock, client):
    user = office("clerk", "林经办", roles.CLERK, unit.programme)
    client.force_login(user)
    return user


def posted(**changed):
    facts = {
        "predecessor_code": FIRST.code,
        "successor_code": code(7),
        "kind": "merged",
        "day": "2026-09-17",
        "evidence": "合并公告",
    }
    return facts | changed


def test_clerk_records_it_with_its_evidence(client, clerk, unit):
    last = heir(7)
    assert client.post(reverse(ADD), posted()).status_code == 302

    row = Succession.objects.get()
    assert (row.predecessor, row.successor, row.kind, row.evidence) == (
        unit.organisation,
        last,
        "merged",
        "合并公告",
    )
    assert (row.recorded_at, row.history.count()) == (AT, 1)
    event = Event.objects.get(verb="succession")
    assert (event.actor, event.organisation) == (clerk, last)
    assert event.summary == (
        "登记示例智造科技有限公司 → 承继数字科技有限公司（2026年9月17日 合并，合并公告）"
    )


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"successor_code": code(9)}, f"系统里没有代码为 {code(9)} 的单位"),
        ({"successor_code": "9199"}, "信用代码要有 18 位，现在是 4 位"),
        ({"successor_code": FIRST.code}, "两个代码是同一家单位"),
        ({"day": "2026-09-18"}, "这一天还没到"),
        ({"evidence": " "}, "写明凭什么认定"),
        ({"evidence": "电话 13812341234"}, "不能有手机号码"),
    ],
)
def test_what_cannot_be_recorded_is_told(client, clerk, wrong, told):
    heir(7)
    answer = client.post(reverse(ADD), posted(**wrong))

    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert not Succession.objects.exists()


def test_same_two_are_recorded_once(client, clerk):
    heir(7)
    client.post(reverse(ADD), posted())
    assert "这两家已经登记过" in client.post(reverse(ADD), posted()).content.decode()
    assert Succession.objects.count() == 1


def test_two_that_the_clerk_has_nothing_to_do_with_are_not_his_to_join(client, clerk):
    heir(7)
    heir(8)
    answer = client.post(reverse(ADD), posted(predecessor_code=code(8)))
    assert "两家都不在您办理的项目里" in answer.content.decode()


def test_what_was_wrong_is_lifted_with_its_reason_and_stays(client, clerk):
    heir(7)
    client.post(reverse(ADD), posted())
    row = Succession.objects.get()
    page = reverse("admin:providers_succession_change", args=[row.pk])

    assert "写明为什么撤销" in client.post(page, {"lifted_reason": ""}).content.decode()
    assert client.post(page, {"lifted_reason": "不是承继", "evidence": "改掉"}).status_code == 302
    row.refresh_from_db()
    assert (row.lifted_at, row.lifted_reason, row.evidence) == (AT, "不是承继", "合并公告")
    assert Event.objects.filter(verb="succession.lift", actor=clerk).exists()
    assert client.post(page, {"lifted_reason": "再撤"}).status_code == 404
    assert client.post(reverse(ADD), posted()).status_code == 302  # recorded anew


def test_only_who_handles_cases_there_records_and_only_who_sees_them_reads(client, clerk, unit):
    heir(7)
    client.post(reverse(ADD), posted())
    page = reverse("admin:providers_succession_change", args=[Succession.objects.get().pk])

    client.force_login(office("auditor", "苏审计", roles.AUDITOR, unit.programme))
    assert client.get(page).status_code == 200
    assert client.post(page, {"lifted_reason": "不是"}).status_code == 404
    assert client.get(reverse(ADD)).status_code == 404

    client.force_login(office("far", "黄旁人", roles.CLERK, another()))
    assert client.get(page).status_code == 404
    assert len(client.get(reverse(LIST)).context["cl"].queryset) == 0


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_as_many_queries_whatever_its_length(
    client, clerk, unit, number, django_assert_max_num_queries
):
    for place in range(number):
        last = heir(10 + place)
        Succession.objects.create(
            predecessor=unit.organisation, successor=last, kind="merged", day=AT.date(), recorded_at=AT
        )
    with django_assert_max_num_queries(28):
        assert len(client.get(reverse(LIST)).context["cl"].result_list) == number


# What staff see of removals


def shown(client, model, row):
    return client.get(reverse(f"admin:providers_{model}_change", args=[row.pk])).content.decode()


@pytest.mark.parametrize(("counts", "told"), [(False, "不计"), (True, "计入，不得再申请入库")])
def test_removal_from_another_citys_list_is_shown_and_whether_it_counts(client, clerk, unit, counts, told):
    rule(unit.programme, elsewhere=counts)
    remove(listed(another(), unit.organisation, moment("2026-01-05T10:00")))

    sentence = "于2026年3月10日在〔别的市 · 服务商〕被取消资格（依据4.4，OTHER-2026-0006）"
    page = shown(client, "registration", unit)
    assert f"{sentence}，本项目规则{told}" in page
    assert ("示例智造科技有限公司于2026年3月10日" in page) is counts  # barred, by the row
    assert sentence in shown(client, "organisation", unit.organisation)


def test_own_bar_is_shown_with_the_registration_that_ended(client, clerk, unit):
    rule(unit.programme)
    remove(unit)

    page = shown(client, "registration", unit)
    assert "退出名单（依据第十条，YS-2026-0006），不得再申请入库（第十条）" in page
    assert "本项目规则" not in page


def test_whoever_was_never_removed_has_no_such_record(client, clerk, unit):
    rule(unit.programme)
    second = Organisation.objects.get(credit_code=SECOND.code)

    assert "没有" in shown(client, "organisation", second)
    assert "于2026年3月10日" not in shown(client, "registration", unit)
