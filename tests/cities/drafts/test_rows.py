"""Adding, changing and deleting rows of a draft."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import roles
from cities.models import Article, Category, Limit, Outcome, Procedure, Stage
from cities.rulebooks import schema
from records.models import Event
from tests.cities.drafts.pages import filled_in, held, page, signed_in

pytestmark = pytest.mark.django_db


def adding(model: Any, **owner: Any) -> str:
    [(name, row)] = owner.items()
    return f"{reverse(f'admin:cities_{model._meta.model_name}_add')}?{name}={row.pk}"


def errors(response: Any) -> dict[str, list[str]]:
    return dict(response.context["adminform"].form.errors)


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
    assert desk.get(reverse("admin:cities_category_add") + asked).status_code == 404


def test_row_is_not_added_to_a_published_version_nor_by_who_only_reads(rulebook, draft, desk):
    assert desk.get(adding(Category, rulebook=rulebook)).status_code == 404
    for name, role in {"reader": roles.AUDITOR, "decider": roles.DECIDER}.items():
        client = signed_in(held(name, role, rulebook))
        assert client.get(adding(Category, rulebook=draft)).status_code == 404
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
        limit.pk, limit.key, limit.procedure_key = None, f"more-{number}", f"another-{number}"
        limit.categories = ["large"]
        limit.save()

    with django_assert_num_queries(len(one)):
        assert "another-0" not in desk.get(page(draft)).content.decode()
