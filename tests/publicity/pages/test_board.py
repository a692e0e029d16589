"""The public board."""

import re

import pytest
from django.urls import reverse

from cases.models import Case
from cases.sweep import sweep
from publicity import steps, views
from tests.conftest import at
from tests.publicity.conftest import OBJECTOR, settle, what
from tests.publicity.pages.moments import DURING, LAST_SECOND, OVER, text

pytestmark = pytest.mark.django_db


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


def test_board_tells_an_objection_without_telling_by_whom(page, item, clerk):
    objection = steps.lodge(item, at=LAST_SECOND, **what())
    board = reverse("board")
    assert "1 条异议，还没有决定是否受理" in text(page(LAST_SECOND, board))
    assert "收到异议，还没有决定是否受理" in text(page(OVER, board))
    steps.accept(objection, by=clerk, at=LAST_SECOND)
    steps.lodge(item, at=LAST_SECOND, **what())
    both = "2 条异议，1 条正在核实，1 条还没有决定是否受理"
    assert both in text(page(LAST_SECOND, board))
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
    assert "异议成立，退回审定" in said


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


def test_board_takes_as_many_queries_for_three_rows_as_for_one(
    client, stopped_clock, item, three_periods, django_assert_num_queries
):
    stopped_clock(DURING)
    with django_assert_num_queries(7):
        assert "正在公示 1 批" in text(client.get(reverse("board")))
    three_periods()
    with django_assert_num_queries(7):
        response = client.get(reverse("board"))
    assert "正在公示 3 批，最先截止的一批 10月3日" in text(response)
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
