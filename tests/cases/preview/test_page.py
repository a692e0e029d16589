"""The page that shows it, and what it costs."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case, CheckRun, Deadline
from cases.versions import differences, preview
from cities.models import Rulebook
from records.models import Event
from tests.cases.preview.versions import LATER, TODAY, days
from tests.conftest import NOW, add, at, submitted
from tests.rulebooks import limit, load_next


def page_of(client: Any, user: Any, rulebook: Rulebook, query: str = "") -> Any:
    client.force_login(user)
    return client.get(f"/admin/cases/case/preview/{rulebook.pk}/{query}")


def test_previewing_saves_nothing(submitted_case, case_in_publicity, draft_version):
    def everything():
        return (
            list(Case.objects.order_by("pk").values()),
            list(Deadline.objects.order_by("pk").values()),
            Event.objects.count(),
            CheckRun.objects.count(),
            Case.history.count(),
        )

    before = everything()
    assert preview(draft_version, TODAY, at=LATER).different
    assert everything() == before


def asked(rulebook: Rulebook) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert differences(rulebook, TODAY, at=NOW)[0].rows
    return len(queries)


def test_more_rows_that_differ_cost_no_more_queries(submitted_case, draft_version):
    before = asked(draft_version)
    procedure = draft_version.procedures.get(key="partner_change")
    rule = draft_version.countingrules.get(key="working_next")
    for row in procedure.stages.filter(kind="review"):
        row.span_number, row.counting_rule = 9, rule
        row.save()
    for number in range(5):
        row = procedure.materials.first()
        row.pk, row.key = None, f"more-{number}"
        row.save()

    assert asked(draft_version) == before


def test_each_case_costs_the_same_number_of_queries(
    submitted_case, apply, second, third, clerk, draft_version
):
    def one_more(unit):
        case = apply(unit, clerk, [add("other", unit)], channel="paper", received_on=TODAY)
        submitted(case, by=clerk, at=NOW)
        return asked(draft_version)

    one = asked(draft_version)
    two = one_more(second)
    assert one_more(third) - two == two - one


def test_page_says_how_many_differ_and_how(
    client, approved_case, editor, decider, draft_version, stopped_clock
):
    stopped_clock(LATER)

    page = page_of(client, decider, draft_version).content.decode()
    assert "<h1>1 件在办，1 件会不同</h1>" in page
    for said in (
        "DG-2026-0001",
        "示例智造科技有限公司",
        "2026年10月3日 24:00，5 天",
        "2026年10月5日 24:00，7 天",
    ):
        assert said in page
    assert "第十五条（三）" in page


def test_editor_who_sees_no_cases_sees_no_names(
    client, apply, registration, provider, editor, stopped_clock, tmp_path
):
    case = submitted(apply(registration, provider), by=provider, at=NOW)
    version = load_next(
        tmp_path,
        lambda content: limit(content, "registrations_per_partner").update(number=0),
        standing="draft",
    )

    page = page_of(client, editor, version).content.decode()
    assert "<h1>1 件在办，1 件会不同</h1>" in page
    assert "不符合，不超过 0 家" in page
    for hidden in (str(case), case.organisation.name, "样板工艺软件有限公司"):
        assert hidden not in page


def test_draft_of_a_provider_is_counted_and_not_named(
    client, apply, registration, provider, decider, draft_version, stopped_clock
):
    apply(registration, provider)

    page = page_of(client, decider, draft_version).content.decode()
    assert "<h1>0 件在办、1 份草稿，1 件会不同</h1>" in page
    assert registration.organisation.name not in page


def test_page_without_differences_says_so(client, submitted_case, decider, stopped_clock, tmp_path):
    version = load_next(tmp_path, standing="draft")

    page = page_of(client, decider, version).content.decode()
    assert "<h1>1 件在办，都不会不同</h1>" in page
    assert "按这一版重新算过 1 件，期限、查验、材料和环节都一样。" in page


def test_page_asked_for_an_earlier_day_or_for_none(
    client, submitted_case, decider, draft_version, stopped_clock
):
    later = page_of(client, decider, draft_version, "?from_day=2026-10-01").content.decode()
    assert "另有 1 件仍按提交时的版本办" in later
    assert "没有会按这一版办的事项。" in later

    wrong = page_of(client, decider, draft_version, "?from_day=soon")
    assert (wrong.status_code, "日期写得不对" in wrong.content.decode()) == (400, True)


def test_page_is_there_for_who_edits_or_confirms_rules_here(
    client, editor, decider, clerk, auditor, other_clerk, draft_version, stopped_clock
):
    statuses = [
        page_of(client, user, draft_version).status_code
        for user in (editor, decider, clerk, auditor, other_clerk)
    ]
    assert statuses == [200, 200, 404, 404, 404]


def test_page_of_the_rulebook_leads_there(client, editor, auditor, draft_version, stopped_clock):
    def linked(user):
        client.force_login(user)
        page = client.get(f"/admin/cities/rulebook/{draft_version.pk}/change/").content.decode()
        return f"/admin/cases/case/preview/{draft_version.pk}/" in page

    assert (linked(editor), linked(auditor)) == (True, False)


def test_day_to_come_is_the_day_on_which_what_is_ahead_would_begin(approved_case, tmp_path):
    version = load_next(tmp_path, days(7), standing="draft", moves_open_cases=True)

    [found] = differences(version, date(2026, 10, 20), at=LATER)
    assert [one.what for one in found.rows] == ["期限：公示（2026年10月20日 开始的话）"]


@pytest.mark.parametrize(("from_day", "told_of"), [(3, ["期限：公示"]), (4, [])])
def test_span_that_is_over_before_the_day_is_not_told(case_in_publicity, tmp_path, from_day, told_of):
    """It runs until the end of 3 October."""
    version = load_next(tmp_path, days(7), standing="draft", moves_open_cases=True)

    [found] = differences(version, date(2026, 10, from_day), at=at("2026-10-01 09:00"))
    assert [one.what for one in found.rows] == told_of


def test_what_one_page_does_not_count_again_stands_on_the_next(
    client, submitted_case, apply, second, clerk, decider, draft_version, stopped_clock, monkeypatch
):
    apply(second, clerk, [add("other", second)], channel="paper", received_on=TODAY)
    for module in ("cases.versions.previewing", "cases.admin.preview"):
        monkeypatch.setattr(f"{module}.MOST", 1)
    pages = [page_of(client, decider, draft_version, f"?page={one}") for one in (1, 2)]
    first, last = (page.context["preview"] for page in pages)
    assert (first.before, first.after, last.before, last.after) == (0, 1, 1, 0)
    assert [one.case for one in first.found] == [submitted_case]
    assert first.left_alone == last.left_alone == 0
    for page, link in zip(pages, ("page=2", "page=1"), strict=True):
        assert link in page.content.decode()
