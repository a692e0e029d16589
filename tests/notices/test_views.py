"""The public's pages: what was issued, its file, and whether a document is genuine."""

import re
from datetime import UTC
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cities.models import Programme
from notices import acts, codes, document, issuing, templates
from notices.models import Notice, NoticeLink
from notices.wording import Table, Words, of
from tests.conftest import NOW, at
from tests.notices.conftest import SAID, issued
from tests.notices.measuring import Measured

LATER = at("2026-09-18 09:00")


@pytest.fixture
def notice(template: Any, plain_files: Any, stopped_clock: Any) -> Notice:
    issuing.issue(template, SAID, by=None, at=NOW)
    issuing.carry_out(NOW)
    return Notice.objects.get()


def page(client: Any, address: str, **asked: Any) -> str:
    response = client.get(address, asked)
    assert response.status_code == 200
    return response.content.decode()


def verdict(client: Any, **sent: Any) -> str:
    response = client.post("/verify/", sent)
    assert response.status_code == 200
    found = re.search(r'<section class="result.*?</section>', response.content.decode(), re.DOTALL)
    assert found is not None
    return re.sub(r"<[^>]+>", "", found[0])


def pdf(content: bytes, name: str = "notice.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def bytes_of(notice: Notice) -> bytes:
    assert notice.file is not None
    with notice.file.content.open("rb") as file:
        return bytes(file.read())


def test_page_and_file_say_the_same(template, client, stopped_clock):
    facts = {
        "单位": "示例𬭛材料有限公司",
        "伙伴称谓": "合作伙伴",
        "办法": "《办法》",
        "条款": "第十五条",
        "版次": "第2版",
    }
    table = Table(("序号", "单位"), [[str(n), f"示例第{n}单位<b>"] for n in range(1, 31)])
    issuing.issue(template, of(template, facts, table), by=None, at=NOW)
    assert issuing.carry_out(NOW) == 1
    notice = Notice.objects.get()

    shown = page(client, f"/notices/{notice.code}/")
    sheet = re.search(r'<article class="sheet".*?</article>', shown, re.DOTALL)
    words = re.sub(r"<[^>]+>", "", sheet[0]).replace("&lt;", "<").replace("&gt;", ">")
    first, *rest = "".join(Measured(bytes_of(notice)).text.split()).split("序号单位")
    expected = "".join("".join(document.of(notice).parts).split())
    assert "".join(words.split()) == expected
    assert (
        f"{first}序号单位{''.join(rest)}" == expected
    )  # the head of a table stands on each page of the file


def test_list_finds_by_word_number_and_programme(notice, client, programme):
    for asked in ({"q": "试验"}, {"q": "1号"}, {"q": "正文"}, {"programme": programme.slug}, {}):
        assert notice.title in page(client, "/notices/", **asked)
    assert "没有找到" in page(client, "/notices/", q="别的")
    assert notice.title in page(client, f"/notices/of/{programme.slug}/")


def test_list_of_three_asks_as_little_as_of_one(notice, template, client, django_assert_num_queries):
    with django_assert_num_queries(5):
        page(client, "/notices/")
    for _ in range(2):
        issuing.issue(template, SAID, by=None, at=NOW)
    issuing.carry_out(NOW)
    with django_assert_num_queries(5):
        page(client, "/notices/")


def test_wrong_programme_is_said_and_unknown_addresses_are_not_there(notice, client):
    response = client.get("/notices/", {"programme": "nowhere"})
    assert response.status_code == 400
    assert "没有这个项目" in response.content.decode()
    for address in (
        "/notices/of/nowhere/",
        "/notices/ABC/",
        "/notices/ABC/notice.pdf",
        f"/notices/{notice.code}/sealed.pdf",
    ):
        assert client.get(address).status_code == 404


def test_nothing_is_shown_of_what_is_not_issued_yet(template, client, stopped_clock):
    notice = issuing.issue(template, SAID, by=None, at=NOW)

    assert client.get(f"/notices/{notice.code}/").status_code == 404
    assert client.get(f"/notices/{notice.code}/notice.pdf").status_code == 404
    assert SAID.title not in page(client, "/notices/")
    assert "查不到这份文书" in verdict(client, code=notice.code)


def test_file_is_handed_out_as_it_was_made(notice, client):
    response = client.get(f"/notices/{notice.code}/notice.pdf")

    assert b"".join(response.streaming_content) == bytes_of(notice)
    assert response["Content-Disposition"].startswith("attachment")


def test_feed_has_what_was_issued_under_an_id_that_stays(notice, client, programme):
    response = client.get(f"/notices/of/{programme.slug}/feed.xml")

    assert response["Content-Type"].startswith("application/atom+xml")
    text = response.content.decode()
    assert f"<id>urn:uuid:{notice.pk}</id>" in text
    assert f"http://testserver/notices/{notice.code}/" in text


def test_feed_of_all_has_what_every_programme_issued(notice, client, other_clerk):
    other = Programme.objects.select_related("city").get(slug="elsewhere-units")
    Notice.objects.filter(pk=issuing.issue(notice.template, SAID, by=None, at=LATER).pk).update(
        programme=other, title="别处的公告"
    )
    issuing.carry_out(LATER)

    response = client.get("/notices/feed.xml")
    assert response["Content-Type"].startswith("application/atom+xml")
    text = response.content.decode()
    assert text.index("别处的公告") < text.index(notice.title)
    for programme in (notice.programme, other):
        assert f'<category term="{programme}"' in text
    assert "别处的公告" not in client.get(f"/notices/of/{notice.programme.slug}/feed.xml").content.decode()
    assert 'href="/notices/feed.xml"' in page(client, "/notices/")


@pytest.mark.parametrize("spelt", [str, str.lower, codes.shown, lambda code: f" {code} "])
def test_code_verifies_however_it_is_typed(notice, client, spelt):
    told = verdict(client, code=spelt(notice.code))

    assert "是本平台发出的，现在有效" in told
    assert "东数转演〔2026〕1号" in told


def test_address_of_the_qr_code_verifies(notice, client):
    assert "现在有效" in page(client, f"/verify/{notice.code}/")


def test_file_verifies_by_itself_and_nothing_is_kept_of_it(notice, client):
    assert "一字未改" in verdict(client, file=pdf(bytes_of(notice)))
    assert Notice.objects.get().file.pk == notice.file.pk


def test_altered_file_is_no_original(notice, client):
    altered = bytes_of(notice) + b" "

    assert "这个文件不是原件" in verdict(client, file=pdf(altered))
    told = verdict(client, file=pdf(altered), code=notice.code)
    assert "查验码是真的，但这个文件和本平台保存的原件不一样" in told
    assert notice.title in told


def test_file_with_the_code_of_another_is_told(notice, template, client):
    other = issuing.issue(template, SAID, by=None, at=NOW)
    issuing.carry_out(NOW)

    assert "文件和查验码不是同一份文书" in verdict(client, file=pdf(bytes_of(notice)), code=other.code)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, "填查验码，或者选一个 PDF 文件"),
        ({"code": "ABC"}, "现在是 3 位"),
        ({"file": pdf(b"")}, "这是空文件"),
    ],
)
def test_what_cannot_be_verified_is_refused_with_what_to_do(client, db, sent, told):
    response = client.post("/verify/", sent)

    assert response.status_code == 422
    assert told in response.content.decode()


def test_corrected_document_leads_to_its_correction_and_back(notice, programme, client):
    template = templates.in_force(programme, "correction")
    correction = issuing.issue(
        template,
        Words("关于更正的公告", "", "正文。"),
        by=None,
        at=LATER,
        earlier={NoticeLink.Does.CORRECTS: [notice]},
    )

    assert "关于更正的公告" not in page(client, f"/notices/{notice.code}/")  # it is not out yet
    issuing.carry_out(LATER)

    assert f'更正见<a href="/notices/{correction.code}/">' in page(client, f"/notices/{notice.code}/")
    assert f'这份文书更正<a href="/notices/{notice.code}/">' in page(client, f"/notices/{correction.code}/")
    assert "是本平台发出的，已有更正" in verdict(client, code=notice.code)


def test_withdrawn_document_shows_why_and_no_more_what_it_said(notice, client, plain_files):
    acts.withdraw_for(notice, reason="发错了", by=None, at=LATER)
    issuing.carry_out(LATER)

    shown = page(client, f"/notices/{notice.code}/")
    assert "这份文书已经撤回" in shown
    assert "发错了" in shown
    assert "正文。" not in shown
    assert client.get(f"/notices/{notice.code}/notice.pdf").status_code == 404
    assert "没有找到" in page(client, "/notices/", q="正文。")
    assert "已经撤回，不再有效。原因：发错了。" in verdict(client, file=pdf(bytes_of(notice)))


def test_search_finds_who_stands_in_the_table_alone(
    template, client, plain_files, stopped_clock, registration
):
    issuing.issue(template, SAID, by=None, at=NOW, concerns=[registration.organisation])
    issuing.carry_out(NOW)

    assert registration.organisation.name not in SAID.text
    for word in (registration.organisation.name[:6], registration.organisation.credit_code):
        assert SAID.title in page(client, "/notices/", q=word)
    assert "没有找到" in page(client, "/notices/", q="别的单位")


def test_too_many_tries_of_one_network_are_refused(notice, client, monkeypatch):
    monkeypatch.setattr("notices.views.TRIES", 1)
    verdict(client, code=notice.code)

    assert client.post("/verify/", {"code": notice.code}).status_code == 429


def test_programme_of_another_city_has_its_own_list(notice, client, other_clerk):
    other = Programme.objects.get(slug="elsewhere-units")

    assert notice.title not in page(client, f"/notices/of/{other.slug}/")


def test_what_was_served_is_verified_and_shown_to_nobody_else(template, client, plain_files, stopped_clock):
    notice = issuing.issue(template, SAID, by=None, at=NOW, is_public=False)
    issuing.carry_out(NOW)
    notice.refresh_from_db()

    for address in (f"/notices/{notice.code}/", f"/notices/{notice.code}/notice.pdf"):
        assert client.get(address).status_code == 404
    assert SAID.title not in page(client, "/notices/")
    assert SAID.title not in page(client, f"/notices/of/{notice.programme.slug}/feed.xml")
    told = verdict(client, code=notice.code)
    assert "是本平台发出的，现在有效" in told
    assert notice.number in told
    assert SAID.title not in told
    assert "一字未改" in verdict(client, file=pdf(bytes_of(notice)))


def test_who_sees_the_case_has_the_file_of_what_was_served(
    template, approved_case, client, plain_files, clerk, other_clerk, stopped_clock
):
    notice = issuing.issue(template, SAID, by=None, at=NOW, is_public=False, case=approved_case)
    address = f"/cases/{approved_case.pk}/notices/{notice.code}.pdf"
    client.force_login(clerk)
    assert client.get(address).status_code == 404  # it is not out yet
    issuing.carry_out(NOW)

    assert b"".join(client.get(address).streaming_content) == bytes_of(Notice.objects.get())
    shown = client.get(f"/cases/{approved_case.pk}/").content.decode()
    assert address in shown
    assert "只发给有关单位，不公开" in shown
    assert SAID.title in client.get(f"/admin/cases/case/{approved_case.pk}/change/").content.decode()
    client.force_login(other_clerk)
    assert client.get(address).status_code == 404


def test_revoked_document_keeps_its_words_and_stands_no_more(notice, template, client):
    undoing = issuing.issue(
        template,
        Words("关于撤销的公告", "", "正文。"),
        by=None,
        at=LATER,
        earlier={NoticeLink.Does.REVOKES: [notice]},
    )
    assert "现在有效" in verdict(client, code=notice.code)  # it is not out yet
    issuing.carry_out(LATER)

    shown = page(client, f"/notices/{notice.code}/")
    assert "这份文书的决定已经撤销，不再有效。" in shown
    assert SAID.body in shown
    assert f'撤销见<a href="/notices/{undoing.code}/">' in shown
    assert "已撤销" in page(client, "/notices/")
    assert "是本平台发出的，已经撤销" in verdict(client, code=notice.code)
    feed = page(client, f"/notices/of/{notice.programme.slug}/feed.xml")
    assert "已撤销：" in feed
    [entry] = [one for one in feed.split("<entry>") if f"urn:uuid:{notice.pk}" in one]
    assert f"<updated>{LATER.astimezone(UTC).isoformat()}</updated>" in entry
    undoing.refresh_from_db()
    acts.withdraw_for(undoing, reason="撤销错了", by=None, at=LATER)
    assert "是本平台发出的，现在有效" in verdict(client, code=notice.code)
    assert "不再有效" not in page(client, f"/notices/{notice.code}/")


def test_what_only_follows_leaves_the_earlier_one_standing(notice, template, client):
    issuing.issue(template, SAID, by=None, at=LATER, earlier={NoticeLink.Does.FOLLOWS: [notice]})
    issuing.carry_out(LATER)

    assert "是本平台发出的，现在有效" in verdict(client, code=notice.code)


@pytest.mark.parametrize("does", ["revokes", "corrects", "withdraws"])
def test_what_ends_a_later_document_leaves_those_it_followed_standing(notice, programme, client, does):
    """An order, the removal that rested on it, and what undid the removal alone."""
    removal, undoing = issued(programme), issued(programme)
    NoticeLink.objects.create(notice=removal, earlier=notice, does="follows")
    NoticeLink.objects.create(notice=undoing, earlier=removal, does=does)

    assert "是本平台发出的，现在有效" in verdict(client, code=notice.code)
    shown = page(client, f"/notices/{notice.code}/")
    assert f'接续见<a href="/notices/{removal.code}/">' in shown
    assert undoing.code not in shown
    assert "不再有效" not in shown
    assert ("已撤销" in shown) is (does == "revokes")  # beside the removal
    assert f'<a href="/notices/{undoing.code}/">' in page(client, f"/notices/{removal.code}/")
