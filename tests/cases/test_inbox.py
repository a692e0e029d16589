"""The letters of a unit on its own pages, whether or not any e-mail arrived."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import roles
from accounts.grants import grant, withdraw
from cases import steps
from records import letters
from records.models import LetterDelivery
from tests.conftest import NOW, at, office, person
from tests.publicity.pages.moments import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client, provider, stopped_clock):
    client.force_login(provider)

    def open_page(url=""):
        return client.get(url or reverse("my_letters"))

    return open_page


@pytest.fixture
def write(programme, organisation, provider):
    def put(number, to=None, **other):
        what = {"kind": "received", "subject": f"第 {number} 封", "body": "您好\n\n<b>正文</b>", **other}
        unit = {"programme": programme, "organisation": organisation}
        return letters.write(f"act:{number}", [provider] if to is None else to, at=NOW, **{**unit, **what})

    return put


def queries(open_page, url=""):
    with CaptureQueriesContext(connection) as asked:
        assert open_page(url).status_code == 200
    return len(asked)


def test_empty_inbox_says_what_will_come(read):
    assert "还没有信件" in text(read())


def count_in_navigation(page):
    found = re.search(r'信件(?: (\d+)<span class="vh"> 封未读</span>)?</a>', page.content.decode())
    assert found
    return int(found[1] or 0)


def test_unread_is_counted_in_the_navigation_until_it_is_opened(read, write):
    letter = write(1)
    write(2)
    page = read()
    assert count_in_navigation(page) == 2
    assert "2 封未读" in text(page)
    assert text(page).count("未读 第") == 2

    assert count_in_navigation(read(reverse("my_letter", args=[letter.pk]))) == 1
    assert LetterDelivery.objects.get(letter=letter).read_at == NOW
    assert "1 封未读" in text(read())
    assert count_in_navigation(read(reverse("my"))) == 1


def test_all_read(read, write):
    read(reverse("my_letter", args=[write(1).pk]))
    page = read()
    assert "信件都看过了，共 1 封" in text(page)
    assert "未读" not in text(page)
    assert count_in_navigation(page) == 0


def test_opening_again_keeps_when_it_was_first_read(read, write, stopped_clock):
    url = reverse("my_letter", args=[write(1).pk])
    read(url)
    stopped_clock(at("2026-09-18 09:00"))
    read(url)
    assert LetterDelivery.objects.get().read_at == NOW


def test_letter_shows_its_text_its_article_and_the_next_step(read, submitted_case):
    letter = submitted_case.letters.get()
    page = read(reverse("my_letter", args=[letter.pk]))
    assert f'<a class="btn" href="/cases/{submitted_case.pk}/">查看这件</a>' in page.content.decode()
    assert letter.article in text(page)
    assert "您单位申请的“变更合作伙伴、产品和服务目录”已收到" in text(page)


def test_what_a_letter_quotes_is_text_and_no_markup(read, write):
    page = read(reverse("my_letter", args=[write(1).pk])).content.decode()
    assert "&lt;b&gt;正文&lt;/b&gt;" in page


def test_letters_do_not_depend_on_mail(read, submitted_case, provider):
    assert LetterDelivery.objects.get().state == "waiting"
    assert "DG-2026-0001 已收到" in text(read())


def test_case_page_lists_its_letters_for_its_unit_only(client, read, submitted_case, clerk):
    url = reverse("case", args=[submitted_case.pk])
    link = reverse("my_letter", args=[submitted_case.letters.get().pk])
    assert link in read(url).content.decode()
    client.force_login(clerk)
    assert link not in client.get(url).content.decode()


@pytest.mark.parametrize("who", ["stranger", "clerk", "other_clerk", "decider", "auditor"])
def test_nobody_else_has_it(client, write, stopped_clock, who, request):
    letter = write(1)
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("my_letter", args=[letter.pk])).status_code == 404
    assert "第 1 封" not in client.get(reverse("my_letters")).content.decode()
    assert LetterDelivery.objects.get().read_at is None


def test_who_came_later_reads_what_was_told_before_and_it_does_not_count_as_unread(
    client, write, organisation, stopped_clock
):
    write(1)
    client.force_login(office("new", "新来的", roles.PROVIDER_MEMBER, organisation))
    said = text(client.get(reverse("my_letters")))
    assert "第 1 封" in said
    assert "信件都看过了" in said


def test_who_left_has_it_no_more(client, read, write, provider, organisation):
    letter = write(1)
    heir = office("heir", "接手的", roles.PROVIDER_MANAGER, organisation)
    withdraw(provider.grants.get(), at=NOW, by=heir, reason="离职")
    assert read().status_code == 404
    assert read(reverse("my_letter", args=[letter.pk])).status_code == 404


def test_reading_of_one_is_not_reading_of_another(client, read, write, provider, organisation):
    colleague = person("colleague", "周办事")
    grant(colleague, roles.PROVIDER_MEMBER, organisation, at=NOW, by=None, reason="同事")
    letter = write(1, to=[provider, colleague])
    read(reverse("my_letter", args=[letter.pk]))
    client.force_login(colleague)
    assert "1 封未读" in text(client.get(reverse("my_letters")))


def test_fixed_queries_with_one_three_and_many_letters(read, write, submitted_case):
    one = queries(read)
    for number in (1, 2):
        write(number, case=submitted_case)
    assert queries(read) == one
    for number in range(3, 30):
        write(number)
    assert queries(read) == one


def test_many_letters_are_paged(read, write):
    for number in range(25):
        write(number)
    assert len(read().context["page"]) == 20
    assert len(read(reverse("my_letters") + "?page=2").context["page"]) == 5
    assert "25 封未读" in text(read(reverse("my_letters") + "?page=x"))


def test_letter_that_serves_nothing_is_not_changed_by_a_confirmation(client, read, write):
    url = reverse("my_letter", args=[write(1).pk])
    assert "确认收到" not in text(read(url))
    assert client.post(url).url == url


def test_return_shows_both_its_ends_in_the_inbox(read, submitted_case, clerk):
    day = at("2026-09-22 09:00").date()
    steps.decide(submitted_case, "return", by=clerk, at=NOW, opinion="补决议", named_day=day)
    letter = submitted_case.letters.get(kind="returned")
    said = text(read(reverse("my_letter", args=[letter.pk])))
    assert "补正期限 2026年9月17日 至 2026年9月22日 24:00" in said
    assert "去补正" in said
