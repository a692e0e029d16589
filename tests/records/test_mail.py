"""Who gets mail from a site that is not a city's."""

import pytest
from django.core import mail
from django.core.mail import EmailMessage, send_mail

from accounts.models import User
from records import letters
from records.mail import reach
from tests.conftest import NOW


@pytest.fixture(autouse=True)
def training(settings):
    """A site whose mail would leave this machine."""
    settings.PRODUCTION = False
    settings.EMAIL_BACKEND = "records.mail.AllowListBackend"
    settings.EMAIL_CARRIER = "django.core.mail.backends.locmem.EmailBackend"
    settings.EMAIL_ALLOWED = []
    return settings


def send(*to, **more):
    return EmailMessage("标题", "正文", to=to, **more).send()


def test_nothing_leaves_without_a_list(training):
    assert send("chen@example.org") == 0
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("chen@example.org", 1),
        ("Chen@Example.ORG", 1),
        ("anybody@city.example", 1),
        ("lin@example.org", 0),
        ("chen@example.org.evil.example", 0),
        ("anybody@sub.city.example", 0),
        ("city.example", 0),
    ],
)
def test_only_listed_addresses_and_domains_get_mail(training, address, sent):
    training.EMAIL_ALLOWED = ["chen@example.org", " @city.example"]
    assert send(address) == sent
    assert len(mail.outbox) == sent


@pytest.mark.parametrize(
    "address",
    [
        "evil@x.example (@city.example",
        "evil@x.example (chen@example.org)",
        "evil@x.example (a)@city.example",
        "evil@x.example, chen@example.org",
        "chen@example.org, evil@x.example",
        "evil@x.example;@city.example",
        "evil@x.example @city.example",
        '"chen@example.org" <evil@x.example>',
        "<evil@x.example> chen@example.org",
        "chen@example.org <evil@x.example>",
        "evil@x.example\nBcc: chen@example.org",
        "evil@x.example%@city.example@x.example",
        "@city.example",
        "",
    ],
)
def test_address_that_only_looks_like_a_listed_one_gets_nothing(training, address):
    training.EMAIL_ALLOWED = ["chen@example.org", "@city.example"]
    assert send(address) == 0
    assert mail.outbox == []


@pytest.mark.parametrize("address", ["陈办事 <chen@example.org>", "<chen@example.org>", " chen@example.org "])
def test_listed_address_with_a_name_gets_mail(training, address):
    training.EMAIL_ALLOWED = ["chen@example.org"]
    assert send(address) == 1


def test_message_that_also_goes_to_somebody_else_does_not_leave(training):
    training.EMAIL_ALLOWED = ["chen@example.org"]
    assert send("chen@example.org", bcc=["lin@example.org"]) == 0
    assert send("chen@example.org", cc=["lin@example.org"]) == 0


def test_what_is_kept_back_does_not_keep_back_the_rest(training):
    training.EMAIL_ALLOWED = ["chen@example.org"]
    messages = [EmailMessage("标题", "正文", to=[to]) for to in ("lin@example.org", "chen@example.org")]
    assert mail.get_connection().send_messages(messages) == 1
    assert [message.to for message in mail.outbox] == [["chen@example.org"]]


def test_site_of_a_city_sends_to_everybody(training):
    training.PRODUCTION = True
    assert send("lin@example.org") == 1


def test_mail_that_stays_on_this_machine_is_kept_from_nobody(training, tmp_path):
    training.EMAIL_CARRIER = "django.core.mail.backends.filebased.EmailBackend"
    training.EMAIL_FILE_PATH = str(tmp_path)
    assert send_mail("标题", "正文", None, ["lin@example.org"]) == 1
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("allowed", [[], ["chen@example.org"]])
def test_password_letter_goes_the_same_way(db, client, training, allowed, stopped_clock):
    training.EMAIL_ALLOWED = allowed
    User.objects.create_user("chen", "chen@example.org", "a-long-password-9", full_name="陈办事")
    client.post("/password/reset/", {"email": "chen@example.org"})
    letters.send_due(NOW)
    assert len(mail.outbox) == len(allowed)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "邮件一封也不寄出"),
        ({"EMAIL_ALLOWED": ["@city.example"]}, "邮件只寄给允许名单上的地址"),
        ({"EMAIL_CARRIER": "django.core.mail.backends.filebased.EmailBackend"}, "邮件不寄出，只存成文件"),
        ({"PRODUCTION": True}, ""),
    ],
)
def test_banner_says_how_far_mail_goes(db, client, training, changed, said):
    for name, value in changed.items():
        setattr(training, name, value)
    assert reach() == said
    page = client.get("/rules/").content.decode()
    assert (f"{said}。" in page) if said else ("演示站点" not in page)
