"""A version copied to a draft, the draft edited row by row, checked, compared, replaced by a file or given up."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import roles
from accounts.grants import grant
from accounts.models import User
from cities.models import Article, Category, Limit, OfficialText, Outcome, Procedure, Rulebook, Stage
from cities.rulebooks import checking, comparing, content, copying, dump, editing, schema
from cities.rulebooks.errors import RulebookErrors, RulebookRefused
from cities.rulebooks.load import load
from records.models import Event
from tests.cities.rulebook_files import write
from tests.conftest import at, person

AT = at("2026-09-17 10:32")
DRAFT = ("standing: published", "standing: draft")
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
def draft(rulebook: Rulebook, editor: User) -> Rulebook:
    return copying.copy_to_draft(rulebook, change="amendment", reason="示例文〔2026〕3号", by=editor, at=AT)


@pytest.fixture
def desk(editor: User) -> Client:
    return signed_in(editor)


def held(username: str, role: str, rulebook: Rulebook) -> User:
    user = person(username, username)
    grant(user, role, rulebook.programme, at=AT, by=None, reason="测试")
    user.refresh_from_db()
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(row: Any, name: str = "change") -> str:
    return reverse(f"admin:cities_{row._meta.model_name}_{name}", args=[row.pk])


def adding(model: Any, **owner: Any) -> str:
    [(name, row)] = owner.items()
    return f"{reverse(f'admin:cities_{model._meta.model_name}_add')}?{name}={row.pk}"


def filled_in(client: Client, url: str, **facts: Any) -> dict[str, Any]:
    """What a browser would post from a row's page, the counts of its tables of nested rows included."""
    context = client.get(url).context
    form = context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    for inline in context["inline_admin_formsets"]:
        data |= {field.html_name: field.value() for field in inline.formset.management_form}
        for one in inline.formset.initial_forms:
            data |= {
                f"{one.prefix}-{name}": one[name].value()
                for name in one.fields
                if one[name].value() is not None
            }
    kept = {name: value for name, value in data.items() if value is not None and value is not False}
    return kept | facts


def errors(response: Any) -> dict[str, list[str]]:
    return dict(response.context["adminform"].form.errors)


# Copying.


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


# Adding, changing and deleting rows.


def test_row_at_the_top_is_added_to_its_draft(draft, desk):
    url = adding(Category, rulebook=draft)
    article = Article.objects.get(rulebook=draft, number="第二条")

    answer = desk.post(url, filled_in(desk, url, key="large", name="大型", article=article.pk))

    added = Category.objects.get()
    assert (answer.status_code, answer.url) == (302, page(draft))
    assert (added.rulebook, added.article, added.order) == (draft, article, 1)
    event = Event.objects.get(verb="edit_rulebook")
    assert event.summary == "示例办法（第 2 版）草稿：新增类别 large"
    assert (event.article, event.actor.username) == ("第二条", "editor")


def test_nested_row_is_added_inside_its_parent_after_its_neighbours(draft, desk):
    stage = Stage.objects.get(rulebook=draft, key="publicity")
    url = adding(Outcome, stage=stage)
    facts = {"key": "withdrawn", "label": "撤下", "role": "back", "effect": "none", "result": "refused"}
    article = Article.objects.get(rulebook=draft, number="第二条")

    answer = desk.post(url, filled_in(desk, url, article=article.pk, **facts))

    added = Outcome.objects.get(key="withdrawn")
    assert (answer.status_code, answer.url) == (302, page(stage))
    assert (added.rulebook, added.stage, added.order) == (draft, stage, 3)


def test_another_row_can_be_added_in_the_same_place_at_once(draft, desk):
    url = adding(Category, rulebook=draft)
    article = Article.objects.get(rulebook=draft, number="第二条")

    answer = desk.post(
        url, filled_in(desk, url, key="large", name="大型", article=article.pk, _addanother="1")
    )

    assert answer.url == url
    again = desk.post(url, filled_in(desk, url, key="small", name="小型", article=article.pk))
    assert again.url == page(draft)
    assert list(Category.objects.values_list("key", "order")) == [("large", 1), ("small", 2)]


def test_every_kind_of_row_can_be_added_in_its_place(draft, desk):
    tables = {
        inline.formset.model: inline.opts.add_url
        for shown in (
            draft,
            Procedure.objects.get(rulebook=draft),
            Stage.objects.get(rulebook=draft, key="publicity"),
        )
        for inline in desk.get(page(shown)).context["inline_admin_formsets"]
        if inline.opts.add_url
    }
    scheme_rows = {"dimensions", "bands"}
    nested = {model.section for model in tables if hasattr(model, "section")} | scheme_rows
    assert nested == {section.name for section in schema.every_section()}
    assert [desk.get(url).status_code for url in tables.values()] == [200] * len(tables)


def test_added_row_offers_rows_of_its_own_rulebook_only(draft, desk):
    stage = Stage.objects.get(rulebook=draft, key="submit")

    form = desk.get(adding(Outcome, stage=stage)).context["adminform"].form

    assert {one.procedure for one in form.fields["next_stage"].queryset} == {stage.procedure}
    assert {one.rulebook for one in form.fields["article"].queryset} == {draft}


def test_added_row_whose_key_is_taken_is_told_so(draft, desk):
    url = adding(Limit, rulebook=draft)
    taken = Limit.objects.get(rulebook=draft)
    names = ("measure", "comparator", "number", "unit", "per", "asked", "strictness")
    facts = {name: getattr(taken, name) for name in names}

    answer = desk.post(url, filled_in(desk, url, key="twice", article=taken.article_id, **facts))

    assert answer.status_code == 200
    assert errors(answer)["__all__"] == ["规则 和 代码与已有的一行相同：换一个，或者去改那一行"]


def test_row_with_days_and_no_counting_rule_is_told_so(draft, desk):
    row = Stage.objects.get(rulebook=draft, key="publicity")

    answer = desk.post(page(row), filled_in(desk, page(row), counting_rule=""))

    assert errors(answer) == {"counting_rule": ["有天数就要选怎么计算"]}


@pytest.mark.parametrize("written", ["", "[]"])
def test_list_left_empty_is_an_empty_one(draft, desk, written):
    row = Limit.objects.get(rulebook=draft)

    answer = desk.post(page(row), filled_in(desk, page(row), rules=written, number="4"))

    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.rules, row.number) == ([], 4)


def test_changed_row_is_an_event_that_names_what_was_changed(draft, desk):
    row = Stage.objects.get(rulebook=draft, key="publicity")

    answer = desk.post(page(row), filled_in(desk, page(row), span_number="7"))

    assert (answer.status_code, answer.url) == (302, page(row.procedure))
    assert Event.objects.get(verb="edit_rulebook").summary == (
        "示例办法（第 2 版）草稿：改了环节 change.publicity（期限）"
    )


def test_row_saved_unchanged_is_no_event(draft, desk):
    row = Stage.objects.get(rulebook=draft, key="publicity")

    assert desk.post(page(row), filled_in(desk, page(row))).status_code == 302
    assert not Event.objects.filter(verb="edit_rulebook").exists()


def test_row_is_deleted_with_an_event(draft, desk):
    row = Outcome.objects.get(rulebook=draft, key="upheld")
    stage = row.stage

    answer = desk.post(page(row, "delete"), {"post": "yes"})

    assert (answer.status_code, answer.url) == (302, page(stage))
    assert not Outcome.objects.filter(pk=row.pk).exists()
    assert Event.objects.get(verb="edit_rulebook").summary.endswith("删去结果 change.publicity.upheld")


@pytest.mark.parametrize("asked", ["", "?rulebook=999999", "?rulebook=x", "?rulebook=9223372036854775808"])
def test_row_is_added_nowhere_but_in_a_draft_that_is_there(draft, desk, asked):
    assert desk.get(reverse("admin:cities_category_add") + asked).status_code == 403


def test_row_is_not_added_to_a_published_version_nor_by_who_only_reads(rulebook, draft, desk):
    assert desk.get(adding(Category, rulebook=rulebook)).status_code == 403
    for name, role in {"reader": roles.AUDITOR, "decider": roles.DECIDER}.items():
        client = signed_in(held(name, role, rulebook))
        assert client.get(adding(Category, rulebook=draft)).status_code == 403
        assert "增加类别" not in client.get(page(draft)).content.decode()


def test_page_of_a_draft_takes_as_many_queries_for_many_rows_as_for_one(
    draft, desk, django_assert_num_queries
):
    limit, article = Limit.objects.get(rulebook=draft), Article.objects.get(rulebook=draft, number="第二条")
    Category.objects.create(rulebook=draft, article=article, key="large", name="大型")
    Limit.objects.filter(pk=limit.pk).update(categories=["large"])
    desk.get(page(draft))
    with CaptureQueriesContext(connection) as one:
        desk.get(page(draft))
    for number in range(3):
        limit.pk, limit.key, limit.procedure_key = None, f"more-{number}", f"p{number}"
        limit.categories = ["large"]
        limit.save()

    with django_assert_num_queries(len(one)):
        assert "p0" not in desk.get(page(draft)).content.decode()


# Checking.


def test_copy_of_a_sound_version_has_no_faults(draft):
    assert checking.findings(draft) == []


def test_every_fault_is_found_at_once_and_led_back_to_its_row(draft, desk):
    publicity = Stage.objects.get(rulebook=draft, key="publicity")
    Stage.objects.filter(pk=publicity.pk).update(span_number=None, channel="")
    Outcome.objects.filter(rulebook=draft, key="upheld").delete()
    Limit.objects.filter(rulebook=draft).update(procedure_key="chance", interpretations=[{"question": "?"}])

    found = [(one.key, one.row) for one in checking.findings(draft)]

    path, limit = "procedures.change.stages.publicity", Limit.objects.get(rulebook=draft)
    assert found == [
        ("limits.twice.procedure", limit),
        ("limits.twice.interpretations", limit),
        (f"{path}.channel", publicity),
        (f"{path}.outcomes", publicity),
        (f"{path}.span", publicity),
        (f"{path}.counting", publicity),
    ]
    shown = desk.get(page(draft, "check")).content.decode()
    assert "<h1>有 6 处要改</h1>" in shown
    assert f'<a href="{page(publicity)}">环节</a>' in shown
    assert "第 3" not in shown


def test_faults_take_as_many_queries_for_one_as_for_many(draft, django_assert_num_queries):
    Outcome.objects.filter(rulebook=draft, key="upheld").delete()
    with django_assert_num_queries(35):
        assert len(checking.findings(draft)) == 1
    Stage.objects.filter(rulebook=draft).update(channel="")
    with django_assert_num_queries(35):
        assert len(checking.findings(draft)) == 2


# Comparing.


def test_comparison_tells_articles_rows_and_values(rulebook, draft, desk):
    Stage.objects.filter(rulebook=draft, key="publicity").update(span_number=7)
    Limit.objects.filter(rulebook=draft).update(joint=False, window="rolling")
    Outcome.objects.filter(rulebook=draft, key="upheld").delete()
    Category.objects.create(
        rulebook=draft, article=Article.objects.get(rulebook=draft, number="第一条"), key="large", name="大型"
    )

    told = [(c.mark, c.article, c.place, c.field, c.old, c.new) for c in comparing.compare(rulebook, draft)]

    assert told == [
        ("add", "第一条", "large", "", "无", "大型"),
        ("edit", "第二条", "twice", "期间", "每个公历年", "任意连续十二个月"),
        ("edit", "第二条", "twice", "各项变更合并计", "是", "否"),
        ("edit", "第二条", "change.publicity", "期限", "5", "7"),
        ("end", "第二条", "change.publicity.upheld", "", "公示“异议成立”：办结，未通过", "无"),
    ]
    shown = desk.get(page(draft, "compare")).content.decode()
    assert "<h1>与第 1 版比较：5 处不同</h1>" in shown
    assert "涉及 2 个条、项：第一条、第二条" in shown
    assert "<del>5</del>" in shown
    assert "<ins>7</ins>" in shown


def test_comparison_shows_a_reading_with_its_alternatives(rulebook, draft):
    reading = {
        "question": "算不算？",
        "reading": "算。",
        "alternatives": [{"reading": "七天", "sets": {"span_number": 7}}],
    }
    Stage.objects.filter(rulebook=draft, key="publicity").update(interpretations=[reading])

    [changed] = comparing.compare(rulebook, draft)

    assert (changed.field, changed.new) == ("解释", "算不算？算。（还可以：七天〔span_number 7〕）")


def test_first_version_is_compared_with_nothing(rulebook, desk):
    assert desk.get(page(rulebook, "compare")).status_code == 404


# Files.


def test_draft_is_downloaded_as_a_file(draft, desk):
    answer = desk.get(page(draft, "file"))

    assert answer["Content-Disposition"] == 'attachment; filename="sample-providers-v2.yaml"'
    assert answer.content.decode() == dump.as_text(draft)


def upload(client: Client, draft: Rulebook, text: str) -> Any:
    file = SimpleUploadedFile("改好的.yaml", text.encode())
    return client.post(page(draft, "replace"), {"file": file})


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
