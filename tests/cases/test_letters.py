"""Which acts write a letter, what it says, and to whom; never who objected."""

import re

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction

from accounts import grants, roles
from accounts.grants import grant
from cases import engine, steps
from cases import letters as case_letters
from cases.deadlines import acts
from cases.models import Case
from cases.sweep import sweep
from corrections.kind import TOLD_AS as CORRECTIONS
from publicity import steps as publicity_steps
from publicity.models import PublicityItem, PublicityPeriod
from records import letters
from records.models import Letter, LetterDelivery
from tests.conftest import NOW, add, at, office, person, submitted
from tests.publicity.conftest import CONTACT, OBJECTOR, settle, what
from tests.races import show

pytestmark = pytest.mark.django_db

DAY = at("2026-09-22 09:00").date()
OVER = at("2026-10-04 00:00")


def told(case):
    """The kinds of letters of a case, the first first."""
    return list(case.letters.order_by("pk").values_list("kind", flat=True))


def last(case):
    return case.letters.order_by("pk").last()


def objected(case):
    return publicity_steps.lodge(PublicityItem.objects.get(case=case), at=at("2026-09-30 09:00"), **what())


def test_receipt_says_what_happened_under_which_article_and_until_when(submitted_case, provider):
    letter = submitted_case.letters.get()

    assert letter.subject == "DG-2026-0001 已收到：变更合作伙伴、产品和服务目录"
    assert letter.article == "第十五条（一）"
    assert letter.article in letter.body
    assert "2026年9月17日 10:32" in letter.body
    assert f"现在在“{submitted_case.stage}”" in letter.body
    assert "示例智造科技有限公司：" in letter.body
    assert (letter.path, letter.action) == (f"/cases/{submitted_case.pk}/", "查看这件")
    assert letter.programme == submitted_case.programme
    assert [one.person for one in letter.deliveries.all()] == [provider]


def test_return_says_what_to_mend_until_when_and_where(submitted_case, clerk):
    steps.decide(submitted_case, "return", by=clerk, at=NOW, opinion="补股东会决议", named_day=DAY)

    letter = last(submitted_case)
    assert (letter.kind, letter.action) == ("returned", "去补正")
    assert letter.path == f"/changes/{submitted_case.pk}/"
    assert letter.subject == "DG-2026-0001 退回补正，2026年9月22日 24:00 前交"
    assert "补股东会决议" in letter.body
    assert "补正期限 2026年9月17日 至 2026年9月22日 24:00" in letter.body


def test_return_of_a_paper_application_is_not_asked_for_online(apply, registration, provider, clerk):
    case = apply(registration, clerk, channel="paper", received_on=NOW.date())
    case = submitted(case, by=clerk, at=NOW)
    steps.decide(case, "return", by=clerk, at=NOW, opinion="补决议", named_day=DAY)

    letter = last(case)
    assert (letter.path, letter.action) == (f"/cases/{case.pk}/", "查看这件")
    assert "送给工作人员录入" in letter.body


def test_what_goes_from_desk_to_desk_is_not_told_and_the_decision_is(submitted_case, clerk, decider):
    for material in submitted_case.materials.filter(replaced_at=None):
        steps.verify_seal(material, by=clerk, at=NOW)
    steps.decide(submitted_case, "support", by=clerk, at=NOW, opinion="内部意见")
    assert told(submitted_case) == ["received"]

    case = steps.decide(submitted_case, "approve", by=decider, at=NOW, opinion="内部同意")
    assert told(case) == ["received", "approved"]
    assert "内部" not in last(case).body
    assert f"下一步是“{case.stage}”" in last(case).body


def test_refusal_gives_the_reason(submitted_case, clerk, decider):
    for material in submitted_case.materials.filter(replaced_at=None):
        steps.verify_seal(material, by=clerk, at=NOW)
    steps.decide(submitted_case, "support", by=clerk, at=NOW, opinion="材料齐全")
    steps.decide(submitted_case, "refuse", by=decider, at=NOW, opinion="与行业不符")

    assert told(submitted_case) == ["received", "refused"]
    assert "与行业不符" in last(submitted_case).body


def test_withdrawal_is_acknowledged(submitted_case, provider):
    steps.withdraw(submitted_case, by=provider, at=NOW, reason="改主意")
    assert told(submitted_case) == ["received", "withdrawn"]
    assert last(submitted_case).article == submitted_case.procedure.article.number


def test_discarded_draft_and_assignment_write_nothing(submitted_case, apply, second, stranger, clerk):
    steps.assign(submitted_case, clerk, by=clerk, at=NOW)
    draft = apply(second, stranger, [add("other", second)])
    steps.discard(draft, by=stranger, at=NOW)
    assert (told(submitted_case), told(draft)) == (["received"], [])


def test_publicity_and_publication_are_told(case_in_publicity):
    opened = last(case_in_publicity)
    assert opened.kind == "publicity_opened"
    assert "公示期 2026年9月29日 至 2026年10月3日 24:00" in opened.body

    sweep(OVER)
    assert told(case_in_publicity) == ["received", "approved", "publicity_opened", "published"]
    assert "第 2 版" in last(case_in_publicity).body


def test_publicity_taken_down_gives_the_public_reason(case_in_publicity, clerk):
    publicity_steps.take_down(
        PublicityPeriod.objects.get(), by=clerk, at=at("2026-09-29 09:00"), reason="附件有误"
    )
    assert last(case_in_publicity).kind == "publicity_taken_down"
    assert "附件有误" in last(case_in_publicity).body


def test_objection_dismissed_lets_the_case_go_on(case_in_publicity, clerk):
    objection = objected(case_in_publicity)
    settle(objection, upheld=False, conclusion="查无此事", by=clerk, at=at("2026-10-01 09:00"))
    assert told(case_in_publicity)[-2:] == ["objection_lodged", "objection_dismissed"]
    assert (
        "公示期 2026年9月29日 至 2026年10月3日 24:00 不变"
        in case_in_publicity.letters.get(kind="objection_lodged").body
    )


@pytest.mark.parametrize("upheld", [True, False])
def test_no_letter_names_who_objected(case_in_publicity, clerk, upheld):
    objection = objected(case_in_publicity)
    conclusion = "反映的情况已核实，场所已停用"
    settle(objection, upheld=upheld, conclusion=conclusion, by=clerk, at=at("2026-10-01 09:00"))
    sweep(OVER)
    letters.send_due(OVER)

    assert ("objection_upheld" in told(case_in_publicity)) is upheld
    assert (conclusion in str([one.body for one in mail.outbox])) is upheld
    everything = str(list(Letter.objects.values())) + str([(one.subject, one.body) for one in mail.outbox])
    assert len(mail.outbox) == Letter.objects.count()
    assert not {part for part in (OBJECTOR, CONTACT, objection.receipt) if part in everything}


def test_case_that_could_not_be_published_is_told(apply, registration, third, clerk, decider):
    """Both want the partner's last place."""
    units = (registration, third)
    cases = [show(apply, unit, add("shared", unit, "food-beverage"), clerk, decider) for unit in units]
    sweep(OVER)

    assert [told(case)[-1] for case in cases] == ["published", "not_published"]
    letter = last(cases[1])
    assert "不超过 2 家" in letter.body
    assert "退回“" in letter.body


def test_act_that_is_rolled_back_writes_no_letter(apply, registration, provider):
    case = apply(registration, provider)
    with transaction.atomic():
        submitted(case, by=provider, at=NOW)
        assert Letter.objects.count() == 1
        transaction.set_rollback(True)

    assert (Letter.objects.count(), LetterDelivery.objects.count()) == (0, 0)
    assert engine.load(case.pk).status == Case.Status.DRAFT


def test_decision_stands_when_the_mail_server_is_down(
    submitted_case, clerk, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "tests.mailboxes.Down"
    with django_capture_on_commit_callbacks(execute=True):
        steps.decide(submitted_case, "return", by=clerk, at=NOW, opinion="补决议", named_day=DAY)
    report = sweep(NOW)

    assert report.failed == []
    assert engine.load(submitted_case.pk).stage.kind == "submission"
    assert set(LetterDelivery.objects.values_list("state", "attempts")) == {("waiting", 1)}


def test_nothing_is_sent_before_the_sweep(submitted_case):
    assert mail.outbox == []
    sweep(NOW)
    assert [message.to for message in mail.outbox] == [["provider@example.org"]]


def test_letter_goes_to_everybody_who_acts_for_the_unit_now(
    apply, registration, provider, stranger, organisation
):
    grant(provider, roles.PROVIDER_MEMBER, organisation, at=NOW, by=None, reason="两个身份")
    member = office("member", "周办事", roles.PROVIDER_MEMBER, organisation)
    gone = office("gone", "前办事", roles.PROVIDER_MEMBER, organisation)
    grants.withdraw(gone.grants.get(), at=at("2026-09-16 09:00"), by=provider, reason="离职")
    shut = office("shut", "停用", roles.PROVIDER_MEMBER, organisation)
    shut.is_active = False
    shut.save()
    person("nobody", "无关")

    case = submitted(apply(registration, provider), by=provider, at=NOW)
    assert {one.person for one in case.letters.get().deliveries.all()} == {provider, member}


def test_unit_without_people_still_has_its_letter(apply, registration, clerk):
    case = apply(registration, clerk, channel="paper", received_on=NOW.date())
    case = submitted(case, by=clerk, at=NOW)
    assert (told(case), LetterDelivery.objects.count()) == (["received"], 0)


def test_who_has_left_before_it_was_sent_gets_no_mail(submitted_case, provider, organisation):
    heir = office("heir", "接手的", roles.PROVIDER_MANAGER, organisation)
    grants.withdraw(provider.grants.get(), at=NOW, by=heir, reason="离职")

    assert sweep(NOW).failed == []
    delivery = LetterDelivery.objects.get()
    assert (delivery.state, delivery.last_error) == ("not_needed", "已不为这个单位办事")
    assert mail.outbox == []


def test_changed_deadline_is_told_with_both_ends_why_and_on_what_basis(submitted_case, clerk, decider):
    steps.decide(submitted_case, "return", by=clerk, at=NOW, opinion="补股东会决议", named_day=DAY)
    with engine.locked(submitted_case.pk) as (case, _):
        acts.extend(case, number=3, reason="台风停工", by=decider, at=at("2026-09-18 09:00"))

    letter = last(submitted_case)
    assert letter.kind == "deadline_changed"
    assert (
        "2026年9月22日 24:00 改为 2026年9月25日 24:00。原因：台风停工。依据：由主管部门决定。" in letter.body
    )
    assert "现在的期限：2026年9月17日 至 2026年9月25日 24:00。在期限内办好。" in letter.body


def test_objection_that_is_not_accepted_lets_the_case_go_on(case_in_publicity, clerk):
    objection = objected(case_in_publicity)
    publicity_steps.not_accept(
        objection, refusal="no_facts", words="没有写明事实", by=clerk, at=at("2026-10-01 09:00")
    )

    letter = last(case_in_publicity)
    assert letter.kind == "objection_not_accepted"
    assert "公示期 2026年9月29日 至 2026年10月3日 24:00" in letter.body
    assert "没有写明事实" not in letter.body


def test_every_kind_has_its_wording():
    kinds = {*case_letters.BY_VERB.values(), *case_letters.BY_ROLE.values(), "refused", "reminder"}
    kinds -= {"revoked"}  # only what an app above has is revoked, in its own words
    kinds |= {*case_letters.FORWARD_FROM.values(), *CORRECTIONS.values(), "restored"}
    found = {path.stem for path in (settings.BASE_DIR / "templates/letters").glob("*.txt")}
    assert found - {"base", "unconfirmed"} == kinds


def test_letters_to_a_unit_speak_to_the_unit_and_to_nobody_in_it():
    found = []
    for path in (settings.BASE_DIR / "templates/letters").rglob("*.txt"):
        if path.parent.name not in ("accounts", "desks", "objectors"):
            lines = path.read_text().splitlines()
            found += [f"{path.name}: {line}" for line in lines if re.search("您(?!单位)|你|贵", line)]
    assert found == []
