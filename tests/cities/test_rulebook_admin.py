import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import roles
from accounts.grants import grant
from accounts.models import ProgrammePermission, User
from cities.models import City, Limit, Outcome, Programme, Rulebook, Stage
from cities.rulebooks import standing
from cities.rulebooks.load import load
from records.models import Event
from tests.cities.rulebook_files import write
from tests.conftest import at

AT = at("2026-09-17 10:32")
SECOND = (("version: 1", "version: 2"), ("effective_from: 2025-01-01", "effective_from: 2026-10-01"))
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(stopped_clock: Any) -> None:
    stopped_clock(AT)


@pytest.fixture
def rulebook(tmp_path: Any) -> Rulebook:
    return load([write(tmp_path)], at=AT)[0].rulebook


@pytest.fixture
def draft(tmp_path: Any) -> Rulebook:
    return load([write(tmp_path, ("standing: published", "standing: draft"))], at=AT)[0].rulebook


def staff(username: str, role: str, target: City | Programme) -> User:
    user = User.objects.create_user(
        username, f"{username}@example.org", "a-long-password-9", full_name=username
    )
    grant(user, role, target, at=AT, by=None, reason="测试")
    User.objects.filter(pk=user.pk).update(is_staff=True)
    return User.objects.get(pk=user.pk)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def editor_of(target: City | Programme) -> Client:
    return signed_in(staff("editor", roles.RULEBOOK_EDITOR, target))


def page_of(row: Any) -> str:
    return reverse(f"admin:cities_{row._meta.model_name}_change", args=[row.pk])


def sent(client: Client, rulebook: Rulebook, **facts: str) -> Any:
    """Post the rulebook's page as a browser would, the counts of its read-only tables included."""
    context = client.get(page_of(rulebook)).context
    shown = {name: field.value() for name, field in ((f.html_name, f) for f in context["adminform"].form)}
    data = {name: "" if value is None else value for name, value in shown.items()}
    for inline in context["inline_admin_formsets"]:
        data |= {field.html_name: field.value() for field in inline.formset.management_form}
        data |= {
            f"{form.prefix}-{name}": form[name].value()
            for form in inline.formset.initial_forms
            for name in ("id", "rulebook")
        }
    return client.post(page_of(rulebook), {**data, **facts})


def errors(response: Any) -> dict[str, list[str]]:
    return dict(response.context["adminform"].form.errors)


def test_published_rulebook_shows_its_rows_and_only_its_end_can_be_edited(rulebook):
    response = editor_of(rulebook.programme).get(page_of(rulebook))

    assert list(response.context["adminform"].form.fields) == ["effective_to", "event", "confirm"]
    assert {inline.has_change_permission for inline in response.context["inline_admin_formsets"]} == {False}
    page = response.content.decode()
    assert "公示：5 个自然日，自次日起算，最后一天不顺延，在本平台，期满自行发布" in page
    assert "申请次数：每家服务商，每个公历年不超过 2 次" in page


def test_recording_the_end_writes_an_event(rulebook):
    client = editor_of(rulebook.programme)

    response = sent(client, rulebook, effective_to="2026-12-31", event="城市试点验收完成，示例文〔2026〕1号")

    assert response.status_code == 302
    rulebook.refresh_from_db()
    assert rulebook.effective_to == date(2026, 12, 31)
    event = Event.objects.get(verb="end_rulebook")
    assert event.summary == "示例办法（第 1 版）有效期至 2026年12月31日：城市试点验收完成，示例文〔2026〕1号"
    assert (event.actor.username, event.at, event.article, event.programme) == (
        "editor",
        AT,
        "第一条",
        rulebook.programme,
    )
    assert (event.data["before"], event.data["after"]) == ("", "2026-12-31")


def test_the_end_needs_its_reason(rulebook):
    response = sent(editor_of(rulebook.programme), rulebook, effective_to="2026-12-31", event=" ")

    assert errors(response) == {"event": ["改了有效期，写明发生了什么、依据哪份文件，不能留空"]}
    rulebook.refresh_from_db()
    assert rulebook.effective_to is None


def test_the_end_cannot_be_before_the_beginning(rulebook):
    response = sent(
        editor_of(rulebook.programme), rulebook, effective_to="2024-12-31", event="更正", confirm="on"
    )

    assert errors(response) == {
        "effective_to": ["2024年12月31日 早于施行日期 2025年1月1日。写施行当日或之后的一天。"]
    }


def test_the_end_cannot_reach_into_the_next_version(rulebook, tmp_path):
    load([write(tmp_path, *SECOND)], at=AT)
    rulebook.refresh_from_db()

    assert (
        standing.why_not_end(rulebook, date(2026, 10, 1))
        == "第 2 版 2026年10月1日 起施行，这一版最晚到前一天为止。"
    )
    assert standing.why_not_end(rulebook, None) == "第 2 版 2026年10月1日 起施行，这一版最晚到前一天为止。"
    assert standing.why_not_end(rulebook, date(2026, 9, 30)) == ""


def test_record_end_refuses_what_is_not_published(draft):
    with pytest.raises(standing.WrongEnd, match="只有已发布的规则才登记失效"):
        standing.record_end(draft, ends_on=date(2026, 12, 31), event="验收", by=None, at=AT)
    assert not Event.objects.filter(verb="end_rulebook").exists()


def test_saving_a_published_rulebook_unchanged_writes_nothing(rulebook):
    before = rulebook.history.count()

    assert sent(editor_of(rulebook.programme), rulebook).status_code == 302
    assert (rulebook.history.count(), Event.objects.filter(verb="end_rulebook").count()) == (before, 0)


def test_posted_fields_of_a_published_rulebook_are_ignored(rulebook):
    sent(
        editor_of(rulebook.programme),
        rulebook,
        title="另一个名称",
        standing="draft",
        effective_from="2020-01-01",
    )

    rulebook.refresh_from_db()
    assert (rulebook.title, rulebook.standing, rulebook.effective_from) == (
        "示例市服务商管理办法",
        "published",
        date(2025, 1, 1),
    )


def test_row_of_a_published_rulebook_can_only_be_read(rulebook):
    client, row = editor_of(rulebook.programme), Stage.objects.get(key="publicity")

    assert client.get(page_of(row)).status_code == 200
    refused = client.post(page_of(row), {"span_number": "7"})
    assert refused.status_code == 403
    assert "已经发布，不能再改" in refused.content.decode()
    delete = reverse("admin:cities_stage_delete", args=[row.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 404
    row.refresh_from_db()
    assert row.span_number == 5


def test_page_of_a_rulebook_leads_to_each_of_its_tables(draft):
    shown = editor_of(draft.programme).get(page_of(draft)).content.decode()

    links = re.findall(r'<a href="#(\w+-group)">(\S+) (\d+)</a>', shown)
    assert all(f'id="{anchor}"' in shown for anchor, _, _ in links)
    assert ("articles-group", "条款", str(draft.articles.count())) in links


def test_draft_is_edited_head_and_rows(draft):
    client, row = editor_of(draft.programme), Limit.objects.get()

    assert sent(client, draft, short_title="示例办法（修订）", issuers='["示例局"]').status_code == 302
    draft.refresh_from_db()
    assert (draft.short_title, draft.issuers, draft.standing) == ("示例办法（修订）", ["示例局"], "draft")

    form = client.get(page_of(row)).context["adminform"].form
    data = {name: form[name].value() for name in form.fields} | {"number": "3", "interpretations": "[]"}
    assert (
        client.post(
            page_of(row), {name: value for name, value in data.items() if value not in (False, None)}
        ).status_code
        == 302
    )
    row.refresh_from_db()
    assert row.number == 3


def test_draft_row_names_rows_of_its_own_rulebook_and_procedure_only(draft, tmp_path):
    other = (
        ("sample-providers", "other"),
        ("number_prefix: SL", "number_prefix: OT"),
        ("standing: published", "standing: draft"),
    )
    load([write(tmp_path, *other)], at=AT)
    outcome = Outcome.objects.get(key="submitted", rulebook=draft)

    form = editor_of(draft.programme).get(page_of(outcome)).context["adminform"].form
    assert {stage.rulebook_id for stage in form.fields["next_stage"].queryset} == {draft.pk}
    assert {article.rulebook_id for article in form.fields["article"].queryset} == {draft.pk}


def test_grant_on_the_city_reaches_its_rulebooks(rulebook):
    assert editor_of(rulebook.programme.city).get(page_of(rulebook)).status_code == 200


def test_access_truth_table(rulebook):
    elsewhere = City.objects.create(slug="elsewhere", name="别处", office="别处专班")
    people = {
        "editor": staff("a", roles.RULEBOOK_EDITOR, rulebook.programme),
        "auditor": staff("b", roles.AUDITOR, rulebook.programme),
        "clerk": staff("c", roles.CLERK, rulebook.programme),
        "editor of another city": staff("d", roles.RULEBOOK_EDITOR, elsewhere),
    }
    row = Stage.objects.get(key="publicity")
    seen = {}
    for who, user in people.items():
        client = signed_in(user)
        listed = client.get(reverse("admin:cities_rulebook_changelist"))
        found = len(listed.context["cl"].result_list) if listed.status_code == 200 else listed.status_code
        seen[who] = (
            found,
            client.get(page_of(rulebook)).status_code,
            client.get(page_of(row)).status_code,
            client.post(page_of(rulebook), {"effective_to": "2026-12-31", "event": "x"}).status_code,
        )
    assert seen == {
        "editor": (1, 200, 200, 200),
        "auditor": (1, 200, 200, 404),
        "clerk": (404, 404, 404, 404),
        "editor of another city": (404, 404, 404, 404),
    }
    rulebook.refresh_from_db()
    assert rulebook.effective_to is None


def test_grant_that_is_over_opens_nothing_though_no_sweep_has_come(rulebook):
    client = editor_of(rulebook.programme)
    assert client.get(page_of(rulebook)).status_code == 200

    ProgrammePermission.objects.update(ends_at=AT)

    assert client.get(page_of(rulebook)).status_code == 404


def test_rulebooks_are_neither_added_nor_deleted_here(rulebook):
    client = editor_of(rulebook.programme)
    assert client.get(reverse("admin:cities_rulebook_add")).status_code == 404
    assert (
        client.post(reverse("admin:cities_rulebook_delete", args=[rulebook.pk]), {"post": "yes"}).status_code
        == 404
    )
    assert Rulebook.objects.count() == 1


def test_editor_keeps_the_telephone_of_the_programme(rulebook):
    client, programme = editor_of(rulebook.programme), rulebook.programme
    context = client.get(page_of(programme)).context
    form = context["adminform"].form
    data = {name: form[name].value() for name in form.fields} | {"objection_phone": "0000-0000000"}
    for inline in context["inline_admin_formsets"]:
        data |= {field.html_name: field.value() for field in inline.formset.management_form}
        for one in inline.formset.forms:
            data |= {
                one[name].html_name: one[name].value() for name in one.fields if one[name].value() is not None
            }

    assert client.post(page_of(programme), data).status_code == 302
    programme.refresh_from_db()
    assert (programme.objection_phone, programme.slug) == ("0000-0000000", "sample-providers")


def test_an_end_in_the_past_must_be_confirmed(rulebook):
    client = editor_of(rulebook.programme)
    facts = {"effective_to": "2026-09-16", "event": "补登记，示例文〔2026〕2号"}

    response = sent(client, rulebook, **facts)

    assert errors(response) == {
        "confirm": ["2026年9月16日 已经过去，那天之后提交的申请都不该受理。核对日期，没有写错就勾选这一项"]
    }
    page = response.content.decode()
    assert "我知道那天之后提交的申请都不该受理" in page
    assert "有效期的最后一天已经过去时必须勾选" in page
    assert sent(client, rulebook, **facts, confirm="on").status_code == 302
    rulebook.refresh_from_db()
    assert rulebook.effective_to == date(2026, 9, 16)


def test_an_end_today_needs_no_confirmation(rulebook):
    response = sent(editor_of(rulebook.programme), rulebook, effective_to="2026-09-17", event="验收")

    assert response.status_code == 302


def test_clearing_the_end_needs_its_reason(rulebook):
    client = editor_of(rulebook.programme)
    sent(client, rulebook, effective_to="2026-12-31", event="验收")

    response = sent(client, rulebook, effective_to="", event="")

    assert errors(response) == {"event": ["改了有效期，写明发生了什么、依据哪份文件，不能留空"]}
    assert sent(client, rulebook, effective_to="", event="登记有误").status_code == 302
    rulebook.refresh_from_db()
    assert rulebook.effective_to is None


def test_record_end_refuses_to_go_without_a_reason(rulebook):
    with pytest.raises(standing.WrongEnd, match="写明发生了什么"):
        standing.record_end(rulebook, ends_on=None, event=" ", by=None, at=AT)


READING = [{"question": "算不算？", "reading": "算。", "alternatives": ["不算", "再议"]}]


def with_readings(rulebook: Rulebook) -> tuple[Rulebook, Stage]:
    """Put past the model, which refuses to save the rows of a published version."""
    row = Stage.objects.get(key="publicity")
    Rulebook.objects.filter(pk=rulebook.pk).update(interpretations=READING)
    Stage.objects.filter(pk=row.pk).update(interpretations=READING)
    return rulebook, row


def test_readings_of_a_published_version_are_sentences(rulebook):
    client = editor_of(rulebook.programme)

    for shown in with_readings(rulebook):
        page = client.get(page_of(shown)).content.decode()
        assert "<b>问题：</b>算不算？<br><b>我们的理解：</b>算。<br><b>还可以：</b>不算；再议" in page
        assert "alternatives" not in page


def test_readings_of_a_draft_are_edited_as_json_with_help(draft):
    client = editor_of(draft.programme)

    for edited in with_readings(draft):
        response = client.get(page_of(edited))
        assert "interpretations" in response.context["adminform"].form.fields
        assert "reading 我们的理解、alternatives 还可以怎么理解" in response.content.decode()


def test_readings_of_a_draft_are_sentences_to_whoever_only_reads(draft):
    client = signed_in(staff("reader", roles.AUDITOR, draft.programme))

    for shown in with_readings(draft):
        page = client.get(page_of(shown)).content.decode()
        assert "<b>我们的理解：</b>算。" in page
        assert "alternatives" not in page
