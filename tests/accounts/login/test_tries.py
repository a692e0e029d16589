"""Who tries too often waits; the others of the same office do not."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache

from accounts.login import tries
from records import letters, words
from records.models import Event, Letter
from tests.accounts.conftest import PASSWORD
from tests.accounts.login.conftest import HOME, OUTSIDE, first_step, is_in
from tests.accounts.pages.pages import text

PLAIN = "登录名或密码不对，区分大小写。忘了密码可以重设。"


def wrong(client, name="clerk", where=HOME):
    return client.post("/login/", {"username": name, "password": "wrong"}, REMOTE_ADDR=where)


def said(answer):
    return answer.context["form"].non_field_errors()[0]


@pytest.mark.parametrize("name", ["clerk", "nobody", "gone"])
def test_fifth_failure_locks_and_the_fourth_does_not(name, client, clerk, person):
    person("gone", is_active=False)
    answers = [wrong(client, name) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert [said(answer) for answer in answers[:4]] == [PLAIN] * 4
    assert said(answers[4]) == (
        "连续 5 次不对，暂停登录到 2026年9月17日 10:45:00。到时再试；忘了密码可以重设，重设后马上能登录。"
    )


def test_locked_account_is_not_even_looked_at(client, clerk, machine, settings):
    for _ in range(5):
        wrong(client)
    before = Event.objects.count()
    assert (first_step(client, clerk, REMOTE_ADDR=HOME).status_code, is_in(client)) == (429, False)
    assert Event.objects.count() == before
    machine.shift(settings.LOGIN_LOCK_SECONDS - 1)
    assert first_step(client, clerk, REMOTE_ADDR=HOME).status_code == 429
    machine.shift(1)
    assert first_step(client, clerk, REMOTE_ADDR=HOME).status_code == 302


def test_owner_of_a_locked_account_is_told_once_a_day_and_nobody_of_a_name_that_nobody_has(
    client, clerk, machine, settings, stopped_clock, at
):
    for _ in range(4):
        wrong(client)
    assert not Letter.objects.exists()
    wrong(client)
    letter = Letter.objects.get(kind="login_locked")
    assert letter.deliveries.get().person == clerk
    assert words.second(at) in letter.body
    assert "不是您，" in letter.body

    for day, letters_so_far in ((0, 1), (1, 2)):
        machine.shift(settings.LOGIN_LOCK_SECONDS)
        stopped_clock(at + timedelta(days=day))
        for _ in range(5):
            wrong(client)
            wrong(client, "nobody", OUTSIDE)
        assert Letter.objects.filter(kind="login_locked").count() == letters_so_far


def test_others_behind_the_address_and_the_person_elsewhere_are_not_locked(client, clerk, manager):
    for _ in range(5):
        wrong(client)
    assert first_step(client, manager, REMOTE_ADDR=HOME).status_code == 302
    client.logout()
    assert first_step(client, clerk, REMOTE_ADDR=OUTSIDE).status_code == 302


def test_success_begins_the_count_anew(client, clerk):
    for _ in range(3):
        for _ in range(4):
            assert wrong(client).status_code == 200
        assert first_step(client, clerk, REMOTE_ADDR=HOME).status_code == 302


@pytest.mark.parametrize("name", ["CLERK", "ｃｌｅｒｋ", "clerk "])
def test_one_account_is_counted_however_it_is_written(name, client, clerk):
    for _ in range(3):
        wrong(client)
    assert [wrong(client, name).status_code for _ in range(2)] == [200, 429]


def test_network_that_fails_with_many_accounts_is_locked(client, manager, settings):
    settings.LOGIN_TRIES_PER_ADDRESS = 12
    answers = [wrong(client, f"name{number}").status_code for number in range(12)]
    assert answers == [200] * 11 + [429]
    refused = first_step(client, manager, REMOTE_ADDR=HOME)
    assert "从您所在的网络登录失败的次数太多，暂停到 2026年9月17日 10:45:00" in said(refused)
    assert first_step(client, manager, REMOTE_ADDR=OUTSIDE).status_code == 302


def test_tries_at_the_same_time_are_each_counted(rf, clerk, settings):
    """As many as there may be are looked at, however many have come before the first is answered."""
    request = rf.post("/login/", REMOTE_ADDR=HOME)
    looked_at = 0
    for _ in range(20):
        try:
            tries.Attempt.of(tries.PASSWORD, "clerk", request).begin()
            looked_at += 1
        except tries.Locked:
            pass
    assert looked_at == settings.LOGIN_TRIES


@pytest.mark.parametrize(("behind", "locked"), [(True, 1), (False, 5)])
def test_address_is_the_trusted_headers_only_behind_the_proxy(behind, locked, client, clerk, settings):
    """Whoever writes the header himself is counted as who he is."""
    settings.BEHIND_PROXY = behind
    for number in range(5):
        client.post(
            "/login/",
            {"username": "clerk", "password": "wrong"},
            REMOTE_ADDR=HOME,
            headers={"X-Forwarded-For": f"{OUTSIDE}, 192.0.2.{number}"},
        )
    answer = first_step(client, clerk, REMOTE_ADDR=HOME, headers={"X-Forwarded-For": "192.0.2.77"})
    assert answer.status_code == (302 if behind else 429)


def test_new_password_by_link_opens_the_account_again(client, clerk, mailoutbox, at):
    for _ in range(5):
        wrong(client)
    client.post("/password/reset/", {"email": clerk.email}, REMOTE_ADDR=HOME)
    letters.send_due(at)
    link = re.findall(r"http://testserver(/password/reset/\S+)", mailoutbox[-1].body)[0]
    form = client.get(link, follow=True, REMOTE_ADDR=HOME).redirect_chain[0][0]
    new = "hongni-dajie-88x"
    client.post(form, {"new_password1": new, "new_password2": new}, REMOTE_ADDR=HOME)
    assert first_step(client, clerk, new, REMOTE_ADDR=HOME).status_code == 302
    assert Event.objects.filter(verb="password_set", actor=clerk).count() == 1


def test_events_name_the_account_where_there_is_one_and_nothing_that_was_typed(client, clerk):
    for name in ("clerk", "wrong-secret-typed-as-name"):
        for _ in range(5):
            wrong(client, name)
    failed = Event.objects.filter(verb="login_failed").order_by("pk")
    assert [event.data["user"] for event in failed] == [clerk.pk] * 5 + [None] * 5
    assert Event.objects.filter(verb="login_locked").count() == 2
    written = str(list(Event.objects.values()))
    for typed in ("wrong-secret", HOME, "'wrong'"):
        assert typed not in written
    assert len({event.data["from"] for event in failed}) == 1


def test_links_are_asked_for_so_often_from_one_network(client, manager, settings):
    settings.LOGIN_TRIES_PER_ADDRESS = 3
    answers = [
        client.post("/password/reset/", {"email": email}, REMOTE_ADDR=HOME).status_code
        for email in (manager.email, "nobody@example.com", manager.email, manager.email)
    ]
    assert answers == [302, 302, 302, 429]


def test_reset_asks_the_database_as_often_for_an_address_nobody_has(
    client, manager, django_assert_max_num_queries, called
):
    asked, woken = [], []
    for email in (manager.email, "nobody@example.com"):
        with django_assert_max_num_queries(60) as queries:
            client.post("/password/reset/", {"email": email})
        words = [query["sql"].split()[0] for query in queries.captured_queries]
        asked.append([word for word in words if word in ("SELECT", "INSERT", "UPDATE", "DELETE")])
        woken.append(len(called))
    assert asked[0] == asked[1]
    assert "INSERT" in asked[0]


def test_without_a_cache_people_still_log_in(client, clerk, monkeypatch):
    def broken(*args, **kwargs):
        raise ConnectionError

    for name in ("add", "incr", "get", "set", "delete_many"):
        monkeypatch.setattr(cache, name, broken)
    assert first_step(client, clerk).status_code == 302
    assert PASSWORD not in str(list(Event.objects.values()))


def test_until_is_the_sites_time(client, clerk, stopped_clock, at):
    stopped_clock(at + timedelta(days=6))
    answers = [wrong(client) for _ in range(5)]
    assert "2026年9月23日 10:45:00" in said(answers[4])
    assert "2026年9月23日 10:45:00" in text(answers[4])
