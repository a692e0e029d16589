"""A draft is published by a second person; a file that corrects a published version publishes the next one."""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts import roles
from accounts.models import User
from cities.models import Article, FrozenRulebook, Limit, Outcome, Rulebook, Stage
from cities.queries import rulebook_in_force
from cities.rulebooks import content, copying, publishing, standing
from cities.rulebooks.errors import RulebookErrors, RulebookRefused
from cities.rulebooks.load import load
from records.models import Event
from tests.cities.drafts.pages import filled_in, held, page, signed_in, upload
from tests.cities.rulebook_files import line_of, write
from tests.conftest import at

AT = at("2026-09-17 10:32")
LATER = at("2026-09-18 09:00")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(stopped_clock: Any) -> None:
    stopped_clock(AT)


@pytest.fixture
def rulebook(tmp_path: Any) -> Rulebook:
    return load([write(tmp_path)], at=AT)[0].rulebook


@pytest.fixture
def editor(rulebook: Rulebook) -> User:
    return held("editor", roles.RULEBOOK_EDITOR, rulebook)


@pytest.fixture
def second(rulebook: Rulebook) -> User:
    return held("second", roles.DECIDER, rulebook)


@pytest.fixture
def draft(rulebook: Rulebook, editor: User) -> Rulebook:
    return begin(rulebook, editor, "amendment")


def begin(rulebook: Rulebook, by: User, change: str) -> Rulebook:
    draft = copying.copy_to_draft(rulebook, change=change, reason="示例文〔2026〕3号", by=by, at=AT)
    Stage.objects.filter(rulebook=draft, key="publicity").update(span_number=7)
    return draft


def refused(draft: Rulebook, day: date, by: User) -> list[str]:
    with pytest.raises(RulebookRefused) as refusal:
        publishing.publish(draft, effective_from=day, by=by, at=AT)
    return refusal.value.reasons


def test_published_draft_binds_from_its_day_and_ends_the_one_before(rulebook, draft, second):
    published = publishing.publish(draft, effective_from=date(2026, 10, 1), by=second, at=AT)

    rulebook.refresh_from_db()
    assert rulebook.effective_to == date(2026, 9, 30)
    assert (published.standing, published.published_at, published.published_by) == ("published", AT, second)
    assert published.digest == content.of_rulebook(published).digest
    in_force = [
        rulebook_in_force(published.programme, at(day)) for day in ("2026-09-30 23:59", "2026-10-01 00:00")
    ]
    assert in_force == [rulebook, published]


def test_publishing_is_an_event(draft, second):
    publishing.publish(draft, effective_from=date(2026, 10, 1), by=second, at=AT)

    event = Event.objects.get(verb="publish_rulebook", actor=second)
    assert event.summary == "发布示例办法（第 2 版），修订（示例文〔2026〕3号），2026-10-01 起施行"
    assert event.data["reason"] == "示例文〔2026〕3号"
    assert Event.objects.get(verb="end_rulebook").actor == second


def test_rows_of_what_was_published_are_frozen(draft, second):
    publishing.publish(draft, effective_from=date(2026, 10, 1), by=second, at=AT)

    with pytest.raises(FrozenRulebook):
        Stage.objects.get(rulebook=draft, key="publicity").save()


def test_who_copied_the_draft_cannot_publish_it(draft, editor):
    assert refused(draft, date(2026, 10, 1), editor) == [
        "您起草或改过这份草稿：由另一位可以确认规则的人发布。"
    ]


@pytest.mark.parametrize("how", ["row", "nested row", "article", "head", "deleted row", "file"])
def test_who_changed_the_draft_in_any_way_cannot_publish_it(rulebook, draft, second, how):
    other = held("other", roles.RULEBOOK_EDITOR, rulebook)
    client = signed_in(other)
    if how == "file":
        file = client.get(page(draft, "file")).content.decode().replace("span: 7", "span: 6")
        assert upload(client, draft, file).status_code == 302
    elif how == "deleted row":
        assert (
            client.post(page(Limit.objects.get(rulebook=draft), "delete"), {"post": "yes"}).status_code == 302
        )
    else:
        row, facts = {
            "row": (Limit.objects.get(rulebook=draft), {"number": "3"}),
            "nested row": (Outcome.objects.get(rulebook=draft, key="upheld"), {"label": "成立"}),
            "article": (Article.objects.get(rulebook=draft, number="第二条"), {"heading": "变更和公示"}),
            "head": (draft, {"title": "示例市服务商管理办法（修订）"}),
        }[how]
        assert client.post(page(row), filled_in(client, page(row), **facts)).status_code == 302

    assert publishing.hands(draft) == {draft.drafted_by_id, other.pk}
    assert refused(draft, date(2026, 10, 1), other)[0].startswith("您起草或改过这份草稿")
    assert publishing.publish(draft, effective_from=date(2026, 10, 1), by=second, at=AT).is_frozen


def test_hand_in_a_draft_that_was_given_up_is_none_in_the_next(rulebook, draft, editor, second):
    client = signed_in(held("other", roles.RULEBOOK_EDITOR, rulebook))
    row = Limit.objects.get(rulebook=draft)
    client.post(page(row), filled_in(client, page(row), number="3"))
    client.post(page(draft, "discard"), {"reason": "重来"})

    again = copying.copy_to_draft(rulebook, change="amendment", reason="再来", by=editor, at=LATER)

    assert publishing.hands(again) == {editor.pk}


def test_another_account_of_who_copied_the_draft_cannot_publish_it(draft, editor, second):
    second.email = editor.email = "one@example.org"
    for account in (second, editor):
        account.save()

    assert refused(draft, date(2026, 10, 1), second) == [
        f"您的另一个账号 {editor.username}（邮箱相同）起草或改过这份草稿：由另一位可以确认规则的人发布。"
    ]


def test_everything_that_stands_against_it_is_told_at_once(rulebook, editor):
    draft = begin(rulebook, editor, "correction")
    Outcome.objects.filter(rulebook=draft, key="upheld").delete()
    Limit.objects.filter(rulebook=draft).update(procedure_key="chance")

    assert refused(draft, date(2024, 12, 31), editor) == [
        "您起草或改过这份草稿：由另一位可以确认规则的人发布。",
        "更正从发布当日（2026年9月17日）或之后起施行：换一天。",
        "与第 1 版（2025年1月1日 起，至今没有失效）同时有效（应晚于 2025-01-01）。",
        "limits.twice.procedure：没有代码为“chance”的程序（应为 change 之一）",
        "procedures.change.stages.publicity.outcomes：role: upheld 的结果有 0 个（应正好 1 个）",
    ]
    draft.refresh_from_db()
    rulebook.refresh_from_db()
    assert (draft.standing, draft.effective_from, rulebook.effective_to) == ("draft", None, None)


def test_correction_begins_today_at_the_earliest(rulebook, editor, second):
    draft = begin(rulebook, editor, "correction")

    assert len(refused(draft, date(2026, 9, 16), second)) == 1
    assert publishing.publish(draft, effective_from=date(2026, 9, 17), by=second, at=AT).is_in_force(AT)


def test_published_version_is_not_published_again(rulebook, second):
    assert refused(rulebook, date(2026, 10, 1), second) == ["示例办法（第 1 版）是已发布，只有草稿才能发布。"]


def test_draft_that_begins_after_its_own_end_is_refused(draft, second):
    Rulebook.objects.filter(pk=draft.pk).update(effective_to=date(2026, 9, 30))

    assert refused(draft, date(2026, 10, 1), second) == [
        "rulebook.effective_to：2026-09-30 早于施行日期 2026-10-01（应为施行日期或之后）"
    ]


def test_page_publishes_for_the_second_person(draft, second):
    client = signed_in(second)

    answer = client.post(page(draft, "publish"), {"effective_from": "2026-10-01"}, follow=True)

    assert "已发布示例办法（第 2 版），2026年10月1日 起施行。" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.effective_from == date(2026, 10, 1)
    again = client.get(page(draft, "publish"), follow=True).content.decode()
    assert "示例办法（第 2 版）是已发布，现在不能发布。" in again


def test_page_tells_the_drafter_before_a_day_is_written(draft, editor):
    client = signed_in(editor)

    shown = client.get(page(draft, "publish")).content.decode()
    answer = client.post(page(draft, "publish"), {"effective_from": "2026-10-01"})

    assert "与第 1 版比，1 处不同" in shown
    assert "<ins>7</ins>" in shown
    assert "您起草或改过这份草稿：由另一位可以确认规则的人发布。" in shown
    assert (answer.status_code, draft.standing) == (422, "draft")


def test_day_in_the_past_must_be_confirmed(draft, second):
    client, facts = signed_in(second), {"effective_from": "2026-09-01"}

    answer = client.post(page(draft, "publish"), facts)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "confirm": ["2026年9月1日 已经过去。核对日期，没有写错就勾选“我知道它从过去的一天起有效”"]
    }
    assert client.post(page(draft, "publish"), facts | {"confirm": "on"}).status_code == 302


def test_page_says_what_is_wrong_with_the_form_and_with_the_draft_at_once(draft, second):
    Outcome.objects.filter(rulebook=draft, key="upheld").delete()

    page_of_it = signed_in(second).post(page(draft, "publish"), {}).content.decode()

    assert "写明从哪一天起施行" in page_of_it
    assert "现在还不能发布，有 1 处要办" in page_of_it
    assert "role: upheld 的结果有 0 个（应正好 1 个）" in page_of_it


def test_publishing_needs_the_permission_to_confirm(rulebook, draft):
    for name, role in {"auditor": roles.AUDITOR, "clerk": roles.CLERK}.items():
        client = signed_in(held(name, role, rulebook))
        assert client.post(page(draft, "publish"), {"effective_from": "2026-10-01"}).status_code == 404
    draft.refresh_from_db()
    assert draft.standing == "draft"


def test_draft_that_was_published_meanwhile_is_not_changed_any_more(draft, editor, second):
    client, row = signed_in(editor), Limit.objects.get(rulebook=draft)
    data = filled_in(client, page(row), number="3")
    publishing.publish(draft, effective_from=date(2026, 10, 1), by=second, at=AT)

    assert client.post(page(row), data).status_code == 403
    row.refresh_from_db()
    assert row.number == 2


# Corrections by file.


WRONG = ("span: 5", "span: 7")


def correct(folder: Path, *changes: tuple[str, str], when: Any = LATER) -> Any:
    return load([write(folder, *changes)], at=when, correction="第二条录错了天数")[0]


def test_corrected_file_becomes_the_next_version_from_today(rulebook, tmp_path):
    result = correct(tmp_path, WRONG)

    rulebook.refresh_from_db()
    corrected = Rulebook.objects.get(version=2)
    assert (result.outcome, result.rulebook) == ("corrected", corrected)
    assert result.notes == ["stages.change.publicity.span：5 → 7"]
    assert (corrected.change, corrected.change_reason, corrected.based_on) == (
        "correction",
        "第二条录错了天数",
        rulebook,
    )
    assert (rulebook.effective_to, corrected.effective_from) == (date(2026, 9, 17), date(2026, 9, 18))
    assert (corrected.standing, corrected.published_at) == ("published", LATER)
    assert Stage.objects.get(rulebook=corrected, key="publicity").span_number == 7
    assert Stage.objects.get(rulebook=rulebook, key="publicity").span_number == 5
    assert Event.objects.filter(verb="publish_rulebook").first().summary == (
        "载入示例办法（第 2 版），更正（第二条录错了天数），2026-09-18 起施行"
    )


def test_corrected_file_loaded_again_changes_nothing_and_the_old_one_neither(rulebook, tmp_path):
    corrected = correct(tmp_path, WRONG).rulebook

    for again in (correct(tmp_path, WRONG), load([write(tmp_path, WRONG)], at=LATER)[0]):
        assert (again.outcome, again.rulebook) == ("unchanged", corrected)
    assert load([write(tmp_path)], at=LATER)[0].outcome == "unchanged"
    assert Rulebook.objects.count() == 2


def test_file_that_differs_from_a_correction_is_refused_with_what_differs_from_it(rulebook, tmp_path):
    correct(tmp_path, WRONG)
    path = write(tmp_path, ("span: 5", "span: 9"))

    with pytest.raises(RulebookErrors) as refused:
        load([path], at=LATER)

    assert [(error.line, error.reason) for error in refused.value.errors] == [
        (
            line_of(path, "span: 9"),
            "第 2 版已发布，不能改动：stages.change.publicity.span：7 → 9（应另立新版本）",
        )
    ]


def test_second_correction_on_the_same_day_begins_on_the_next(rulebook, tmp_path):
    correct(tmp_path, WRONG)

    again = correct(tmp_path, ("span: 5", "span: 9")).rulebook

    assert (again.version, again.based_on.version, again.effective_from) == (3, 2, date(2026, 9, 19))
    assert standing.in_the_way(again) == []


def test_correction_keeps_the_end_that_staff_recorded(rulebook, tmp_path):
    standing.record_end(rulebook, ends_on=date(2026, 12, 31), event="验收", by=None, at=AT)

    assert correct(tmp_path, WRONG).rulebook.effective_to == date(2026, 12, 31)


def test_version_that_has_ended_is_not_corrected(rulebook, tmp_path):
    standing.record_end(rulebook, ends_on=date(2026, 9, 17), event="验收", by=None, at=AT)

    with pytest.raises(
        RulebookErrors, match="不能更正：第 1 版到 2026年9月17日 为止，更正从 2026年9月18日 起才施行"
    ):
        correct(tmp_path, WRONG)


def test_version_that_another_has_followed_or_whose_draft_is_open_is_not_corrected(
    rulebook, editor, tmp_path
):
    draft = begin(rulebook, editor, "amendment")
    with pytest.raises(RulebookErrors, match="第 2 版草稿还没有发布"):
        correct(tmp_path, WRONG)

    Rulebook.objects.filter(pk=rulebook.pk).update(effective_to=date(2026, 9, 30))
    Rulebook.objects.filter(pk=draft.pk).update(standing="published", effective_from=date(2026, 10, 1))
    with pytest.raises(RulebookErrors, match="第 1 版之后已有第 2 版"):
        correct(tmp_path, WRONG)
    assert Rulebook.objects.count() == 2


def test_first_day_alone_is_no_correction(rulebook, tmp_path):
    with pytest.raises(RulebookErrors, match="effective_from：2025-01-01 → 2025-02-01"):
        correct(tmp_path, ("effective_from: 2025-01-01", "effective_from: 2025-02-01"))


def test_correction_of_nothing_is_loaded_as_it_is(tmp_path):
    assert correct(tmp_path).outcome == "loaded"
    assert Rulebook.objects.get().change == "first"


def test_later_version_by_file_is_an_amendment_of_the_one_before(rulebook, tmp_path):
    second = (("version: 1", "version: 2"), ("effective_from: 2025-01-01", "effective_from: 2026-10-01"))

    amended = load([write(tmp_path, *second)], at=AT)[0].rulebook

    assert (amended.change, amended.based_on) == ("amendment", rulebook)


def test_command_corrects_and_says_so(rulebook, tmp_path):
    path, out = write(tmp_path, WRONG), StringIO()

    call_command("load_rulebook", str(path), "--correction", "录错", stdout=out)

    assert out.getvalue() == (
        f"{path}：示例办法（第 2 版） 已作为更正发布\n  stages.change.publicity.span：5 → 7\n"
    )


@pytest.mark.parametrize(
    ("reason", "told"), [(" ", "写明更正的原因"), ("长" * 201, "最多 200 个字，现在有 201 个")]
)
def test_command_wants_a_reason_that_can_be_kept(tmp_path, reason, told):
    with pytest.raises(CommandError, match=told):
        call_command("load_rulebook", str(write(tmp_path)), "--correction", reason)
