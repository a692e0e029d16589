"""The whole list as a document: who signs issues the edition that stands, once."""

from typing import Any

import pytest

from accounts.models import User
from cases.errors import Refused
from notices import acts, issuing, lists, occasions, templates
from notices.models import Notice, NoticeTemplate
from providers.models import ListEdition, Organisation, OrganisationProfile
from tests.conftest import at

pytestmark = pytest.mark.django_db

LATER = at("2026-09-18 09:00")


@pytest.fixture
def listed(wordings: Any, edition: ListEdition, signer: User, plain_files: Any) -> ListEdition:
    return edition


def test_every_unit_stands_in_its_table(listed: ListEdition, signer: User, client: Any) -> None:
    programme = listed.programme
    notice = lists.issue(programme, by=signer, at=LATER)
    issuing.carry_out(LATER)

    units = Organisation.objects.filter(registrations__programme=programme).order_by("registrations")
    [table] = notice.attachments
    assert table["heads"] == ["序号", programme.registrant_term, "统一社会信用代码", "行业"]
    assert [row[1:3] for row in table["rows"]] == [[one.name, one.credit_code] for one in units]
    assert all(row[3] for row in table["rows"])
    assert f"第{listed.number}版" in notice.body
    assert f"共{len(units)}家" in notice.body
    assert set(notice.concerns.all()) == set(units)
    shown = client.get(f"/notices/{notice.code}/").content.decode()
    assert units[0].name in shown


def test_an_edition_is_issued_once_unless_it_was_withdrawn(listed: ListEdition, signer: User) -> None:
    first = lists.issue(listed.programme, by=signer, at=LATER)
    with pytest.raises(Refused, match="已经发过"):
        lists.issue(listed.programme, by=signer, at=LATER)
    acts.withdraw(first, reason="发错了", by=signer, at=LATER)

    assert lists.issue(listed.programme, by=signer, at=LATER).number != first.number


def test_only_who_signs_and_only_with_a_wording(listed: ListEdition, signer: User, clerk: Any) -> None:
    with pytest.raises(Refused, match="没有这个角色"):
        lists.issue(listed.programme, by=clerk, at=LATER)
    NoticeTemplate.objects.filter(kind="list").update(standing="draft")
    with pytest.raises(Refused, match="还没有“名单公告”的文书样式"):
        lists.issue(listed.programme, by=signer, at=LATER)


def test_character_that_no_font_has_is_told_before_a_number_is_taken(
    listed: ListEdition, signer: User
) -> None:
    OrganisationProfile.objects.update(name="示例\U000323af公司")
    with pytest.raises(Refused, match="\U000323af"):
        lists.issue(listed.programme, by=signer, at=LATER)
    assert not Notice.objects.exists()


def test_pages_of_who_signs(listed: ListEdition, signer: User, client: Any, stopped_clock: Any) -> None:
    stopped_clock(LATER)
    client.force_login(signer)
    assert "/admin/notices/notice/list/" in client.get("/admin/notices/notice/").content.decode()
    assert f"发{listed}名单公告" in client.get("/admin/notices/notice/list/").content.decode()
    shown = client.post("/admin/notices/notice/list/", {"programme": listed.programme.slug}, follow=True)
    assert "正在成文" in shown.content.decode()
    again = client.post("/admin/notices/notice/list/", {"programme": listed.programme.slug})
    assert (again.status_code, "已经发过" in again.content.decode()) == (422, True)
    template = templates.in_force(listed.programme, "list")
    assert template is not None
    previewed = occasions.preview(template, LATER)
    assert previewed is not None
    assert previewed.attachments == Notice.objects.get().attachments
