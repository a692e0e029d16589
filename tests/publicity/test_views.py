import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases import engine
from cases import steps as case_steps
from cases.models import Case
from cases.sweep import sweep
from publicity import steps, views
from publicity.models import Objection
from records.models import StoredFile
from tests.conftest import NOW, PDF, add, at, review
from tests.publicity.conftest import CONTACT, OBJECTOR, settle, typed, what

pytestmark = pytest.mark.django_db

DURING = at("2026-09-30 09:00")
LAST_SECOND = at("2026-10-03 23:59:59")
OVER = at("2026-10-04 00:00:00")


@pytest.fixture
def page(client, stopped_clock, period):
    """The period's page, or another, as anybody reads it at a moment."""

    def read(moment, url=""):
        stopped_clock(moment)
        return client.get(url or reverse("period", args=[period.pk]))

    return read


@pytest.fixture
def send(client, stopped_clock, period):
    def post(data, moment=DURING):
        stopped_clock(moment)
        return client.post(reverse("object", args=[period.pk]), data)

    return post


def text(response: Any) -> str:
    """What the main part of a page says."""
    body = re.findall(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body))


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("证据.pdf", PDF, "application/pdf")


# The board


def test_board_without_any_publicity_says_so(client, programme, stopped_clock):
    response = client.get(reverse("board"))
    assert response.status_code == 200
    assert "现在没有公示" in text(response)
    assert "还没有过公示" in text(response)


def test_board_is_right_while_no_sweep_ever_runs(page, period):
    board = reverse("board")
    assert "正在公示 1 批，10月3日 24:00 截止" in text(page(DURING, board))
    assert "正在公示 1 批，今天 24:00 截止" in text(page(LAST_SECOND, board))
    after = text(page(OVER, board))
    assert "现在没有公示，1 批已结束、待发布" in after
    assert "公示已结束，待发布" in after


def test_board_tells_an_objection_without_telling_by_whom(page, item):
    steps.lodge(item, at=LAST_SECOND, **what())
    board = reverse("board")
    assert "1 条异议正在核实" in text(page(LAST_SECOND, board))
    after = page(OVER, board)
    assert "有异议，正在核实" in text(after)
    assert OBJECTOR not in after.content.decode()


def test_board_links_what_was_published_to_its_edition(page, item):
    sweep(OVER)
    case = Case.objects.get(pk=item.case_id)
    response = page(OVER, reverse("board"))
    assert "已发布 第 2 版名单" in text(response)
    assert reverse("edition", args=[case.programme.slug, 2]) in response.content.decode()


def test_board_says_upheld(page, item, clerk):
    objection = steps.lodge(item, at=LAST_SECOND, **what())
    settle(objection, upheld=True, conclusion="查实", by=clerk, at=LAST_SECOND)
    said = text(page(LAST_SECOND, reverse("board")))
    assert "现在没有公示" in said
    assert "异议成立，退回审核" in said


def test_board_shows_the_reason_of_what_was_taken_down_and_not_whom_it_was_about(page, item, period, clerk):
    steps.take_down(period, by=clerk, at=DURING, reason="附件有误")
    said = text(page(DURING, reverse("board")))
    assert "原因：附件有误" in said
    assert str(item.case.organisation) not in said


def test_board_tells_an_earlier_publicity_from_the_one_that_was_published(page, item, clerk):
    steps.take_down(item.period, by=clerk, at=DURING, reason="附件有误")
    steps.open_period(item.case, by=clerk, at=DURING)
    sweep(at("2026-10-09 09:00"))
    said = text(page(at("2026-10-09 09:00"), reverse("board")))
    assert (said.count("已撤下"), said.count("已发布")) == (1, 1)


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("", 200, "正在公示 1 批"),
        ("city=dongguan", 200, "正在公示 1 批"),
        ("city=elsewhere", 200, "现在没有公示"),
        ("programme=elsewhere-units", 200, "现在没有公示"),
        ("city=nowhere", 400, "没有“nowhere”，从列表中选一个"),
        ("city=dongguan&programme=elsewhere-units", 400, "不属于所选的城市"),
        ("page=2", 404, "没有第“2”页，一共 1 页"),
        ("page=x", 404, "没有第“x”页，一共 1 页"),
    ],
)
def test_board_filtered_and_paged(page, other_clerk, query, status, said):
    response = page(DURING, f"{reverse('board')}?{query}")
    assert response.status_code == status
    assert said in text(response)


@pytest.fixture
def three_periods(apply, registration, second, third, provider, clerk, decider):
    def more():
        for number, unit in enumerate((second, third), start=1):
            moment = NOW + timedelta(minutes=number)
            case = case_steps.submit(
                apply(unit, provider, [add("other", unit)], moment=moment), by=provider, at=moment
            )
            review(case, clerk, decider, moment)
            steps.open_period(engine.load(case.pk), by=clerk, at=at(f"2026-09-2{number + 7} 11:00"))

    return more


def test_board_takes_as_many_queries_for_three_rows_as_for_one(
    client, stopped_clock, item, three_periods, django_assert_num_queries
):
    stopped_clock(DURING)
    with django_assert_num_queries(7):
        assert "正在公示 1 批" in text(client.get(reverse("board")))
    three_periods()
    with django_assert_num_queries(7):
        response = client.get(reverse("board"))
    assert "正在公示 3 批，最近一批 10月3日" in text(response)
    ends = re.findall(r'class="left"><b>(\d+) 天', response.content.decode())
    assert ends == ["3", "3", "4"]


def test_board_on_its_second_page_goes_on_where_the_first_stopped(
    client, stopped_clock, item, three_periods, monkeypatch
):
    stopped_clock(DURING)
    three_periods()
    board = reverse("board")
    whole = re.findall(r"/publicity/[0-9a-f-]{36}/", client.get(board).content.decode())

    monkeypatch.setattr(views, "PER_PAGE", 2)
    pages = [client.get(f"{board}?page={number}").content.decode() for number in (1, 2)]

    assert [re.findall(r"/publicity/[0-9a-f-]{36}/", page) for page in pages] == [whole[:2], whole[2:]]
    assert len(set(whole)) == 3


def test_board_goes_on_from_what_is_open_to_what_is_over(
    client, stopped_clock, item, three_periods, monkeypatch
):
    three_periods()
    sweep(item.period.closes_at)
    stopped_clock(item.period.closes_at)
    board = reverse("board")
    whole = re.findall(r"/publicity/[0-9a-f-]{36}/", client.get(board).content.decode())

    monkeypatch.setattr(views, "PER_PAGE", 2)
    pages = [client.get(f"{board}?page={number}") for number in (1, 2)]

    shown = [re.findall(r"/publicity/[0-9a-f-]{36}/", page.content.decode()) for page in pages]
    assert shown == [whole[:2], whole[2:]]
    assert "正在公示 1 批" in text(pages[1])
    assert [len(pages[0].context[phase]) for phase in ("open", "over")] == [1, 1]


# A period


def test_period_says_both_dates_and_why_it_ends_then(page):
    said = text(page(DURING))
    assert "公示时间：2026年9月29日至2026年10月3日 24:00，共 5 天。" in said
    assert "为什么是 10月3日" in said
    assert "从发布次日起算，发布当日不计。" in said
    assert "最后一天是休息日怎么办？ 照常届满，不顺延；条文没有写顺延。" in said
    assert "第 2 天" in said
    assert "样板工艺软件有限公司" in said


def test_period_shows_what_the_office_has_not_set_as_a_gap(page, programme):
    assert page(DURING).content.decode().count('<span class="unset">未设置</span>') >= 4
    programme.objection_phone = "0000-0000000"
    programme.save()
    assert "电话0000-0000000" in text(page(DURING)).replace(" ", "")


@pytest.mark.parametrize(("moment", "is_offered"), [(LAST_SECOND, True), (OVER, False)])
def test_period_offers_the_form_until_the_last_day_is_over(page, moment, is_offered):
    assert ("提交异议" in text(page(moment))) is is_offered


def test_period_that_was_published_names_the_edition(page, item):
    sweep(OVER)
    assert "已发布 第 2 版名单" in text(page(OVER))


def test_period_taken_down_shows_the_reason_and_nothing_of_the_list(page, item, period, clerk):
    steps.take_down(period, by=clerk, at=DURING, reason="附件有误，重新公示")
    response = page(DURING)
    assert "原因：附件有误，重新公示" in text(response)
    hidden = ("样板工艺软件有限公司", str(item.case.organisation), item.case.number)
    assert [word for word in hidden if word in response.content.decode()] == []


def test_period_with_an_objection_says_so_and_names_nobody(page, item):
    steps.lodge(item, at=DURING, **what())
    response = page(DURING)
    assert "本件有 1 条异议，正在核实。" in text(response)
    assert [word for word in (OBJECTOR, CONTACT, "停止经营") if word in response.content.decode()] == []


def test_period_that_does_not_exist_is_not_found(client, programme):
    assert client.get("/publicity/00000000-0000-0000-0000-000000000000/").status_code == 404


# Objecting


def test_objection_is_answered_with_a_receipt_that_names_nobody(client, send, item):
    response = send(typed(item))
    objection = Objection.objects.get()
    receipt = client.get(response.url)
    assert (objection.name, objection.channel, objection.entered_by) == (OBJECTOR, "online", None)
    assert objection.receipt in text(receipt)
    assert "2026年9月30日 09:00:00" in text(receipt)
    assert [word for word in (OBJECTOR, CONTACT) if word in receipt.content.decode()] == []


def test_receipt_follows_the_objection_to_its_conclusion(client, send, item, clerk):
    url = send(typed(item)).url
    settle(Objection.objects.get(), upheld=False, conclusion="仍在正常经营", by=clerk, at=DURING)
    assert "仍在正常经营" in text(client.get(url))


def test_receipt_under_an_address_nobody_was_given_is_not_found(client, send, item):
    url = send(typed(item)).url
    assert client.get(f"{url[:-2]}x/").status_code == 404
    assert client.get("/publicity/receipt/1/").status_code == 404


@pytest.mark.parametrize(("moment", "status"), [(LAST_SECOND, 302), (OVER, 422)])
def test_objection_in_the_last_second_and_just_after(send, item, moment, status):
    response = send(typed(item), moment)
    assert response.status_code == status
    assert Objection.objects.exists() is (status == 302)


def test_objection_that_comes_too_late_loses_nothing_that_was_typed(send, item):
    response = send(typed(item), OVER)
    assert "公示已在 2026年10月3日 24:00 结束" in text(response)
    assert typed(item)["matter"] in text(response)


@pytest.mark.parametrize(
    ("other", "moment"),
    [
        ({}, OVER),
        (
            {"person": "organisation", "name": "示意投诉有限公司", "contact_person": "王联系"},
            OVER,
        ),
        ({"homepage": "http://spam.example"}, DURING),
    ],
)
def test_evidence_with_what_can_never_be_lodged_is_not_kept(send, item, other, moment):
    files = StoredFile.objects.count()
    response = send(typed(item, evidence=pdf(), **other), moment)
    assert response.status_code == 422
    assert ("公示已在 2026年10月3日 24:00 结束" in text(response)) is (moment == OVER)
    assert StoredFile.objects.count() == files


def test_evidence_nobody_came_back_for_is_removed_with_its_content(send, item):
    send(typed(item, matter="", evidence=pdf()))
    send(typed(item, evidence=pdf()))
    others = StoredFile.objects.exclude(uploaded_by=None).count()
    (unused,) = StoredFile.objects.filter(uploaded_by=None).exclude(
        pk=Objection.objects.get().files.get().stored_id
    )
    path = Path(unused.content.path)
    assert (path.exists(), sweep(DURING + timedelta(hours=4)).failed) == (True, [])
    assert StoredFile.objects.filter(pk=unused.pk).exists()
    sweep(DURING + timedelta(hours=4, seconds=1))
    assert (StoredFile.objects.filter(pk=unused.pk).exists(), path.exists()) == (False, False)
    assert Path(Objection.objects.get().files.get().stored.content.path).exists()
    assert StoredFile.objects.exclude(uploaded_by=None).count() == others


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"matter": "太短"}, "至少 10 个字，现在 2 个"),
        ({"matter": ""}, "写明具体事项和理由，不能留空"),
        ({"matter": "该人身份证号 44190019900101123X，不符合要求"}, "这里有身份证号码"),
        ({"matter": "该人身份证号４４１９００ 19900101 １２３４，不符"}, "这里有身份证号码"),
        ({"matter": "我的电话 138 0000 1111，该企业已停止经营"}, "这里有手机号码"),
        ({"contact": "44190019900101123X"}, "这里有身份证号码"),
        ({"name": ""}, "匿名的不受理"),
        ({"contact": "无"}, "写能联系上的电话"),
        ({"person": ""}, "选个人或单位"),
        ({"item": "999999"}, "这次公示没有这一件"),
        ({"homepage": "http://spam.example"}, "“此栏不填”里有内容"),
    ],
)
def test_objection_that_is_wrong_says_what_and_keeps_the_rest(send, item, wrong, said):
    response = send(typed(item, **wrong))
    assert response.status_code == 422
    assert said in text(response)
    assert Objection.objects.count() == 0
    kept = response.content.decode()
    assert [
        value
        for key, value in typed(item).items()
        if key not in ("item", "opened", *wrong) and value not in kept
    ] == []


def test_credit_code_in_the_matter_is_no_identity_number(send, item):
    matter = "统一社会信用代码 91990001MAQ000397B 的企业 2026年8月 已停止经营"
    assert send(typed(item, matter=matter)).status_code == 302


def test_organisation_names_a_person_and_brings_a_sealed_paper(send, item):
    response = send(typed(item, person="organisation", name="示意投诉有限公司"))
    assert "单位提出的，写明联系人" in text(response)
    assert "上传加盖公章的书面材料" in text(response)
    good = typed(
        item, person="organisation", name="示意投诉有限公司", contact_person="王联系", statement=pdf()
    )
    assert send(good).status_code == 302
    paper = Objection.objects.get().files.get()
    assert (paper.kind, paper.stored.name) == ("statement", "证据.pdf")


def test_evidence_that_came_with_a_wrong_form_need_not_be_chosen_again(send, item):
    response = send(typed(item, matter="", evidence=pdf()))
    (kept,) = re.findall(r'name="kept_evidence" value="([^"]+)"', response.content.decode())
    assert "证据.pdf" in text(response)
    assert send(typed(item, kept_evidence=kept)).status_code == 302
    stored = Objection.objects.get().files.get().stored
    assert (stored.name, stored.uploaded_by) == ("证据.pdf", None)


def test_evidence_of_somebody_else_cannot_be_named(send, item):
    StoredFile.objects.create(
        name="别人的.pdf", content_type="application/pdf", size=1, sha256="", uploaded_at=NOW
    )
    response = send(typed(item, kept_evidence=str(StoredFile.objects.get(name="别人的.pdf").pk)))
    assert (response.status_code, Objection.objects.count()) == (422, 0)
    assert "先前上传的文件已失效，重新选择" in text(response)


def test_evidence_of_a_wrong_kind_is_refused_and_nothing_is_kept(send, item):
    files = StoredFile.objects.count()
    response = send(typed(item, evidence=SimpleUploadedFile("证据.pdf", b"MZ not a pdf", "application/pdf")))
    assert response.status_code == 422
    assert "的内容不是 PDF" in text(response)
    assert StoredFile.objects.count() == files


def test_objection_against_what_was_taken_down_is_refused_without_telling_whom_it_was_about(
    send, item, period, clerk
):
    steps.take_down(period, by=clerk, at=DURING, reason="附件有误")
    response = send(typed(item))
    assert response.status_code == 422
    assert "已撤下，不再收异议" in text(response)
    assert str(item.case.organisation) not in response.content.decode()


def test_objection_without_a_token_is_refused(stopped_clock, period, item):
    stopped_clock(DURING)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("object", args=[period.pk]), typed(item)).status_code == 403
    assert Objection.objects.count() == 0


def test_object_address_typed_by_hand_leads_to_the_form(client, period):
    response = client.get(reverse("object", args=[period.pk]))
    assert response.url == f"{reverse('period', args=[period.pk])}#object"


def test_objection_of_somebody_logged_in_leaves_no_trace_of_the_account(client, send, item, stranger):
    client.force_login(stranger)
    send(typed(item, evidence=pdf()))
    objection = Objection.objects.get()
    case = Case.objects.get(pk=item.case_id)
    assert (objection.entered_by, objection.files.get().stored.uploaded_by) == (None, None)
    assert case.events.get(verb="objection.lodge").actor is None
    assert case.history.first().history_user is None


def test_identity_reaches_no_page_of_the_public_or_of_the_provider(
    client, send, item, provider, period, clerk
):
    send(typed(item))
    objection = Objection.objects.get()
    settle(objection, upheld=True, conclusion="查实", by=clerk, at=DURING)
    client.force_login(provider)
    urls = [reverse("board"), reverse("period", args=[period.pk]), reverse("home"), reverse("my")]
    urls.append(reverse("case", args=[item.case_id]))
    answers = {url: client.get(url) for url in urls}
    assert {url: answer.status_code for url, answer in answers.items()} == dict.fromkeys(urls, 200)
    told = [
        url
        for url, answer in answers.items()
        for word in (OBJECTOR, CONTACT)
        if word in answer.content.decode()
    ]
    assert told == []
