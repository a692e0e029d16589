"""A draft begins as a copy of a published version."""

import pytest

from cities.models import OfficialText, Outcome, Rulebook, Stage
from cities.rulebooks import content, copying, editing
from cities.rulebooks.errors import RulebookErrors, RulebookRefused
from cities.rulebooks.load import load
from records.models import Event
from tests.cities.drafts.pages import AT, page
from tests.cities.rulebook_files import write

pytestmark = pytest.mark.django_db


DRAFT = ("standing: published", "standing: draft")


def test_copy_says_the_same_as_its_original(rulebook, draft):
    assert (draft.version, draft.standing, draft.effective_from) == (2, "draft", None)
    assert (draft.change, draft.change_reason, draft.based_on) == ("amendment", "示例文〔2026〕3号", rulebook)
    assert (draft.drafted_by.username, draft.drafted_at) == ("editor", AT)
    [difference] = content.differences(content.of_rulebook(rulebook), content.of_rulebook(draft))
    assert (difference.section, difference.field) == ("rulebook", "effective_from")


def test_rows_of_a_copy_refer_to_rows_of_the_copy(rulebook, draft):
    stage = Stage.objects.get(rulebook=draft, key="publicity")
    outcome = Outcome.objects.get(rulebook=draft, key="submitted")
    assert outcome.next_stage == stage
    assert {stage.procedure.rulebook, stage.article.rulebook, stage.counting_rule.rulebook} == {draft}
    assert Stage.objects.filter(rulebook=rulebook, key="publicity").get() != stage


def test_copying_is_an_event(draft):
    event = Event.objects.get(verb="copy_rulebook")
    assert event.summary == "由第 1 版起草示例办法（第 2 版），修订：示例文〔2026〕3号"
    assert (event.actor.username, event.at, event.programme) == ("editor", AT, draft.programme)


def test_correction_keeps_the_official_text_and_an_amendment_does_not(rulebook, editor):
    OfficialText.objects.create(
        rulebook=rulebook, number="第一条", text="原文", source="示例网站", attached_at=AT
    )
    correction = copying.copy_to_draft(rulebook, change="correction", reason="录错", by=editor, at=AT)
    assert OfficialText.objects.get(rulebook=correction).text == "原文"

    editing.discard(correction, reason="重来", by=editor, at=AT)
    amendment = copying.copy_to_draft(rulebook, change="amendment", reason="修订", by=editor, at=AT)
    assert not OfficialText.objects.filter(rulebook=amendment).exists()


def test_programme_has_one_draft_at_a_time(rulebook, draft, editor):
    with pytest.raises(RulebookRefused) as refused:
        copying.copy_to_draft(rulebook, change="correction", reason="录错", by=editor, at=AT)

    assert refused.value.reasons == ["第 2 版草稿还没有发布：先发布或放弃它，再复制。"]
    assert Rulebook.objects.count() == 2


def test_file_does_not_begin_a_second_draft(draft, tmp_path):
    with pytest.raises(RulebookErrors) as refused:
        load([write(tmp_path, ("version: 1", "version: 3"), DRAFT)], at=AT)

    assert [error.reason for error in refused.value.errors] == ["第 2 版草稿还没有发布（应先发布或放弃它）"]


def test_only_the_newest_published_version_is_copied(rulebook, editor, tmp_path):
    second = (("version: 1", "version: 2"), ("effective_from: 2025-01-01", "effective_from: 2026-10-01"))
    load([write(tmp_path, *second)], at=AT)

    with pytest.raises(RulebookRefused, match="第 1 版之后已有第 2 版：复制那一版"):
        copying.copy_to_draft(rulebook, change="correction", reason="录错", by=editor, at=AT)


def test_draft_is_not_copied_and_the_reason_is_not_left_out(draft, editor):
    with pytest.raises(RulebookRefused) as refused:
        copying.copy_to_draft(draft, change="amendment", reason=" ", by=editor, at=AT)

    assert refused.value.reasons == [
        "第 2 版草稿还没有发布：先发布或放弃它，再复制。",
        "示例办法（第 2 版）是草稿，不能修订：已发布的版本才修订或更正，征求意见稿才采纳。",
        "写明为什么有这一版、依据哪份文件，不能留空。",
    ]


def test_page_of_a_published_version_copies_it(rulebook, desk):
    answer = desk.post(page(rulebook, "copy"), {"change": "correction", "reason": "第二条录错了天数"})

    draft = Rulebook.objects.get(version=2)
    assert (answer.status_code, answer.url) == (302, page(draft))
    assert (draft.change, draft.change_reason) == ("correction", "第二条录错了天数")


def test_page_says_everything_that_keeps_it_from_copying(rulebook, draft, desk):
    answer = desk.post(page(rulebook, "copy"), {})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "change": ["选修订或者更正"],
        "reason": ["写明改了什么、依据哪份文件，不能留空"],
    }
    assert (
        "第 2 版草稿还没有发布：先发布或放弃它，再复制。" in desk.get(page(rulebook, "copy")).content.decode()
    )
