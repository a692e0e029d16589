"""Who could see a case and act on it at a past moment; and the page that says so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import grants, people, roles
from accounts.models import Grant
from cases import standing
from cases.people import why_not
from cases.steps import decide, verify_seal
from records import words
from records.models import Event
from tests.conftest import NOW, office

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
PAGE = "/admin/standing/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(stopped_clock):
    """History is dated by it."""


def reaches(case, at):
    """Who could see it, who could act, and who could not for four eyes alone."""
    rows = standing.of_case(Grant.objects.all(), case, at)
    return tuple(
        {row.held.grant.user.username for row in rows if getattr(row, name)}
        for name in ("could_see", "could_act", "barred")
    )


@pytest.fixture
def reviewed(submitted_case, clerk, stopped_clock):
    """The clerk's opinion, an hour after submission."""
    stopped_clock(NOW + HOUR)
    for material in submitted_case.materials.filter(replaced_at=None):
        verify_seal(material, by=clerk, at=NOW + HOUR)
    return decide(submitted_case, "support", by=clerk, at=NOW + HOUR, opinion="材料齐全")


def test_at_each_desk_another_could_act(reviewed, clerk, decider, auditor, provider, stranger, other_clerk):
    everybody = {"clerk", "decider", "auditor", "provider"}

    assert reaches(reviewed, NOW + HOUR - SECOND) == (everybody, {"clerk"}, set())
    assert reaches(reviewed, NOW + HOUR) == (everybody, {"decider"}, set())


def test_a_draft_was_its_unit_s_alone(submitted_case, apply, clerk, provider, registration, stopped_clock):
    assert standing.of_case(Grant.objects.all(), submitted_case, NOW - SECOND) == []

    stopped_clock(NOW + DAY)
    draft = apply(registration, provider, moment=NOW + DAY)
    assert reaches(draft, NOW + DAY) == ({"provider"}, {"provider"}, set())


def test_another_account_of_who_gave_the_opinion_is_barred_only_from_when_it_was_known(
    reviewed, clerk, decider, auditor, client
):
    people.declare_one(clerk, decider, at=NOW + 3 * HOUR, by=auditor, reason="本人说明")

    assert reaches(reviewed, NOW + 2 * HOUR)[1:] == ({"decider"}, set())
    assert reaches(reviewed, NOW + 3 * HOUR)[1:] == (set(), {"decider"})


def test_the_page_says_how_two_accounts_were_known_to_be_one_person_s(
    reviewed, clerk, decider, auditor, client, stopped_clock
):
    people.declare_one(clerk, decider, at=NOW + 2 * HOUR, by=auditor, reason="本人说明")
    stopped_clock(NOW + 3 * HOUR)
    client.force_login(auditor)

    def page(asked, at):
        local = timezone.localtime(at)
        return client.get(
            PAGE, {"q": asked, "day": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M:%S}"}
        ).content.decode()

    said = f"{words.second(NOW + 2 * HOUR)}由 {auditor.display_name} 登记"
    assert f"与 clerk 是同一人（{said}）" in page("clerk", NOW + 2 * HOUR)
    assert "是同一人" not in page("clerk", NOW + 2 * HOUR - SECOND)
    assert f"前面的意见是本人用另一个账号出的（{said}）" in page(reviewed.number, NOW + 2 * HOUR)


def test_who_gave_the_opinion_before_could_not_decide(reviewed, clerk, programme, decider):
    grants.grant(clerk, roles.DECIDER, programme, at=NOW, by=None, reason="测试")

    assert reaches(reviewed, NOW + 2 * HOUR)[1:] == ({"decider"}, {"clerk"})


def test_by_another_account_neither_then_nor_now(reviewed, clerk, decider, programme):
    second = office("second", "林经办", roles.DECIDER, programme)
    second.email = clerk.email
    second.save()

    assert reaches(reviewed, NOW + 2 * HOUR)[1:] == ({"decider"}, {"second"})
    assert "前面的意见是您的另一个账号 clerk（邮箱相同）出的" in why_not(second, reviewed)
    assert "可以办理的：何审定。" in why_not(second, reviewed)
    assert why_not(decider, reviewed) == ""


def test_who_filed_it_as_a_unit_does_not_decide_by_an_account_of_the_office(reviewed, provider, programme):
    second = office("second", "陈办事", roles.DECIDER, programme)
    second.email = provider.email
    second.save()

    assert "您的另一个账号 provider（邮箱相同）" in why_not(second, reviewed)


def test_page_answers_for_a_case_an_organisation_and_a_person(client, reviewed, auditor, clerk, provider):
    client.force_login(auditor)
    day = {"day": "2026-09-17", "time": "12:00:00"}

    of_case = client.get(PAGE, {"q": reviewed.number, **day})
    assert (of_case.status_code, of_case.context["answer"].about) == (200, f"事项 {reviewed.number}")
    of_unit = client.get(PAGE, {"q": reviewed.organisation.credit_code.lower(), **day}).context["answer"]
    assert [row.held.grant.user for row in of_unit.rows] == [provider]
    of_person = client.get(PAGE, {"q": "林经办", **day})
    assert "经办人" in of_person.content.decode()
    assert [row.held.grant.user for row in of_person.context["answer"].rows] == [clerk]
    before = client.get(PAGE, {"q": "clerk", "day": "2023-12-31"}).context["answer"]
    assert before.rows == []
    asked = Event.objects.filter(verb="standing_asked", actor=auditor).order_by("pk")
    assert len(asked) == 4
    # Sealed for good: an account is named by its number, not by what its owner logs in with.
    assert [f"{clerk.pk} 号账号" in one.summary for one in asked] == [False, False, True, True]
    assert not any(clerk.username in one.summary for one in asked)


def test_page_is_for_who_grants_and_who_audits(client, reviewed, clerk, decider, provider, other_clerk):
    keeper = office("keeper", "守授权", roles.ACCESS_ADMINISTRATOR, reviewed.programme.city)
    elsewhere = office(
        "elsewhere", "别处授权", roles.ACCESS_ADMINISTRATOR, other_clerk.grants.get().programme.city
    )
    asked = {"q": reviewed.number, "day": "2026-09-17"}

    client.force_login(keeper)
    assert client.get(PAGE, asked).status_code == 200
    for user in (clerk, decider, provider, other_clerk):
        client.force_login(user)
        assert client.get(PAGE, asked).status_code == 404
    client.force_login(elsewhere)
    answers = [client.get(PAGE, asked | {"q": one}) for one in (reviewed.number, "clerk", "made-up")]
    assert {one.status_code for one in answers} == {422}
    assert all("不在您的授权范围内" in one.content.decode() for one in answers)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"q": ""}, "写明问的是谁"),
        ({"day": "17.9."}, "日期写成"),
        ({"day": "2026-09-19"}, "只答过去和今天"),
        ({"day": "1999-12-31"}, "只答过去和今天"),
        ({"time": "25:00"}, "时间写成"),
    ],
)
def test_page_says_what_to_mend_and_keeps_what_was_typed(change, message, client, auditor):
    client.force_login(auditor)

    response = client.get(PAGE, {"q": "clerk", "day": "2026-09-17", "time": ""} | change)

    assert response.status_code == 422
    assert message in response.content.decode()
    assert response.context["form"].data["day"] == change.get("day", "2026-09-17")


def test_the_answer_for_a_case_asks_as_often_for_one_as_for_many(
    reviewed, programme, django_assert_max_num_queries
):
    for number in range(4):
        office(f"more{number}", f"演示{number}", roles.CLERK, programme)
    with django_assert_max_num_queries(13):
        standing.of_case(Grant.objects.all(), reviewed, NOW + 2 * HOUR)
