"""A draft as a file, and its end."""

from datetime import date

import pytest
from django.urls import reverse

from accounts import roles
from cities.models import Rulebook, Stage
from cities.rulebooks import dump, editing
from cities.rulebooks.errors import RulebookErrors
from records.models import Event
from tests.cities.drafts.pages import AT, filled_in, held, page, signed_in, upload

pytestmark = pytest.mark.django_db


def test_draft_is_downloaded_as_a_file(draft, desk):
    answer = desk.get(page(draft, "file"))

    assert answer["Content-Disposition"] == 'attachment; filename="sample-providers-v2.yaml"'
    assert answer.content.decode() == dump.as_text(draft)


def test_file_takes_the_place_of_the_draft(draft, desk):
    text = dump.as_text(draft).replace("span: 5", "span: 7")

    assert upload(desk, draft, text).status_code == 302
    draft.refresh_from_db()
    assert Stage.objects.get(rulebook=draft, key="publicity").span_number == 7
    assert (draft.standing, draft.change, draft.drafted_by.username) == ("draft", "amendment", "editor")
    assert Event.objects.get(verb="load_rulebook", actor__isnull=False).actor.username == "editor"


def test_file_with_faults_changes_nothing_and_every_fault_is_told_by_its_line(draft, desk):
    before = dump.as_text(draft)
    text = before.replace("span: 5", "spam: 5").replace("unit: calendar", "unit: days")

    answer = upload(desk, draft, text)

    line = text.split("spam: 5")[0].count("\n") + 1
    told = answer.context["form"].non_field_errors()
    assert answer.status_code == 422
    assert f"改好的.yaml:{line}: procedures.change.stages.publicity.spam: 不认识这个键（应为 span）" in told
    assert any("counting_rules.plain.unit: 写的是“days”" in one for one in told)
    assert dump.as_text(draft) == before


def test_file_of_something_else_is_refused(draft, editor):
    other = (
        dump.as_text(draft)
        .replace("version: 2", "version: 3")
        .replace("standing: draft", "standing: published")
    )
    other = other.replace("sample-providers", "other").replace("sample-city", "other-city")

    with pytest.raises(RulebookErrors) as refused:
        editing.replace(draft, other.encode(), "other.yaml", by=editor, at=AT)

    told = {error.key: error.reason for error in refused.value.errors}
    assert told["city.slug"] == "写的是“other-city”（这份草稿应为 sample-city）"
    assert told["programme.slug"] == "写的是“other”（这份草稿应为 sample-providers）"
    assert told["rulebook.version"] == "写的是“3”（这份草稿应为 2）"
    assert told["rulebook.standing"] == "写的是“published”（应为 draft；发布在后台办理）"


def test_draft_is_given_up_with_a_reason(draft, desk):
    assert desk.post(page(draft, "discard"), {"reason": ""}).status_code == 422
    answer = desk.post(page(draft, "discard"), {"reason": "条文又改了"})

    assert answer.url == reverse("admin:cities_rulebook_changelist")
    assert not Rulebook.objects.filter(version=2).exists()
    assert Event.objects.get(verb="discard_rulebook").summary == "放弃草稿示例办法（第 2 版）：条文又改了"


def test_steps_are_there_for_whoever_may_take_them(rulebook, draft):
    people = {
        "editor_2": (roles.RULEBOOK_EDITOR, [200, 200, 200, 200]),
        "decider": (roles.DECIDER, [404, 404, 200, 200]),
        "auditor": (roles.AUDITOR, [404, 404, 404, 200]),
        "clerk": (roles.CLERK, [404, 404, 404, 404]),
    }
    pages = [page(rulebook, "copy"), page(draft, "replace"), page(draft, "publish"), page(draft, "compare")]
    for name, (role, expected) in people.items():
        client = signed_in(held(name, role, rulebook))
        assert [client.get(url).status_code for url in pages] == expected, name


def test_draft_head_is_edited_with_an_event(draft, desk):
    data = filled_in(desk, page(draft), moves_open_cases="on", effective_from="2026-11-01")

    assert desk.post(page(draft), data).status_code == 302
    draft.refresh_from_db()
    assert (draft.moves_open_cases, draft.effective_from) == (True, date(2026, 11, 1))
    assert Event.objects.get(verb="edit_rulebook").summary == (
        "示例办法（第 2 版）草稿：改了文本（施行日期、在办事项改按这一版）"
    )
