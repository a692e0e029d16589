"""A document that was withdrawn for what it said is issued again; until then an announcement that a text asks for is owed."""

from typing import Any

import pytest

from accounts.models import User
from cases import steps as case_steps
from cases import sweep
from cases.desk import waiting
from cases.errors import Refused
from notices import acts, again, issuing
from notices.models import Notice
from tests.clearance.conftest import filed
from tests.conftest import NOW, at

pytestmark = pytest.mark.django_db

LATER = at("2026-09-18 09:00")


@pytest.fixture
def withdrawn(
    wordings: Any, registration: Any, clerk: Any, decider: Any, edition: Any, signer: User, plain_files: Any
) -> Notice:
    """The announcement of a removal, which the text asks for."""
    case = filed(registration, clerk, "ground_fraud")
    case_steps.decide(case, "clear", by=decider, at=NOW, opinion="材料系伪造")
    sweep.sweep(NOW)
    notice = Notice.objects.get(case=case, kind="clearance")
    acts.withdraw(notice, reason="日期写错了", by=signer, at=LATER)
    notice.refresh_from_db()
    return notice


def lines(notice: Notice) -> list[str]:
    return [one.words for one in waiting([notice.programme_id], LATER.date()) if "重新发" in one.words]


def test_what_a_text_wants_announced_is_owed_until_it_is_issued_again(
    withdrawn: Notice, signer: User
) -> None:
    assert lines(withdrawn) == ["1 份应当公告的公文撤回以后还没有重新发"]
    said = {**again.says(withdrawn), "事实": "材料系伪造，经鉴定属实"}

    anew = again.issue(withdrawn, said, by=signer, at=LATER)
    issuing.carry_out(LATER)

    anew.refresh_from_db()
    assert (anew.state, anew.is_public, anew.case) == ("issued", True, withdrawn.case)
    assert "材料系伪造，经鉴定属实" in anew.body
    assert anew.number != withdrawn.number
    assert [one.does for one in withdrawn.followed_by.filter(notice=anew)] == ["corrects"]
    assert list(anew.concerns.all()) == list(withdrawn.concerns.all())
    assert lines(withdrawn) == []
    with pytest.raises(Refused, match="已经重新发为"):
        again.issue(withdrawn, said, by=signer, at=LATER)


def test_what_was_left_to_the_office_is_not_owed(withdrawn: Notice) -> None:
    assert withdrawn.case is not None
    type(withdrawn.case.procedure).objects.update(announcement="choice")

    assert lines(withdrawn) == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({"情形条款": " "}, "写明情形条款"), ({"事实": "见 11010519491231002X 的材料"}, "身份证号")],
)
def test_what_it_must_say_and_must_not_is_refused(
    withdrawn: Notice, signer: User, wrong: dict[str, str], told: str
) -> None:
    with pytest.raises(Refused) as refused:
        again.issue(withdrawn, {**again.says(withdrawn), **wrong}, by=signer, at=LATER)
    assert told in "；".join(one.message for one in refused.value.problems)


def test_one_that_stands_is_withdrawn_first(withdrawn: Notice, clerk: Any, signer: User) -> None:
    Notice.objects.filter(pk=withdrawn.pk).update(state="issued")
    with pytest.raises(Refused, match="先撤回"):
        again.issue(withdrawn, {}, by=signer, at=LATER)
    with pytest.raises(Refused, match="没有这个角色"):
        again.issue(withdrawn, {}, by=clerk, at=LATER)


def test_who_signs_puts_it_right_on_a_page(
    withdrawn: Notice, signer: User, client: Any, stopped_clock: Any
) -> None:
    stopped_clock(LATER)
    client.force_login(signer)
    address = f"/admin/notices/notice/{withdrawn.pk}/again/"
    assert address in client.get(f"/admin/notices/notice/{withdrawn.pk}/change/").content.decode()
    typed = {**again.says(withdrawn), "事实": "重新写明的事实"}

    refused = client.post(address, {**typed, "情形条款": ""})
    assert refused.status_code == 422
    assert "重新写明的事实" in refused.content.decode()
    shown = client.post(address, typed, follow=True).content.decode()
    assert "重新写明的事实" in shown
    assert "已重新发" in shown
    assert client.get(address, follow=True).redirect_chain
