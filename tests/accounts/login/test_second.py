"""The second step: codes that work once, a lost phone, and no way round it."""

import re
from datetime import timedelta
from time import time

import pytest
from django.test import Client
from django.urls import reverse

from accounts import people, roles
from accounts.errors import Refused
from accounts.login import pending, second
from accounts.models import LoginSession, SecondFactor
from records import letters, words
from records.models import Event, Letter
from tests.accounts.conftest import PASSWORD
from tests.accounts.login.conftest import OUTSIDE, SECRET, first_step, is_in
from tests.accounts.pages.pages import text


def test_code_is_that_of_the_standard():
    """RFC 6238, appendix B, whose eight digits end in these six."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert [second.code_at(secret, moment) for moment in (59, 1111111109, 20000000000)] == [
        "287082",
        "081804",
        "353130",
    ]


def test_password_alone_opens_nothing(client, clerk, with_phone):
    with_phone(clerk)
    answer = first_step(client, clerk)
    assert (answer.status_code, answer.url, is_in(client)) == (302, "/login/second/", False)
    for page in ("/admin/", "/admin/cases/case/", "/my/", "/my/logins/", "/my/second/", "/password/"):
        assert "/login/" in client.get(page).url
    posted = client.post("/admin/login/?next=/admin/", {"username": "clerk", "password": PASSWORD})
    assert (posted.url, is_in(client)) == ("/login/?next=/admin/", False)


def test_second_step_leads_to_where_somebody_wanted_to_go(client, clerk, with_phone, now_code):
    with_phone(clerk)
    client.post("/login/", {"username": "clerk", "password": PASSWORD, "next": "/admin/cases/case/"})
    answer = client.post("/login/second/", {"code": now_code()})
    assert (answer.url, client.session["second_factor"]) == ("/admin/cases/case/", True)
    assert client.get("/login/second/").url == "/login/"
    told = Event.objects.get(verb="logged_in")
    assert (told.actor, told.data["second_factor"]) == (clerk, True)


def test_code_used_once_is_refused(client, clerk, with_phone, now_code):
    with_phone(clerk)
    code = now_code()
    for lets_in in (True, False):
        first_step(client, clerk)
        assert (client.post("/login/second/", {"code": code}).status_code == 302) == lets_in
        client.post("/logout/")


@pytest.mark.parametrize(("late", "right"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_code_of_the_steps_beside_is_taken_and_no_other(late, right, client, clerk, with_phone, machine):
    with_phone(clerk)
    machine.shift(5 * second.STEP)
    code = second.code_at(SECRET, time() + late)
    first_step(client, clerk)
    assert (client.post("/login/second/", {"code": code}).status_code == 302) == right


def test_code_as_people_type_it(clerk, with_phone, now_code, at):
    with_phone(clerk)
    code = now_code()
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert second.passes(clerk, f" {full_width[:3]} {full_width[3:]}", at)


def test_recovery_code_works_once(client, clerk, with_phone):
    codes = with_phone(clerk)
    for typed, lets_in in ((codes[3].lower(), True), (codes[3], False), (codes[4], True)):
        first_step(client, clerk)
        assert (client.post("/login/second/", {"code": typed}).status_code == 302) == lets_in
        client.post("/logout/")
    left = [event.data["left"] for event in Event.objects.filter(verb="recovery_code_used").order_by("pk")]
    assert left == [9, 8]


@pytest.mark.parametrize(("after", "waits"), [(pending.SECONDS - 1, True), (pending.SECONDS, False)])
def test_first_step_is_over_after_ten_minutes(after, waits, client, clerk, with_phone, machine, now_code):
    with_phone(clerk)
    first_step(client, clerk)
    machine.shift(after)
    client.post("/login/second/", {"code": now_code()})
    assert is_in(client) == waits


def test_first_step_is_over_with_another_password_or_none(client, clerk, with_phone, now_code):
    with_phone(clerk)
    first_step(client, clerk)
    clerk.set_password("hongni-dajie-88x")
    clerk.save()
    assert client.post("/login/second/", {"code": now_code()}).url == "/login/"
    first_step(client, clerk, "hongni-dajie-88x")
    clerk.is_active = False
    clerk.save()
    assert client.post("/login/second/", {"code": now_code()}).url == "/login/"


def test_new_password_by_link_does_not_pass_the_second_step(client, clerk, with_phone, mailoutbox, at):
    with_phone(clerk)
    client.post("/password/reset/", {"email": clerk.email})
    letters.send_due(at)
    link = re.findall(r"http://testserver(/password/reset/\S+)", mailoutbox[-1].body)[0]
    form = client.get(link, follow=True).redirect_chain[0][0]
    client.post(form, {"new_password1": "hongni-dajie-88x", "new_password2": "hongni-dajie-88x"})
    assert is_in(client) is False
    assert first_step(client, clerk, "hongni-dajie-88x").url == "/login/second/"


def test_set_up_asks_password_and_code_and_shows_recovery_codes_once(client, manager, at):
    other = Client()
    first_step(other, manager)
    first_step(client, manager)
    page = text(client.get("/my/second/"))
    secret = re.findall(r'<span class="mono">([A-Z2-7 ]+)</span>', page)[0].replace(" ", "")
    assert 'src="data:image/svg+xml;base64,' in page
    code = second.code_at(secret, time())
    for password, typed in (("wrong", code), (PASSWORD, "000000"), ("", code)):
        answer = client.post("/my/second/", {"password": password, "code": typed})
        assert (answer.status_code, SecondFactor.objects.exists()) == (422, False)
    done = text(client.post("/my/second/", {"password": PASSWORD, "code": code}, follow=True))
    assert "两步登录已开启" in done
    codes = re.findall(r'<li class="mono">([A-Z2-7-]{19})</li>', done)
    assert (len(codes), client.session["second_factor"]) == (10, True)
    assert secret not in str(SecondFactor.objects.values())
    assert codes[0].replace("-", "") not in str(SecondFactor.objects.values())
    assert "/login/" in other.get("/my/").url
    assert client.get("/my/second/").url == "/my/logins/"
    assert second.passes(manager, code, at) is False


def test_new_recovery_codes_and_removal_ask_a_code(client, manager, with_phone, now_code, machine):
    old = with_phone(manager)
    first_step(client, manager)
    client.post("/login/second/", {"code": now_code()})
    for page in ("/my/second/codes/", "/my/second/remove/"):
        assert client.post(page, {"code": "000000"}).status_code == 422
    machine.shift(second.STEP)
    assert client.post("/my/second/codes/", {"code": now_code()}).url == "/my/second/codes/new/"
    assert client.post("/my/second/remove/", {"code": old[0]}).status_code == 422
    machine.shift(second.STEP)
    assert client.post("/my/second/remove/", {"code": now_code()}).url == "/my/logins/"
    assert not second.is_set(manager)
    assert first_step(client, manager).url == "/my/"


def test_required_of_office_roles_and_of_nobody_else(client, clerk, manager, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    first_step(client, clerk)
    for page in ("/admin/", "/admin/cases/case/", "/", "/my/logins/", "/password/", "/my/kept/"):
        assert client.get(page).url == "/my/second/"
    assert client.post("/admin/accounts/user/add/", {}).url == "/my/second/"
    assert "先开启两步登录" in text(client.get("/my/second/"))
    assert client.post("/logout/").url == "/"
    first_step(client, manager)
    assert client.get("/my/").status_code == 200


def test_required_is_met_by_setting_it_up(client, clerk, settings, machine):
    settings.SECOND_FACTOR_REQUIRED = True
    first_step(client, clerk)
    secret = re.findall(r'class="mono">([A-Z2-7 ]+)<', text(client.get("/my/second/")))[0].replace(" ", "")
    client.post("/my/second/", {"password": PASSWORD, "code": second.code_at(secret, time())})
    assert client.get("/admin/cases/case/").status_code == 200


def test_session_that_went_round_the_second_step_is_none(client, clerk, with_phone, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    with_phone(clerk)
    client.force_login(clerk)
    assert client.get("/admin/").url == "/my/second/"
    assert (client.get("/my/second/").url, is_in(client)) == ("/login/", False)


def test_whoever_becomes_staff_is_led_to_it_with_the_next_page(client, stranger, programme, give, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    first_step(client, stranger)
    assert client.get("/").status_code == 200
    give(stranger, roles.CLERK, programme)
    assert client.get("/").url == "/my/second/"


def test_optional_elsewhere_is_said_in_the_banner(client, clerk, with_phone, now_code):
    client.force_login(clerk)
    assert "您没有开启两步登录" in text(client.get("/"))
    with_phone(clerk)
    first_step(client, clerk)
    client.post("/login/second/", {"code": now_code()})
    assert "您没有开启两步登录" not in text(client.get("/"))


def test_administrator_lets_in_who_lost_the_phone(client, administrator, clerk, with_phone, mailoutbox, at):
    with_phone(clerk)
    theirs = Client()
    theirs.force_login(clerk)
    client.force_login(administrator)
    person = reverse("admin:accounts_user_change", args=[clerk.pk])
    remove = reverse("admin:accounts_user_second_factor", args=[clerk.pk])
    assert remove in text(client.get(person))
    assert client.post(remove, {"reason": " "}).status_code == 422
    assert client.post(remove, {"reason": "手机丢失，已当面核实"}).url == person
    assert not second.is_set(clerk)
    assert not LoginSession.objects.filter(user=clerk).exists()
    told = Event.objects.get(verb="second_factor_removed")
    assert (told.actor, told.data) == (administrator, {"user": clerk.pk, "reason": "手机丢失，已当面核实"})
    letters.send_due(at)
    assert (mailoutbox[-1].to, "手机丢失，已当面核实" in mailoutbox[-1].body) == ([clerk.email], True)
    assert "没有开启两步登录，不用解除" in text(client.post(remove, {"reason": "再一次"}))


@pytest.mark.parametrize("who", ["clerk", "other_administrator", "administrator"])
def test_nobody_else_removes_it(who, request, client, administrator, person, other_city, give, with_phone):
    other = person("other_administrator")
    give(other, roles.ACCESS_ADMINISTRATOR, other_city)
    with_phone(administrator)
    user = {"clerk": lambda: request.getfixturevalue("clerk"), "administrator": lambda: administrator}
    client.force_login(user.get(who, lambda: other)())
    remove = reverse("admin:accounts_user_second_factor", args=[administrator.pk])
    answer = client.post(remove, {"reason": "换人"})
    assert answer.status_code == (422 if who == "administrator" else 404)
    assert second.is_set(administrator)


def test_nobody_removes_his_own(administrator, with_phone, at):
    with_phone(administrator)
    with pytest.raises(Refused, match="由另一位授权管理员办理"):
        second.remove_for(administrator, reason="手机丢失", at=at, by=administrator)


def test_nobody_removes_that_of_his_other_account(administrator, person, with_phone, at):
    other = person("other_account")
    other.email = administrator.email
    other.save()
    with_phone(other)
    with pytest.raises(Refused, match="您的另一个账号 other_account"):
        second.remove_for(other, reason="手机丢失", at=at, by=administrator)


def test_secret_under_an_earlier_key_goes_under_the_present_one(
    clerk, with_phone, now_code, at, settings, machine
):
    with_phone(clerk)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "x" * 50
    assert second.passes(clerk, now_code(), at)
    settings.SECRET_KEY_FALLBACKS = []
    machine.shift(second.STEP)
    assert second.passes(clerk, now_code(), at)
    settings.SECRET_KEY = "y" * 50
    machine.shift(second.STEP)
    assert second.passes(clerk, now_code(), at) is False


def test_codes_are_counted_wherever_they_come_from(client, clerk, with_phone, now_code, settings):
    codes = with_phone(clerk)
    first_step(client, clerk)
    for number in range(1, settings.LOGIN_TRIES + 1):
        where = {"REMOTE_ADDR": f"192.0.2.{number}"}
        answer = client.post("/login/second/", {"code": "000000"}, **where)
        assert answer.status_code == (429 if number == settings.LOGIN_TRIES else 422)
    assert "连续 5 次不对，暂停登录到 2026年9月17日 10:45:00" in text(answer)
    for code in (now_code(), codes[0]):
        answer = client.post("/login/second/", {"code": code}, REMOTE_ADDR=OUTSIDE)
        assert answer.status_code == 429
        assert "暂停期间恢复码也不能用，到时再试" in text(answer)
        assert "写一个恢复码" not in text(answer)
    assert is_in(client) is False


@pytest.mark.parametrize(
    ("kind", "act"),
    [
        ("second_factor_closed", lambda user, at: second.remove(user, at=at)),
        ("recovery_codes_renewed", lambda user, at: second.renew_recovery(user, at=at)),
        ("password_set", lambda user, at: people.note_new_password(user, at=at)),
        ("second_factor_set", None),
    ],
)
def test_owner_is_told_by_letter_when_and_what_to_do_if_it_was_not_he(
    kind, act, clerk, with_phone, mailoutbox, at, caplog
):
    with_phone(clerk)
    if act:
        act(clerk, at + timedelta(seconds=5))
        assert Letter.objects.filter(kind="second_factor_set").count() == 1
    letter = Letter.objects.get(kind=kind)

    with caplog.at_level("INFO"):
        letters.send_due(at + timedelta(minutes=1))

    [mail] = [one for one in mailoutbox if one.subject == letter.subject]
    assert mail.to == [clerk.email]
    assert words.second(letter.written_at) in mail.body
    assert re.search("不是您(本人)?(设置|开启|关闭|换)的，", mail.body)
    assert "/login/" in mail.body
    assert not any(one in caplog.text for one in (clerk.email, clerk.full_name, clerk.username))


def test_reset_by_link_tells_the_owner_in_the_act_itself(client, clerk, mailoutbox, at):
    client.post("/password/reset/", {"email": clerk.email})
    letters.send_due(at)
    link = re.findall(r"http://testserver(/password/reset/\S+)", mailoutbox[0].body)[0]
    form = client.get(link, follow=True)
    assert not Letter.objects.filter(kind="password_set").exists()

    secret = "qiao-mu-chenglin-26"
    client.post(form.redirect_chain[-1][0], {"new_password1": secret, "new_password2": secret})

    assert Letter.objects.get(kind="password_set").deliveries.get().person == clerk


def new_codes(client):
    return re.findall(r'<li class="mono">([A-Z2-7-]{19})</li>', text(client.get("/my/second/codes/new/")))


@pytest.fixture
def renewed(client, manager, with_phone, now_code, machine):
    with_phone(manager)
    first_step(client, manager)
    client.post("/login/second/", {"code": now_code()})
    machine.shift(second.STEP)
    client.post("/my/second/codes/", {"code": now_code()})
    return new_codes(client)


def test_new_codes_are_shown_again_when_the_page_is_loaded_again(client, manager, renewed, at):
    assert "恢复码已换新" in text(client.get("/my/second/codes/new/"))

    assert new_codes(client) == renewed
    assert Event.objects.filter(verb="recovery_codes_renewed").count() == 1
    assert second.passes(manager, renewed[9], at)


def test_new_codes_are_gone_when_put_away(client, renewed):
    assert client.post("/my/second/codes/new/").url == "/my/"

    gone = client.get("/my/second/codes/new/", follow=True)
    assert gone.redirect_chain[0][0] == "/my/logins/"
    assert "再换一次新恢复码" in text(gone)
    assert renewed[0] not in text(gone)


@pytest.mark.parametrize(("seconds", "are_shown"), [(599, True), (600, False)])
def test_new_codes_are_shown_for_ten_minutes(client, renewed, machine, seconds, are_shown):
    machine.shift(seconds)
    assert (new_codes(client) == renewed) is are_shown


def test_new_codes_lie_sealed_and_only_in_the_session_that_made_them(client, manager, renewed):
    assert len(renewed) == second.RECOVERY_CODES
    assert renewed[0] not in str(dict(client.session))
    other = Client()
    other.force_login(manager)
    assert new_codes(other) == []
