"""Machines are kept out, and nobody loses what was typed."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from publicity import gate
from publicity.models import Objection
from records.models import StoredFile
from tests.conftest import NOW
from tests.publicity.conftest import typed
from tests.publicity.pages.moments import DURING, pdf, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(client, stopped_clock, item):
    def post(**other):
        stopped_clock(DURING)
        return client.post(reverse("object", args=[item.period_id]), typed(item, **other))

    return post


@pytest.mark.parametrize(
    ("before", "status"),
    [
        (timedelta(seconds=2), 422),
        (timedelta(seconds=3), 302),
        (timedelta(hours=6), 302),
        (timedelta(hours=6, seconds=1), 422),
        (-timedelta(hours=1), 302),
    ],
)
def test_a_form_that_was_open_for_a_moment_or_for_ever_is_asked_to_be_sent_again(send, item, before, status):
    assert send(opened=gate.opened(DURING - before, item.period_id)).status_code == status


@pytest.mark.parametrize(
    "opened",
    ["", "made-up", gate.opened(NOW, "")[:-2], gate.opened(NOW, "another")],
    ids=["none", "made up", "cut short", "of another publicity"],
)
def test_a_form_without_its_opening_comes_back_filled_in_and_goes_through(
    send, stopped_clock, client, item, opened
):
    response = send(opened=opened)
    assert (response.status_code, Objection.objects.count()) == (422, 0)
    assert typed(item)["matter"] in text(response)
    (fresh,) = re.findall(r'name="opened" value="([^"]+)"', response.content.decode())
    stopped_clock(DURING + timedelta(seconds=5))
    sent = typed(item, opened=fresh)
    assert client.post(reverse("object", args=[item.period_id]), sent).status_code == 302


def asked(response):
    one, other = re.findall(r"([二三四五六七八九])加([二三四五六七八九])等于几", text(response))[0]
    (token,) = re.findall(r'name="sum" value="([^"]+)"', response.content.decode())
    return token, gate.DIGITS.index(one) + gate.DIGITS.index(other)


def test_two_who_are_asked_the_same_at_once_are_both_heard(monkeypatch):
    monkeypatch.setattr(gate.random, "randint", lambda least, most: 4)
    tokens = [gate.new_sum(), gate.new_sum()]
    assert [gate.is_answered(token, "8") for token in (*tokens, tokens[0])] == [True, True, False]


def test_too_many_from_one_network_are_asked_a_sum_and_nothing_is_lost(send, item):
    assert [send().status_code for _ in range(gate.ASK_AFTER)] == [302] * gate.ASK_AFTER
    response = send(evidence=pdf())
    assert (response.status_code, Objection.objects.count()) == (422, gate.ASK_AFTER)
    assert typed(item)["matter"] in text(response)
    assert "这次选的文件没有保留，再提交时重新选择" in text(response)
    token, total = asked(response)
    wrong = send(sum=token, answer=str(total + 1))
    assert "请回答后再提交" in text(wrong)
    token, total = asked(wrong)
    unreachable = send(sum=token, answer=f" {total} ", evidence=pdf(), contact="无")
    (kept,) = re.findall(r'name="kept_evidence" value="([^"]+)"', unreachable.content.decode())
    token, total = asked(unreachable)
    assert send(sum=token, answer=f" {total} ", kept_evidence=kept).status_code == 302
    assert Objection.objects.order_by("entered_at", "receipt").last().files.count() == 1


def test_a_form_opened_after_many_asks_beforehand(send, client, item):
    page = reverse("period", args=[item.period_id])
    assert "等于几" not in text(client.get(page))
    for _ in range(gate.ASK_AFTER):
        send()
    token, total = asked(client.get(page))
    assert send(sum=token, answer=str(total), evidence=pdf()).status_code == 302


def test_a_form_sent_twice_is_one_objection(send, item):
    form = gate.opened(DURING - timedelta(minutes=1), item.period_id)
    first, second = send(opened=form), send(opened=form, matter="换了一段话，还是同一张表，只算一次。")
    assert (first.status_code, second.status_code, first.url) == (302, 302, second.url)
    assert Objection.objects.count() == 1


def test_uploads_that_belong_to_nothing_are_bounded(send, item, settings):
    settings.OBJECTION_UPLOADS_MB, files = 0, StoredFile.objects.count()
    unreachable = {"contact": "无"}
    assert 'name="kept_evidence"' in send(evidence=pdf(), **unreachable).content.decode()
    response = send(evidence=pdf(), **unreachable)
    assert "文件暂时收不下" in text(response)
    assert StoredFile.objects.count() == files + 1


def test_an_answer_counts_once_and_may_be_in_words():
    token = gate.signing.dumps([7, 5, "once"], salt=f"{gate.SALT}.sum")
    assert gate.question(token) == "七加五等于几？"
    assert gate.is_answered(token, "十二")
    assert not gate.is_answered(token, "12")


def test_far_too_many_are_told_when_and_how_else_and_no_file_is_kept(send, item, monkeypatch):
    monkeypatch.setattr(gate, "SHUT_AFTER", 1)
    send()
    files = StoredFile.objects.count()
    response = send(evidence=pdf())
    assert (response.status_code, Objection.objects.count()) == (429, 1)
    said = text(response)
    assert "一小时后再提交；急的交书面异议，以收到的日期为准" in said
    assert "这次选的文件没有保留，再提交时重新选择" in said
    assert typed(item)["matter"] in said
    assert StoredFile.objects.count() == files


def test_one_network_is_not_blamed_for_another(send, client, item):
    for _ in range(gate.ASK_AFTER):
        send()
    elsewhere = client.post(reverse("object", args=[item.period_id]), typed(item), REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 302
