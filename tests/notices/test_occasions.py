"""What is announced: with the decision, and public only when its file is there."""

from typing import Any

import pytest

from cases import batches, engine, steps
from cases.errors import Refused
from cases.sweep import sweep
from corrections import steps as correction_steps
from notices import issuing, queries
from notices.models import Notice
from providers.models import ListEdition, Organisation
from publicity import steps as publicity_steps
from publicity.models import PublicityPeriod
from tests.conftest import NOW, add, at, review, submitted
from tests.corrections import conftest as corrections
from tests.notices.conftest import PUBLISHED

OPENS = at("2026-09-28 10:00")


@pytest.fixture
def shown(wordings: Any, approved_case: Any, clerk: Any) -> PublicityPeriod:
    return publicity_steps.open_period(approved_case, by=clerk, at=OPENS)


def test_programme_without_wordings_announces_nothing(case_in_publicity):
    sweep(PUBLISHED)

    assert ListEdition.objects.count() == 2
    assert not Notice.objects.exists()


def test_opening_announces_the_publicity_with_its_days_and_what_changes(shown, called):
    [notice] = Notice.objects.all()
    assert (notice.kind, notice.number, notice.state) == ("publicity", "", "issuing")
    assert notice.title == f"{shown.title}（示例智造科技有限公司）"
    assert "公示期自2026年9月29日起，至2026年10月3日24:00止，共5天" in notice.body
    [table] = notice.attachments
    assert table["rows"] == [
        ["1", "示例智造科技有限公司", "新增", "智能移动终端", "—", "样板工艺软件有限公司"]
    ]
    assert (notice.period, notice.case, notice.batch) == (shown, shown.items.get().case, shown.batch)


def test_what_the_office_has_not_set_is_left_out_with_its_line(shown):
    body = Notice.objects.get().body

    assert "受理电话" not in body
    assert "{" not in body


def test_publication_announces_the_edition_under_the_first_number_of_the_year(shown, plain_files):
    sweep(PUBLISHED)

    notice = Notice.objects.get(kind="change")
    assert (notice.number, notice.edition) == ("东数转演〔2026〕1号", ListEdition.objects.get(number=2))
    assert "变更后的名单为数字化牵引单位名单第2版" in notice.body
    assert "公示期为2026年9月29日至2026年10月3日" in notice.body
    assert notice.state == Notice.State.ISSUED  # the same sweep made its file
    assert notice.code in plain_files


def test_batch_has_one_document_for_its_edition(
    wordings, apply, registration, third, clerk, decider, plain_files
):
    cases = []
    for unit in (registration, third):
        case = apply(unit, clerk, [add("fresh", unit)], channel="paper", received_on=NOW.date())
        cases.append(review(submitted(case, by=clerk, at=NOW), clerk, decider, NOW))
    batch = batches.create(cases[0].procedure, [engine.load(case.pk) for case in cases], by=clerk, at=NOW)
    publicity_steps.open_batch(batch, by=clerk, at=OPENS)
    sweep(PUBLISHED)

    notice = Notice.objects.get(kind="change")
    assert notice.title == "关于示例智造科技有限公司、样本工业软件有限公司变更合作伙伴、产品和服务目录的公告"
    assert (len(notice.attachments[0]["rows"]), notice.case, notice.batch) == (2, None, batch)


def test_erratum_is_announced_and_linked_with_what_announced_the_wrong_edition(
    shown, registration, clerk, decider, plain_files
):
    sweep(PUBLISHED)
    wrong, moment = ListEdition.objects.get(number=2), at("2026-10-09 10:00")
    case = corrections.begin(registration, clerk, wrong, at=moment)
    correction_steps.add_operation(case, "add_partner", at=moment, **corrections.left_out(case, "other"))
    steps.submit(engine.load(case.pk), by=clerk, at=moment)
    corrections.publish(engine.load(case.pk), decider, at=moment)

    notice = Notice.objects.get(kind="correction")
    assert notice.number == "东数转演〔2026〕2号"
    assert "数字化牵引单位名单第2版有误，涉及示例智造科技有限公司，现予更正" in notice.body
    assert f"有误之处：{corrections.REASON}。" in notice.body
    announced = Notice.objects.get(edition=wrong)
    assert f"同时更正《{announced.title}》（东数转演〔2026〕1号）中的相应内容。" in notice.body
    assert [link.earlier for link in notice.about.all()] == [announced]
    assert [link.notice for link in announced.followed_by.all()] == [notice]
    assert announced.state == Notice.State.ISSUED  # it stands, corrected


def test_nothing_is_public_before_its_file_is_there(shown, plain_files):
    assert not queries.public().exists()

    assert issuing.carry_out(OPENS) == 1

    [notice] = queries.public()
    assert notice.file.sha256
    assert notice.issued_at == OPENS


def test_character_that_no_font_has_keeps_the_publicity_shut_and_is_named(wordings, approved_case, clerk):
    Organisation.objects.filter(pk=approved_case.organisation.pk).update(name="示例\U00030000智造有限公司")

    with pytest.raises(Refused, match=r"还不能公示：字体里没有“\U00030000”（U\+30000）"):
        publicity_steps.open_period(approved_case, by=clerk, at=OPENS)

    assert not PublicityPeriod.objects.exists()
    assert not Notice.objects.exists()


def test_personal_number_keeps_the_publicity_shut(wordings, approved_case, clerk):
    Organisation.objects.filter(pk=approved_case.organisation.pk).update(name="示例13800001111有限公司")

    with pytest.raises(Refused, match="手机号码"):
        publicity_steps.open_period(approved_case, by=clerk, at=OPENS)


def test_taking_down_withdraws_what_announced_the_publicity(shown, clerk, plain_files):
    issuing.carry_out(OPENS)

    publicity_steps.take_down(shown, by=clerk, at=at("2026-09-29 10:00"), reason="附件放错了")

    wrong = Notice.objects.get(kind="publicity")
    assert (wrong.state, wrong.withdrawn_reason) == ("withdrawn", "附件放错了")
    said = wrong.followed_by.get()
    assert (said.does, said.notice.kind, said.notice.number) == (
        "withdraws",
        "withdrawal",
        "东数转演〔2026〕1号",
    )
    assert f"《{wrong.title}》现予撤回" in said.notice.body
    assert "撤回的原因：附件放错了。" in said.notice.body


def test_document_withdrawn_before_it_was_out_has_never_been_public(shown, clerk):
    publicity_steps.take_down(shown, by=clerk, at=at("2026-09-29 10:00"), reason="附件放错了")

    assert [notice.kind for notice in Notice.objects.all()] == ["publicity"]
    assert not queries.public().exists()
    assert issuing.carry_out(PUBLISHED) == 0
