"""The office's pages: a wording is drafted by one and put in force by another; who signs withdraws and keeps the sealed copy."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import roles
from cases.sweep import sweep
from notices import acts, issuing
from notices.models import Notice, NoticeLink, NoticeTemplate
from publicity import steps as publicity_steps
from tests.conftest import NOW, PDF, at, office
from tests.notices.conftest import PUBLISHED, SAID

LATER = at("2026-09-18 09:00")
TEMPLATES = "/admin/notices/noticetemplate/"


@pytest.fixture
def editor(programme: Any) -> Any:
    return office("editor", "方编辑", roles.RULEBOOK_EDITOR, programme)


@pytest.fixture
def notice(template: Any, plain_files: Any, stopped_clock: Any) -> Notice:
    issuing.issue(template, SAID, by=None, at=NOW)
    issuing.carry_out(NOW)
    return Notice.objects.get()


def said(client: Any, address: str, **sent: Any) -> str:
    response = client.post(address, sent, follow=True)
    return response.content.decode()


def facts(**other: Any) -> dict[str, Any]:
    return {
        "issuers": '["office"]',
        "letterhead": "on",
        "signing": "plain",
        "title": "关于{单位}的公告",
        "addressees": "",
        "body": "根据{办法}，予以公布。",
        "attachment": "",
        **other,
    }


@pytest.fixture
def draft(template: Any, editor: Any, programme: Any, client: Any, stopped_clock: Any) -> NoticeTemplate:
    client.force_login(editor)
    said(client, f"{TEMPLATES}add/", programme=programme.pk, kind="change")
    return NoticeTemplate.objects.get(standing="draft")


def test_draft_begins_as_the_wording_in_force(draft, template):
    assert (draft.version, draft.body, draft.issuers) == (2, template.body, ["office"])


def test_draft_is_saved_and_put_in_force_by_another(draft, template, client, decider):
    said(client, f"{TEMPLATES}{draft.pk}/change/", **facts())
    assert "由另一名有权的人启用" in said(client, f"{TEMPLATES}{draft.pk}/put-in-force/")
    client.force_login(decider)
    said(client, f"{TEMPLATES}{draft.pk}/put-in-force/")

    draft.refresh_from_db()
    template.refresh_from_db()
    assert (draft.standing, draft.title, draft.signing) == ("in_force", "关于{单位}的公告", "plain")
    assert template.standing == "superseded"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"body": "根据{办 法}。"}, "没有字段“办 法”，可用的有：城市"),
        ({"body": " "}, "正文"),
        ({"issuers": '["nobody"]'}, "没有代码为“nobody”的发文机关"),
        ({"issuers": "[]"}, "发文机关"),
    ],
)
def test_wrong_wording_is_refused_and_what_was_typed_stays(draft, client, wrong, told):
    response = client.post(f"{TEMPLATES}{draft.pk}/change/", facts(title="新的标题", **wrong))

    assert response.status_code == 422
    assert told in response.content.decode()
    assert "新的标题" in response.content.decode()
    assert NoticeTemplate.objects.get(pk=draft.pk).title != "新的标题"


def test_draft_is_previewed_on_what_was_last_published(draft, client, approved_case, clerk, plain_files):
    assert "还没有可以拿来写的内容" in client.get(f"{TEMPLATES}{draft.pk}/change/").content.decode()
    publicity_steps.open_period(approved_case, by=clerk, at=at("2026-09-28 10:00"))
    sweep(PUBLISHED)

    shown = client.get(f"{TEMPLATES}{draft.pk}/change/").content.decode()
    assert "变更后的名单为数字化牵引单位名单第2版" in shown
    assert "样板工艺软件有限公司" in shown


def test_wording_in_force_is_read_only(template, editor, client):
    client.force_login(editor)

    assert "保存草稿" not in client.get(f"{TEMPLATES}{template.pk}/change/").content.decode()
    assert client.post(f"{TEMPLATES}{template.pk}/change/", facts()).status_code == 422
    assert NoticeTemplate.objects.get(pk=template.pk).body == template.body


def test_who_signs_withdraws_with_a_reason(notice, signer, client):
    client.force_login(signer)
    address = f"/admin/notices/notice/{notice.pk}/withdraw/"
    assert "写明撤回的原因" in said(client, address, reason=" ")
    assert "文书已撤回" in said(client, address, reason="发错了")

    notice.refresh_from_db()
    assert (notice.state, notice.withdrawn_reason) == ("withdrawn", "发错了")
    assert notice.followed_by.get().notice.number == "东数转演〔2026〕2号"


def test_scan_of_the_sealed_copy_is_kept_and_verifies(notice, signer, client):
    client.force_login(signer)
    scan = {"scan": SimpleUploadedFile("盖章.pdf", PDF, "application/pdf")}
    assert "盖章扫描件已登记" in said(client, f"/admin/notices/notice/{notice.pk}/sealed/", **scan)

    again = SimpleUploadedFile("盖章.pdf", PDF, "application/pdf")
    assert "登记过的盖章扫描件，一字未改" in client.post("/verify/", {"file": again}).content.decode()
    response = client.get(f"/notices/{notice.code}/sealed.pdf")
    assert b"".join(response.streaming_content) == PDF


def test_what_is_no_pdf_is_refused(notice, signer, client):
    client.force_login(signer)
    scan = {"scan": SimpleUploadedFile("盖章.pdf", b"GIF89a", "application/pdf")}

    assert "的内容是 GIF 图片" in said(client, f"/admin/notices/notice/{notice.pk}/sealed/", **scan)
    assert Notice.objects.get().sealed is None


def test_clerk_reads_and_does_not_withdraw(notice, clerk, client):
    client.force_login(clerk)

    assert "撤回这份文书" not in client.get(f"/admin/notices/notice/{notice.pk}/change/").content.decode()
    assert client.post(f"/admin/notices/notice/{notice.pk}/withdraw/", {"reason": "错"}).status_code == 404


def test_office_sees_why_a_document_waits(template, clerk, client, stopped_clock):
    notice = issuing.issue(template, SAID, by=None, at=NOW)
    issuing._try_again(issuing._claim(notice.pk, NOW), "字体里没有“某”", NOW)
    client.force_login(clerk)

    shown = client.get(f"/admin/notices/notice/{notice.pk}/change/").content.decode()
    assert "还没有成文：字体里没有“某”。已试 1 次，2026年9月17日 10:33 再试" in shown


def test_list_tells_how_far_the_making_has_come(template, clerk, client, plain_files, stopped_clock):
    client.force_login(clerk)
    for _ in range(3):
        issuing.issue(template, SAID, by=None, at=NOW)
    first = Notice.objects.get(ordinal=1)
    issuing._make(issuing._claim(first.pk, NOW), NOW)

    assert "3 份里已发布 1 份" in client.get("/admin/notices/notice/").content.decode()
    issuing._try_again(issuing._claim(Notice.objects.get(ordinal=2).pk, NOW), "缺字", NOW)
    assert "有 1 份暂时成不了文" in client.get("/admin/notices/notice/").content.decode()
    issuing.carry_out(NOW + issuing.CLAIMED_FOR)
    assert "正在成文" not in client.get("/admin/notices/notice/").content.decode().split("result_list")[0]


LIST = "/admin/notices/notice/"


def rows(client: Any, page: str) -> str:
    response = client.get(page)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_office_has_the_file_from_the_list_the_page_and_the_case_and_nobody_else_has(
    template, approved_case, clerk, other_clerk, signer, client, plain_files, stopped_clock
):
    notice = issuing.issue(template, SAID, by=None, at=NOW, is_public=False, case=approved_case)
    waiting = issuing.issue(template, SAID, by=None, at=LATER, case=approved_case)
    issuing.carry_out(NOW)
    file = f"{LIST}{notice.pk}/file/"
    client.force_login(clerk)
    for page in (LIST, f"{LIST}{notice.pk}/change/", f"/admin/cases/case/{approved_case.pk}/change/"):
        shown = client.get(page).content.decode()
        assert f'<a href="{file}">PDF' in shown
        assert f"{waiting.pk}/file/" not in shown
    assert b"".join(client.get(file).streaming_content).startswith(b"%PDF")
    assert client.get(f"{LIST}{waiting.pk}/file/").status_code == 404  # it is not out yet
    client.force_login(other_clerk)
    assert client.get(file).status_code == 404
    acts.withdraw(notice, reason="发错了", by=signer, at=NOW)
    client.force_login(clerk)
    assert client.get(file).status_code == 404
    assert file not in client.get(LIST).content.decode()


@pytest.fixture
def ended(template: Any, approved_case: Any, plain_files: Any, stopped_clock: Any) -> list[Notice]:
    """One that stands, then what was revoked, corrected and withdrawn."""
    found = [issuing.issue(template, SAID, by=None, at=NOW, case=approved_case) for _ in range(4)]
    for notice, does in zip(found[1:3], ("revokes", "corrects"), strict=True):
        issuing.issue(template, SAID, by=None, at=NOW, earlier={NoticeLink.Does(does): [notice]})
    issuing.carry_out(NOW)
    issuing.withdraw(found[3], reason="发错了", by=None, at=NOW)
    return found


def test_lists_mark_what_stands_no_more(ended, approved_case, clerk, provider, client):
    office, unit = f"/admin/cases/case/{approved_case.pk}/change/", f"/cases/{approved_case.pk}/"
    client.force_login(clerk)
    for page in (LIST, office):
        shown = rows(client, page)
        for mark in ("已撤销", "已有更正", "已撤回"):
            assert mark in shown, page
    client.force_login(provider)
    shown = rows(client, unit)
    assert "已撤销" in shown
    assert "已有更正" in shown


def test_marks_take_no_query_for_each_row(
    ended, template, approved_case, clerk, client, django_assert_num_queries
):
    client.force_login(clerk)
    case = f"/admin/cases/case/{approved_case.pk}/change/"
    counted = {}
    for page in (LIST, case):
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        counted[page] = len(asked)
    for _ in range(3):
        issuing.issue(template, SAID, by=None, at=NOW, case=approved_case)
    issuing.carry_out(NOW)
    for page, count in counted.items():
        with django_assert_num_queries(count):
            client.get(page)


def test_page_of_what_is_not_public_says_who_signs_it_and_what_becomes_of_it(
    template, approved_case, clerk, client, plain_files, stopped_clock
):
    words = replace(SAID, addressees="示例智造科技有限公司")
    served = issuing.issue(template, words, by=None, at=NOW, is_public=False, case=approved_case)
    public = issuing.issue(template, SAID, by=None, at=NOW, case=approved_case)
    issuing.carry_out(NOW)
    client.force_login(clerk)
    shown = rows(client, f"{LIST}{served.pk}/change/")
    signed = "由东莞市中小企业数字化转型城市试点工作专班落款，只发给示例智造科技有限公司，不公开发布"
    assert signed in shown
    assert f"{approved_case} 的页面查看和下载" in shown
    assert "什么时候都可以撤回，没有期限" in shown
    assert "已发出：关于试验的公告" in shown
    assert "已发布" not in shown
    assert "不公开发布" not in rows(client, f"{LIST}{public.pk}/change/")
