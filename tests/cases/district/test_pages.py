"""A district's pages."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import engine
from cases.models import Case
from tests.cases.district.places import placed, recommended, verified
from tests.conftest import NOW, add, submitted

URL = "/admin/cases/case/"


def test_reviewer_starts_at_the_worklist_of_the_district(
    client, district_case, apply, second, reviewer, programme
):
    client.force_login(reviewer)
    assert client.get("/admin/").headers["Location"] == URL
    shown = client.get(URL).content.decode()
    assert re.search(r"<h1>(.*?)</h1>", shown)[1] == "待办 1 件"
    assert district_case.number in shown
    assert "录入纸质申请" not in shown
    assert district_case.number in client.get(URL + "?status=all").content.decode()


def doors(case: Case) -> dict[str, str]:
    material = case.materials.first()
    assert material is not None
    return {
        "worklist": URL,
        "case": f"{URL}{case.pk}/change/",
        "material": reverse("admin:cases_case_material", args=[case.pk, material.pk]),
        "as the unit sees it": reverse("case", args=[case.pk]),
        "paper": f"{URL}paper/",
        "publicity": "/admin/publicity/publicityperiod/",
        "objections": "/admin/publicity/objection/",
        "unit": reverse("admin:providers_registration_change", args=[case.registration_id]),
        "rules": "/admin/cities/rulebook/",
        "grants": "/admin/accounts/grant/",
    }


def answer(client: Any, place: str) -> int:
    response = client.get(place)
    b"".join(response)  # read to its end, which closes a file
    return int(response.status_code)


@pytest.mark.parametrize(
    ("who", "open_to"),
    [
        ("reviewer", {"worklist", "case", "material", "as the unit sees it"}),
        ("other_reviewer", {"worklist"}),
        ("stranger", set()),
    ],
)
def test_district_finds_its_cases_and_nothing_else_of_the_programme(
    client, request, district_case, who, open_to
):
    client.force_login(request.getfixturevalue(who))
    answers = {name: answer(client, place) for name, place in doors(district_case).items()}

    assert {name for name, status in answers.items() if status == 200} == open_to
    assert {answers[name] for name in ("case", "material", "as the unit sees it") if name not in open_to} in (
        set(),
        {404},
    )


def act(client: Any, case: Case, action: str, **typed: Any) -> Any:
    case = engine.load(case.pk)
    guard = {
        "action": action,
        "stage": str(case.stage_id),
        "since": str(case.stage_since and case.stage_since.isoformat()),
    }
    return client.post(f"{URL}{case.pk}/change/", {**guard, **typed})


def test_reviewer_decides_on_the_case_page(client, district_case, reviewer):
    verified(district_case, reviewer)
    client.force_login(reviewer)
    response = act(client, district_case, "decide", outcome="recommend", opinion="属实")

    assert response.status_code == 302
    assert engine.load(district_case.pk).stage.key == "review"


def actions(client: Any, user: Any, case: Case) -> list[str]:
    client.force_login(user)
    shown = client.get(f"{URL}{case.pk}/change/").content.decode()
    return re.findall(r'name="action" value="(\w+)"', shown)


def test_reviewer_is_offered_work_only_while_the_case_is_at_the_desk(client, district_case, reviewer, clerk):
    assert actions(client, reviewer, district_case) == ["decide", "assign"]
    assert actions(client, clerk, district_case) == ["assign"]

    recommended(district_case, reviewer)
    assert actions(client, reviewer, district_case) == []
    assert act(client, district_case, "assign", owner=clerk.pk).status_code == 422
    client.force_login(clerk)
    assert act(client, district_case, "assign", owner=clerk.pk).status_code == 302


def test_case_is_assigned_only_to_reviewers_of_its_district(client, district_case, reviewer, other_reviewer):
    client.force_login(reviewer)

    assert act(client, district_case, "assign", owner=other_reviewer.pk).status_code == 422
    assert act(client, district_case, "assign", owner=reviewer.pk).status_code == 302
    assert engine.load(district_case.pk).owner == reviewer


def test_opening_of_a_document_at_the_districts_desk_is_kept(client, district_case, reviewer):
    client.force_login(reviewer)
    assert b"".join(client.get(doors(district_case)["material"]))

    document = district_case.materials.first()
    assert (document.opened_by, document.opened_at) == (reviewer, NOW)


def test_case_page_says_whose_district_it_is_and_leads_the_clerk_to_it(
    client, district_case, clerk, reviewer
):
    place = doors(district_case)["unit"]
    for user, may_change in ((clerk, True), (reviewer, False)):
        client.force_login(user)
        shown = client.get(f"{URL}{district_case.pk}/change/").content.decode()
        assert ("<dt>所属区市</dt><dd>示例东区" in shown, place in shown) == (True, may_change)


def test_worklist_of_a_district_takes_the_same_number_of_queries(
    client, district_case, apply, second, third, provider, reviewer, east, django_assert_num_queries
):
    client.force_login(reviewer)
    client.get(URL)
    with CaptureQueriesContext(connection) as one:
        client.get(URL)
    for unit in (placed(second, east), placed(third, east)):
        submitted(apply(unit, provider, [add("other", unit)]), by=provider, at=NOW)
    with django_assert_num_queries(len(one)):
        shown = client.get(URL).content.decode()

    assert shown.count("DG-2026-000") == 3
