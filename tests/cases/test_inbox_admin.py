"""The letters of one's own desk in the admin, and whether they are mailed too."""

import pytest
from django.urls import reverse

from cases import digests
from records.models import Event, Letter, LetterDelivery
from tests.conftest import at
from tests.publicity.test_views import text

pytestmark = pytest.mark.django_db

MORNING = at("2026-09-18 08:00")
MINE = reverse("admin:records_letter_mine")


@pytest.fixture
def letter(submitted_case, clerk, stopped_clock):
    stopped_clock(MORNING)
    digests.write(MORNING)
    return Letter.objects.get(kind="desk")


def one(letter):
    return reverse("admin:records_letter_mine_one", args=[letter.pk])


def test_unread_is_counted_in_the_sidebar_until_it_is_opened(client, clerk, letter):
    client.force_login(clerk)
    page = client.get(MINE)
    assert "有 1 封没有看过" in text(page)
    assert "我的信件　<b>1 封未读</b>" in page.content.decode()

    said = text(client.get(one(letter)))
    assert "新到 1 件" in said
    assert "打开待办" in said
    assert LetterDelivery.objects.get(letter=letter).read_at == MORNING
    assert "封未读" not in client.get(MINE).content.decode()


@pytest.mark.parametrize("who", ["decider", "auditor", "other_clerk"])
def test_nobody_elses_desk_is_shown(client, letter, request, who):
    client.force_login(request.getfixturevalue(who))
    assert "还没有信件" in text(client.get(MINE))
    assert client.get(one(letter)).status_code == 404


@pytest.mark.parametrize("who", ["clerk", "decider", "auditor"])
def test_letters_to_desks_are_not_in_the_outbox(client, letter, request, who):
    client.force_login(request.getfixturevalue(who))
    assert letter.subject not in text(client.get(reverse("admin:records_letter_changelist")))
    assert client.get(reverse("admin:records_letter_change", args=[letter.pk])).status_code == 404


def test_provider_has_no_such_page(client, letter, provider):
    client.force_login(provider)
    assert (client.get(MINE).status_code, client.get(one(letter)).status_code) == (404, 404)


def test_mail_is_turned_off_and_on_by_oneself(client, clerk, letter):
    client.force_login(clerk)
    assert "不再寄到您的邮箱" in text(client.post(MINE, follow=True))
    clerk.refresh_from_db()
    assert clerk.desk_mail is False
    assert "也寄到您的邮箱" in text(client.post(MINE, {"mail": "on"}, follow=True))
    clerk.refresh_from_db()
    assert clerk.desk_mail is True
    assert [event.data["changed"] for event in Event.objects.filter(verb="person_altered")] == [
        ["desk_mail"]
    ] * 2


def test_superuser_sees_letters_about_accounts_and_no_others(client, person_of_the_machine, letter, clerk):
    account = Letter.objects.create(
        key="a", audience="account", kind="account", subject="账号已建立", body="您好", written_at=MORNING
    )
    LetterDelivery.objects.create(letter=account, person=clerk, state="failed")
    client.force_login(person_of_the_machine)
    outbox = text(client.get(reverse("admin:records_letter_changelist")))
    assert "账号已建立" in outbox
    assert letter.subject not in outbox
    assert "已收到" not in outbox

    again = reverse("admin:records_letter_send_again", args=[account.pk])
    assert "已重新排进寄信的队，1 人" in text(client.post(again, follow=True))
    assert LetterDelivery.objects.get(letter=account).state == "waiting"


@pytest.fixture
def person_of_the_machine(django_user_model):
    return django_user_model.objects.create_superuser(
        "keeper", "keeper@example.org", "a-long-password-9", full_name="机房"
    )
