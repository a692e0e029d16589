"""What an objector is told: by letter where an e-mail address was left, otherwise by the desk."""

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse

from cases.sweep import sweep
from publicity import objectors, receipts, steps
from publicity.models import Objection
from records import letters
from records.models import Event, Letter, LetterDelivery
from tests.conftest import at
from tests.publicity.conftest import OBJECTOR, settle, what

pytestmark = pytest.mark.django_db

ADDRESS = "jubao@example.net"
DURING = at("2026-09-30 09:00")
LATER = at("2026-10-02 09:00")


@pytest.fixture
def objection(item):
    return steps.lodge(item, at=DURING, **what(contact=f"0769-88990017，邮箱{ADDRESS}"))


@pytest.fixture
def by_telephone(item):
    return steps.lodge(item, at=DURING, **what())


def letters_to(objection):
    return list(Letter.objects.filter(about=str(objection.pk)).order_by("pk"))


@pytest.mark.parametrize(
    ("contact", "found"),
    [
        ("jubao@example.net", "jubao@example.net"),
        ("13800001111", ""),
        ("电话13800001111邮箱jubao@example.net。", "jubao@example.net"),
        ("ｊｕｂａｏ＠ｅｘａｍｐｌｅ．ｎｅｔ", "jubao@example.net"),
        ("jubao@example.net 或 jubao@example.net", "jubao@example.net"),
        ("a@example.net、b@example.net", ""),
        ("jubao@example", ""),
        ("jubao@example.net\nBcc: all@example.net", ""),
    ],
)
def test_address_is_the_only_one_in_what_was_left(contact, found):
    assert objectors.address(Objection(contact=contact)) == found


def test_receipt_says_which_one_under_which_article_and_until_when(objection, settings):
    settings.PORTAL_BASE_URL = "https://portal.example/"
    letters.send_due(DURING)

    (told,) = [one for one in mail.outbox if one.to == [ADDRESS]]
    assert told.subject == f"异议 {objection} 已收到"
    assert (
        f"公示”（{objection.item.period}）的异议已收到，编号 {objection}，收到日期 2026年9月30日" in told.body
    )
    assert letters_to(objection)[0].article in told.body
    assert f"看办理情况：https://portal.example{receipts.url(objection)}" in told.body


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("dismissed", "不成立"),
        ("upheld_in_part", "部分成立"),
        ("upheld", "成立"),
    ],
)
def test_every_step_on_the_way_is_told_with_its_words(objection, clerk, end, said):
    steps.accept(objection, by=clerk, at=DURING)
    steps.note(objection, words="只给经办人看", by=clerk, at=DURING)
    steps.conclude(objection, conclusion=end, words="查到的就是这些", by=clerk, at=LATER)

    kinds = [letter.kind for letter in letters_to(objection)]
    assert kinds == ["objector_lodged", "objector_accepted", "objector_concluded"]
    assert letters_to(objection)[-1].subject == f"异议 {objection} {said}"
    assert "查到的就是这些" in letters_to(objection)[-1].body
    assert "只给经办人看" not in str(list(Letter.objects.values()))


def test_one_that_is_not_taken_up_says_why_and_what_to_do(objection, clerk):
    steps.not_accept(objection, refusal="no_facts", words="没有写哪一天", by=clerk, at=DURING)

    letter = letters_to(objection)[-1]
    assert letter.subject == f"异议 {objection} 不予受理"
    assert "没有具体的事实和理由" in letter.body
    assert "没有写哪一天" in letter.body
    assert "2026年10月3日 24:00" in letter.body


def test_letter_is_of_the_act(objection, clerk):
    with transaction.atomic():
        steps.accept(objection, by=clerk, at=DURING)
        transaction.set_rollback(True)
    assert len(letters_to(objection)) == 1


def test_nobody_who_left_a_telephone_is_written_to(by_telephone, clerk):
    settle(by_telephone, upheld=False, conclusion="不实", by=clerk, at=DURING)
    assert letters_to(by_telephone) == []


def test_no_row_but_the_objection_holds_the_address_or_what_was_typed(objection, clerk):
    settle(objection, upheld=True, conclusion="属实", by=clerk, at=DURING)
    sweep(LATER)
    assert len(mail.outbox) > 3

    rows = [*Letter.objects.values(), *LetterDelivery.objects.values(), *Event.objects.values()]
    kept = str(rows) + str([(one.subject, one.body) for one in mail.outbox])
    found = {part for part in (ADDRESS, OBJECTOR, objection.contact, objection.matter) if part in kept}
    assert found == set()
    assert receipts.url(objection) not in str(rows)


def test_unit_is_told_nothing_of_these_letters(objection, client, provider, stopped_clock):
    stopped_clock(DURING)
    client.force_login(provider)
    (letter,) = letters_to(objection)
    for url in (reverse("my_letters"), reverse("case", args=[objection.item.case_id])):
        assert letter.subject not in client.get(url).content.decode()
    assert client.get(reverse("my_letter", args=[letter.pk])).status_code == 404


@pytest.mark.parametrize(
    ("who", "reads"), [("clerk", True), ("decider", False), ("auditor", False), ("other_clerk", False)]
)
def test_outbox_shows_them_to_who_handles_objections_alone(
    objection, client, request, stopped_clock, who, reads
):
    stopped_clock(DURING)
    client.force_login(request.getfixturevalue(who))
    (letter,) = letters_to(objection)
    page = client.get(reverse("admin:records_letter_changelist")).content.decode()
    assert (letter.subject in page) is reads
    one = client.get(reverse("admin:records_letter_change", args=[letter.pk]))
    assert one.status_code == (200 if reads else 404)
    assert ADDRESS not in page + one.content.decode()
    assert receipts.url(objection) not in one.content.decode()


# That he was told


def test_letter_with_the_outcome_that_has_gone_out_counts_as_told(objection, clerk):
    settle(objection, upheld=False, conclusion="不实", by=clerk, at=DURING)
    sweep(LATER)  # which sends it
    sweep(LATER)  # and this one finds it sent
    sweep(LATER)

    objection.refresh_from_db()
    assert (objection.told_on, objection.told_how) == (LATER.date(), "email")
    told = objection.acts.get(done="told")
    assert (told.by, told.words) == (None, "结果：2026年10月2日，电子邮件。系统寄到所留的邮箱")


def test_letter_that_did_not_go_out_counts_for_nothing(objection, clerk, settings):
    settings.EMAIL_BACKEND = "tests.mailboxes.Down"
    settle(objection, upheld=False, conclusion="不实", by=clerk, at=DURING)
    for _ in range(2):
        sweep(LATER)
    objection.refresh_from_db()
    assert objection.told_on is None


def test_letter_of_the_receipt_is_no_word_of_the_outcome(objection, clerk, settings):
    letters.send_due(DURING)
    settings.EMAIL_BACKEND = "tests.mailboxes.Down"
    settle(objection, upheld=False, conclusion="不实", by=clerk, at=DURING)
    sweep(LATER)
    sweep(LATER)
    objection.refresh_from_db()
    assert objection.told_on is None


def test_who_was_told_by_hand_before_is_not_noted_again(objection, clerk):
    settle(objection, upheld=False, conclusion="不实", by=clerk, at=DURING)
    steps.tell_objector(objection, how="phone", on=DURING.date(), by=clerk, at=DURING)
    sweep(LATER)
    sweep(LATER)
    objection.refresh_from_db()
    assert (objection.told_how, objection.acts.filter(done="told").count()) == ("phone", 1)


def test_acceptance_is_told_by_hand_once_and_then_the_outcome(by_telephone, clerk):
    steps.accept(by_telephone, by=clerk, at=DURING)
    steps.tell_objector(by_telephone, how="phone", on=DURING.date(), by=clerk, at=DURING)
    with pytest.raises(steps.handling.Refused, match="受理已告知提出人"):
        steps.tell_objector(by_telephone, how="phone", on=DURING.date(), by=clerk, at=DURING)
    steps.note(by_telephone, words="已核实", by=clerk, at=DURING)
    steps.conclude(by_telephone, conclusion="dismissed", words="不实", by=clerk, at=LATER)
    steps.tell_objector(by_telephone, how="letter", on=LATER.date(), words="挂号", by=clerk, at=LATER)

    by_telephone.refresh_from_db()
    assert (by_telephone.told_on, by_telephone.told_how) == (LATER.date(), "letter")
    assert list(by_telephone.acts.filter(done="told").values_list("words", flat=True)) == [
        "受理：2026年9月30日，电话。",
        "结果：2026年10月2日，书面送达。挂号",
    ]


def desk_page(client, objection):
    return client.get(reverse("admin:publicity_objection_change", args=[objection.pk])).content.decode()


def test_desk_is_asked_to_tell_who_cannot_be_written_to(by_telephone, clerk, client, stopped_clock):
    stopped_clock(DURING)
    client.force_login(clerk)
    assert "另行告知" not in desk_page(client, by_telephone)
    page = reverse("admin:publicity_objection_change", args=[by_telephone.pk])

    said = client.post(page, {"act": "accept"}, follow=True).content.decode()
    assert "提出人没有留邮箱，用电话或邮寄告知，再登记告知" in said
    assert "受理要另行告知：所留的联系方式里没有可以寄信的邮箱" in said
    client.post(page, {"act": "tell", "how": "phone", "on": "2026-09-30", "words": ""})
    assert "另行告知" not in desk_page(client, by_telephone)
    assert "登记告知</button>" not in desk_page(client, by_telephone)


def test_desk_sees_how_each_letter_fared(objection, clerk, client, stopped_clock, settings):
    stopped_clock(DURING)
    client.force_login(clerk)
    letters.send_due(DURING)
    steps.accept(objection, by=clerk, at=DURING)
    page = desk_page(client, objection)
    assert f'异议 {objection} 已收到　<span class="note">已寄出' in page
    assert f'异议 {objection} 已受理　<span class="note">等着寄' in page
    assert "另行告知" not in page

    LetterDelivery.objects.filter(letter__kind="objector_accepted").update(state="failed")
    page = desk_page(client, objection)
    assert "受理要另行告知：信没有寄到" in page
    assert "登记告知</button>" in page


def test_address_alone_is_not_to_stand_in_what_others_read(objection, clerk, client, stopped_clock):
    """What was left holds a telephone too; each part of it tells who objected."""
    stopped_clock(DURING)
    client.force_login(clerk)
    page = reverse("admin:publicity_objection_change", args=[objection.pk])
    posted = {"act": "not_accept", "refusal": "no_facts", "words": f"已写信给 {ADDRESS}"}
    assert "这里有提出人的姓名或联系方式" in client.post(page, posted).content.decode()
    assert Objection.objects.get().state == "received"
