"""A text for comment binds nothing until the work group adopts it, from a day on, as a new version."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import roles
from accounts.models import User
from cities.models import Rulebook
from cities.queries import adopted_in_force, rulebook_in_force
from cities.rulebooks import copying, publishing
from cities.rulebooks.errors import RulebookRefused
from cities.rulebooks.load import load
from records.models import Event
from tests.cities.drafts.pages import held, page, signed_in
from tests.cities.rulebook_files import write
from tests.conftest import at

AT = at("2026-09-17 10:32")
COMMENT = (
    ("standing: published", "standing: consultation"),
    ("  effective_from: 2025-01-01\n", "  consulted_from: 2025-11-06\n  consulted_to: 2025-11-16\n"),
)
SENTENCE = "示例市 · 示例服务商：为演示，按采纳的征求意见稿办理，没有法律效力。"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(stopped_clock: Any) -> None:
    stopped_clock(AT)


@pytest.fixture
def text(tmp_path: Any) -> Rulebook:
    return load([write(tmp_path, *COMMENT)], at=AT)[0].rulebook


@pytest.fixture
def editor(text: Rulebook) -> User:
    return held("editor", roles.RULEBOOK_EDITOR, text)


@pytest.fixture
def second(text: Rulebook) -> User:
    return held("second", roles.DECIDER, text)


def adopt(text: Rulebook, by: User, day: date = date(2026, 9, 17)) -> Rulebook:
    return copying.copy_to_draft(
        text, change="adoption", reason="示例文〔2026〕5号", effective_from=day, by=by, at=AT
    )


def publish(draft: Rulebook, by: User) -> Rulebook:
    assert draft.effective_from is not None
    return publishing.publish(draft, effective_from=draft.effective_from, by=by, at=AT)


def test_adoption_is_a_draft_of_the_next_version_with_its_day(text, editor):
    draft = adopt(text, editor, date(2026, 10, 1))

    assert (draft.version, draft.standing, draft.change, draft.based_on) == (2, "draft", "adoption", text)
    assert (draft.effective_from, draft.consulted_from, draft.consulted_to) == (date(2026, 10, 1), None, None)
    assert rulebook_in_force(text.programme, AT + timedelta(days=30)) is None
    assert Event.objects.get(verb="copy_rulebook").summary == (
        "由第 1 版起草示例办法（第 2 版），采纳征求意见稿：示例文〔2026〕5号"
    )


def test_adopted_text_binds_from_its_day_once_a_second_person_has_published_it(text, editor, second):
    published = publish(adopt(text, editor, date(2026, 10, 1)), second)

    text.refresh_from_db()
    assert text.standing == "consultation"
    assert rulebook_in_force(text.programme, at("2026-09-30 23:59")) is None
    assert rulebook_in_force(text.programme, at("2026-10-01 00:00")) == published


def test_drafter_cannot_publish_the_adoption(text, editor):
    with pytest.raises(RulebookRefused, match="您起草或改过这份草稿"):
        publish(adopt(text, editor), editor)


@pytest.mark.parametrize("change", ["amendment", "correction"])
def test_text_for_comment_is_neither_amended_nor_corrected(text, editor, change):
    with pytest.raises(RulebookRefused, match="已发布的版本才修订或更正，征求意见稿才采纳"):
        copying.copy_to_draft(text, change=change, reason="改", by=editor, at=AT)


def test_adoption_needs_its_day_and_its_ground(text, editor):
    with pytest.raises(RulebookRefused) as refused:
        copying.copy_to_draft(text, change="adoption", reason="", by=editor, at=AT)

    assert refused.value.reasons == [
        "写明为什么有这一版、依据哪份文件，不能留空。",
        "写明从哪一天起施行。",
    ]


def test_text_is_adopted_once(text, editor, second):
    publish(adopt(text, editor), second)

    with pytest.raises(RulebookRefused, match="这份征求意见稿已经采纳为第 2 版"):
        adopt(text, editor)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ({"title": "示例办法（征求意见稿）"}, ["名称还写着“征求意见稿”：改成正式文本的名称。"]),
        ({"short_title": "征求意见稿"}, ["简称还写着“征求意见稿”：改成正式文本的简称。"]),
        ({"title": "示例办法", "short_title": "办法"}, []),
    ],
)
def test_adoption_does_not_bind_under_the_name_of_a_text_for_comment(text, editor, second, names, told):
    draft = adopt(text, editor)
    Rulebook.objects.filter(pk=draft.pk).update(**names)
    draft.refresh_from_db()

    assert publishing.why_not_publish(draft, by=second, at=AT) == told


def test_check_page_lists_the_readings_of_the_text_for_comment_until_they_are_written_anew(tmp_path, editor):
    question = {"question": "管不管用？", "reading": "不管用。", "alternatives": []}
    Rulebook.objects.update(interpretations=[question])
    draft = adopt(Rulebook.objects.get(), editor)
    assert "<li>管不管用？不管用。</li>" in signed_in(editor).get(page(draft, "check")).content.decode()

    draft.interpretations = [{**question, "reading": "管用。"}]
    draft.save()

    assert "逐条核对" not in signed_in(editor).get(page(draft, "check")).content.decode()


def test_readings_of_a_text_for_comment_are_read_again_before_it_binds(tmp_path, text, editor, second):
    question = {"question": "管不管用？", "reading": "不管用。", "alternatives": []}
    Rulebook.objects.update(interpretations=[question])
    draft = adopt(Rulebook.objects.get(), editor)
    client, told = signed_in(second), {"effective_from": draft.effective_from.isoformat()}
    assert "<li>管不管用？不管用。</li>" in client.get(page(draft, "publish")).content.decode()

    refused = client.post(page(draft, "publish"), told | {"confirm": "on"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["read_again"])

    client.post(page(draft, "publish"), told | {"confirm": "on", "read_again": "on"})
    draft.refresh_from_db()
    assert draft.standing == "published"


def test_adopted_text_loses_the_mark_of_a_text_for_comment(text, editor):
    Rulebook.objects.update(title="示例办法（征求意见稿）", short_title="办法（征求意见稿）")

    draft = adopt(Rulebook.objects.get(), editor)
    assert (draft.title, draft.short_title) == ("示例办法", "办法")


def test_page_adopts_a_text_for_comment(text, editor):
    client = signed_in(editor)
    assert "采纳征求意见稿" in client.get(page(text)).content.decode()
    assert client.post(page(text, "adopt"), {"reason": "示例文〔2026〕5号"}).context["form"].errors == {
        "effective_from": ["写明从哪一天起施行"]
    }

    answer = client.post(
        page(text, "adopt"), {"effective_from": "2026-10-01", "reason": "示例文〔2026〕5号"}, follow=True
    )

    draft = Rulebook.objects.get(version=2)
    assert answer.redirect_chain[-1][0] == page(draft)
    assert (draft.change, draft.change_reason) == ("adoption", "示例文〔2026〕5号")


def test_published_version_is_not_adopted(tmp_path):
    published = load([write(tmp_path)], at=AT)[0].rulebook
    client = signed_in(held("editor", roles.RULEBOOK_EDITOR, published))

    answer = client.post(
        page(published, "adopt"), {"effective_from": "2026-10-01", "reason": "x"}, follow=True
    )

    assert "示例办法（第 1 版）是已发布，现在不能采纳征求意见稿。" in answer.content.decode()
    assert Rulebook.objects.count() == 1


# What a demonstration says of it.


def shown() -> str:
    return Client().get(reverse("home")).content.decode()


def test_every_page_says_that_a_demonstration_runs_on_an_adopted_text(text, editor, second):
    assert SENTENCE not in shown()
    draft = adopt(text, editor)
    assert SENTENCE not in shown()

    publish(draft, second)

    for url in ("home", "rulebooks", "board", "lists", "login"):
        assert SENTENCE in Client().get(reverse(url)).content.decode()
    assert SENTENCE in signed_in(editor).get(page(draft)).content.decode()
    assert SENTENCE in Client().get("/nothing-here/").content.decode()


def test_city_s_own_site_says_nothing_of_it(text, editor, second, settings):
    publish(adopt(text, editor), second)
    settings.PRODUCTION = True

    assert "征求意见稿演示" not in shown()


def test_adopted_text_that_waits_or_has_ended_is_not_named(text, editor, second, stopped_clock):
    published = publish(adopt(text, editor, date(2026, 10, 1)), second)
    assert SENTENCE not in shown()

    stopped_clock(at("2026-10-01 00:00"))
    assert SENTENCE in shown()

    Rulebook.objects.filter(pk=published.pk).update(effective_to=date(2026, 10, 31))
    stopped_clock(at("2026-11-01 00:00"))
    assert SENTENCE not in shown()


@pytest.mark.parametrize("changes", [["amendment"], ["correction"], ["amendment", "correction"]])
def test_what_comes_of_an_adopted_text_is_still_named(text, editor, second, changes):
    version = publish(adopt(text, editor, date(2026, 9, 1)), second)
    for day, change in enumerate(changes, start=17):
        draft = copying.copy_to_draft(version, change=change, reason="改", by=editor, at=AT)
        version = publishing.publish(draft, effective_from=date(2026, 9, day), by=second, at=AT)

    assert adopted_in_force(at("2026-09-30 09:00")) == [version]


def test_version_that_comes_of_no_adoption_is_not_named(tmp_path):
    published = load([write(tmp_path)], at=AT)[0].rulebook
    editor, second = (
        held("editor", roles.RULEBOOK_EDITOR, published),
        held("second", roles.DECIDER, published),
    )
    amended = copying.copy_to_draft(published, change="amendment", reason="改", by=editor, at=AT)
    publishing.publish(amended, effective_from=date(2026, 9, 17), by=second, at=AT)

    assert adopted_in_force(AT) == []


def test_adopted_texts_are_asked_for_once_in_a_page(text, editor, second, django_assert_num_queries):
    publish(adopt(text, editor), second)

    with django_assert_num_queries(1):
        assert len(adopted_in_force(AT)) == 1
