"""What another app asks for: with its facts, refused where it could not be made, announced with its edition."""

from datetime import date
from typing import Any

import pytest

from cases.errors import Refused
from cases.models import Case
from cases.sweep import sweep
from notices import asking, issuing, measures, queries, templates
from notices.asking import Wanted
from notices.measures import GroundSaid, Measure
from notices.models import Notice, NoticeLink
from providers.models import ListEdition
from tests.conftest import NOW
from tests.notices.conftest import PUBLISHED, issued

CLEARED = Measure(
    decided_on=date(2026, 9, 17),
    grounds=(GroundSaid("第十条（三）", "绩效评价累计两次不达标"),),
    found="该单位两次评价的得分都低于及格线。",
)
SAYS = measures.says(CLEARED, 再次申请="该单位不得重新申请纳入（第十条）。")


@pytest.fixture
def wanted(wordings: Any, approved_case: Case) -> Wanted:
    return Wanted(measures.CLEARANCE, [approved_case], SAYS)


def test_document_says_who_why_under_which_articles_and_what_follows(wanted, clerk):
    notice = asking.announce(wanted, by=clerk, at=NOW)

    assert notice is not None
    assert notice.title == "关于清退牵引单位示例智造科技有限公司的公告"
    assert notice.body.splitlines()[0] == (
        "示例智造科技有限公司（统一社会信用代码91990001MAQ000119X）有以下情形（第十条（三））：该单位两次评价的得分都低于及格线。"
    )
    assert "绩效评价累计两次不达标" not in notice.body  # our own name for the ground
    assert "该单位不得重新申请纳入（第十条）。" in notice.body
    assert "版" not in notice.body  # no edition was numbered
    assert (notice.case, notice.number, notice.kind_title) == (wanted.cases[0], "东数转演〔2026〕1号", "清退")
    assert notice.facts["情形条款"] == "第十条（三）"


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ({**SAYS, "情形条款": ""}, "还不能发清退：还没有写情形条款"),
        ({**SAYS, "事实": "联系 13800001111"}, "手机号码"),
        ({**SAYS, "事实": "联系\U00030000公司"}, r"字体里没有“\U00030000”"),
    ],
)
def test_document_that_could_not_be_made_is_refused_and_takes_no_number(wanted, clerk, says, told):
    asked = Wanted(measures.CLEARANCE, wanted.cases, says)
    with pytest.raises(Refused, match=told):
        asking.announce(asked, by=clerk, at=NOW)

    assert asking.why_not(asked)
    assert not Notice.objects.exists()
    assert not Notice._meta.get_field("series").related_model.objects.exists()


def test_programme_without_the_wording_announces_nothing(approved_case, clerk):
    asked = Wanted(measures.CLEARANCE, [approved_case], SAYS)

    assert asking.why_not(asked) == ""
    assert asking.announce(asked, by=clerk, at=NOW) is None


def test_wording_decides_what_is_said(wanted, clerk, programme):
    templates.put_in_force(
        templates.draft(
            programme,
            measures.CLEARANCE,
            {"issuers": ["office"], "title": "关于{单位}的公告", "body": "{单位}退出。"},
            by=clerk,
            at=NOW,
        ),
        by=None,
        at=NOW,
    )

    notice = asking.announce(wanted, by=clerk, at=NOW)
    assert notice is not None
    assert notice.body == "示例智造科技有限公司退出。"


def test_edition_is_announced_as_its_kind_of_case_wants(
    wordings, case_in_publicity, plain_files, monkeypatch
):
    def of_edition(edition: ListEdition, cases: Any) -> list[Wanted]:
        return [Wanted(measures.CLEARANCE, [case], SAYS) for case in cases]

    monkeypatch.setitem(asking._of_editions, "partner_change", of_edition)
    sweep(PUBLISHED)

    [notice] = Notice.objects.exclude(kind="publicity")
    assert (notice.kind, notice.edition) == ("clearance", ListEdition.objects.get(number=2))
    assert "清退后的名单为数字化牵引单位名单第2版" in notice.body


def test_what_undoes_a_public_document_is_public(wanted, clerk, plain_files):
    wrong = asking.announce(wanted, by=clerk, at=NOW)
    assert wrong is not None
    says = measures.says(Measure(date(2026, 9, 20)), 撤销理由="评价结论已经更正", 恢复="恢复其牵引单位资格")
    undoing = Wanted(
        measures.CORRECTIVE,
        wanted.cases,
        says,
        is_public=False,
        earlier={NoticeLink.Does.REVOKES: [wrong]},
    )

    notice = asking.announce(undoing, by=clerk, at=NOW)
    issuing.carry_out(NOW)

    assert notice is not None
    assert notice.is_public
    assert f"《{wrong.title}》（{wrong.number}）所作的决定，经复查确有错误：评价结论已经更正。" in notice.body
    assert [link.does for link in queries.followers(wrong)] == ["revokes"]


def test_page_shows_the_whole_ladder_and_what_ends_a_document_once(programme):
    first, second, third, other = (issued(programme) for _ in range(4))
    for later, before, does in (
        (second, first, NoticeLink.Does.FOLLOWS),
        (third, second, NoticeLink.Does.FOLLOWS),
        (other, first, NoticeLink.Does.REVOKES),
    ):
        NoticeLink.objects.create(notice=later, earlier=before, does=does)

    assert [one.earlier for one in queries.earlier(third)] == [second, first]
    assert {one.notice for one in queries.followers(first)} == {second, other, third}
    assert [one.earlier for one in queries.earlier(other)] == [first]
