"""A district's desk: who decides there, what a district sees, and units that name no district."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import grants, roles
from cases import engine, people, steps
from cases.access import FILE, OFFICE, VIEW, WITHDRAW, case_or_404
from cases.errors import Refused
from cases.models import Case
from cases.worklist import LATER, ME, OTHERS, desk_of, grouped, open_cases
from providers import districts
from providers.models import Registration
from tests.conftest import NOW, add, at, office, person, submitted
from tests.rulebooks import load_changed, stage

URL = "/admin/cases/case/"
LATER_ON = at("2026-09-18 09:00")
NO_DISTRICT = (
    "单位没有登记所属区市，不能转到“区市审核”（第十五条（二））。"
    "由经办人在后台的“入库单位”登记所属区市，登记以后再办。"
)


def a_district(**fields: Any) -> Any:
    """The unit's district looks at an application before the clerk does; `after` puts it behind the clerk's desk."""
    after = fields.pop("after", "submit")

    def change(content: dict[str, Any]) -> None:
        content["city"]["districts"] = ["示例东区", "示例西区"]
        stages = content["procedures"][0]["stages"]
        before = stage(content, after)
        onward = before["outcomes"][0]
        stages.insert(stages.index(before) + 1, _desk(onward["next_stage"], fields))
        onward["next_stage"] = "district"

    return change


def _desk(next_stage: str, fields: dict[str, Any]) -> dict[str, Any]:
    ways: list[dict[str, Any]] = [
        {"key": "recommend", "label": "同意上报", "next_stage": next_stage},
        {
            "key": "return",
            "label": "退回补正",
            "role": "return",
            "needs_reason": True,
            "next_stage": "submit",
        },
        {"key": "reject", "label": "不同意", "role": "refuse", "needs_reason": True, "result": "refused"},
    ]
    return {
        "key": "district",
        "article": "第十五条（二）",
        "kind": "review",
        "label": "区市审核",
        "actor": "district_reviewer",
        "outcomes": [{**way, "article": "第十五条（二）"} for way in ways],
        **fields,
    }


@pytest.fixture
def programme(calendar, tmp_path, request):
    return load_changed(tmp_path, getattr(request, "param", a_district()))


@pytest.fixture(autouse=True)
def clock_stands_at_now(stopped_clock):
    return stopped_clock


@pytest.fixture
def east(programme) -> Any:
    return programme.city.districts.get(name="示例东区")


@pytest.fixture
def west(programme) -> Any:
    return programme.city.districts.get(name="示例西区")


@pytest.fixture
def reviewer(east) -> Any:
    return office("reviewer", "柳东区", roles.DISTRICT_REVIEWER, east)


@pytest.fixture
def other_reviewer(west) -> Any:
    return office("other_reviewer", "秦西区", roles.DISTRICT_REVIEWER, west)


@pytest.fixture
def eastern(registration, east) -> Registration:
    return placed(registration, east)


def placed(unit: Registration, district: Any) -> Registration:
    districts.record(unit, district, by=None, at=NOW)
    return Registration.objects.get(pk=unit.pk)


@pytest.fixture
def district_case(apply, eastern, provider) -> Case:
    return submitted(apply(eastern, provider), by=provider, at=NOW)


def verified(case: Case, by: Any) -> Case:
    for material in case.materials.filter(replaced_at=None, seal_checked_at=None):
        steps.verify_seal(material, by=by, at=NOW)
    return case


def recommended(case: Case, reviewer: Any) -> Case:
    return steps.decide(verified(case, reviewer), "recommend", by=reviewer, at=NOW, opinion="属实")


# Who decides


def test_case_is_decided_by_a_reviewer_of_its_units_district(district_case, reviewer):
    case = recommended(district_case, reviewer)

    assert (case.stage.key, case.waiting_for) == ("review", "clerk")
    assert case.decisions.get().by == reviewer


@pytest.mark.parametrize("who", ["other_reviewer", "clerk", "decider", "auditor", "provider", "other_clerk"])
def test_nobody_else_decides_at_a_districts_desk(request, district_case, reviewer, who):
    with pytest.raises(Refused, match="由单位所属区市的区市审核人办理，您没有这个角色。可以办理的：柳东区。"):
        steps.decide(district_case, "recommend", by=request.getfixturevalue(who), at=NOW)


def test_reviewer_decides_at_no_other_desk(district_case, reviewer):
    recommended(district_case, reviewer)

    with pytest.raises(Refused, match="由经办人办理，您没有这个角色"):
        steps.decide(district_case, "support", by=reviewer, at=NOW)


@pytest.mark.parametrize("programme", [a_district(actor="clerk")], indirect=True)
def test_same_desk_of_a_clerk_is_the_clerks(district_case, clerk, reviewer):
    assert recommended(district_case, clerk).stage.key == "review"
    with pytest.raises(Http404):
        case_or_404(reviewer, district_case.pk, OFFICE)


# Units without a district


def test_application_of_a_unit_without_a_district_is_not_taken(apply, registration, provider, reviewer):
    draft = apply(registration, provider)

    with pytest.raises(Refused) as refusal:
        submitted(draft, by=provider, at=NOW)

    assert refusal.value.message == NO_DISTRICT
    assert (engine.load(draft.pk).status, engine.load(draft.pk).number) == (Case.Status.DRAFT, None)


@pytest.mark.parametrize("programme", [a_district(after="review")], indirect=True)
def test_outcome_that_leads_to_a_district_is_refused_until_the_unit_has_one(
    submitted_case, clerk, registration, east
):
    verified(submitted_case, clerk)
    with pytest.raises(Refused) as refusal:
        steps.decide(submitted_case, "support", by=clerk, at=NOW)
    assert refusal.value.message == NO_DISTRICT
    assert submitted_case.decisions.count() == 0

    placed(registration, east)
    case = steps.decide(submitted_case, "support", by=clerk, at=NOW)
    assert (case.stage.key, case.waiting_for) == ("district", "district_reviewer")


@pytest.mark.parametrize("programme", [a_district(after="review")], indirect=True)
def test_outcome_that_leads_elsewhere_needs_no_district(submitted_case, clerk):
    case = steps.decide(submitted_case, "oppose", by=clerk, at=NOW, opinion="不符")

    assert case.stage.key == "approval"


def test_city_without_districts_is_told_who_adds_them(apply, registration, provider, programme):
    programme.city.districts.all().delete()

    with pytest.raises(Refused, match="先由规则编辑在后台的“城市”添加区市，再由经办人"):
        submitted(apply(registration, provider), by=provider, at=NOW)


# What a district sees


def sees(user: Any, case: Case) -> set[str]:
    purposes = {"view": VIEW, "file": FILE, "withdraw": WITHDRAW, "office": OFFICE}
    found = set()
    for name, purpose in purposes.items():
        try:
            found.add(name) if case_or_404(user, case.pk, purpose) else None
        except Http404:
            continue
    return found


def listed(user: Any) -> dict[str, str]:
    desk = desk_of(user)
    return {case.number: case.group for case in grouped(open_cases(desk), desk, ME, NOW)}


def test_case_at_the_districts_desk_waits_for_its_reviewer(district_case, reviewer, other_reviewer, clerk):
    assert (sees(reviewer, district_case), sees(other_reviewer, district_case)) == ({"view", "office"}, set())
    assert listed(reviewer) == {district_case.number: LATER}
    assert listed(other_reviewer) == {}
    assert listed(clerk) == {district_case.number: OTHERS}


def test_case_that_has_left_the_desk_is_still_read(district_case, reviewer, other_reviewer):
    recommended(district_case, reviewer)

    assert (sees(reviewer, district_case), sees(other_reviewer, district_case)) == ({"view", "office"}, set())
    assert (listed(reviewer), listed(other_reviewer)) == ({district_case.number: OTHERS}, {})


def test_case_sent_back_by_the_district_is_still_read(district_case, reviewer):
    steps.decide(
        district_case, "return", by=reviewer, at=NOW, opinion="补", correct_by=at("2026-09-25").date()
    )

    assert sees(reviewer, district_case) == {"view", "office"}


@pytest.mark.parametrize("programme", [a_district(after="review")], indirect=True)
def test_case_that_has_not_come_to_the_desk_yet_is_not_there(apply, eastern, provider, clerk, reviewer):
    case = submitted(apply(eastern, provider), by=provider, at=NOW)
    assert (sees(reviewer, case), listed(reviewer)) == (set(), {})

    steps.decide(verified(case, clerk), "support", by=clerk, at=NOW)
    assert (sees(reviewer, case), listed(reviewer)) == ({"view", "office"}, {case.number: LATER})


def test_draft_is_not_there_for_the_district(apply, eastern, provider, reviewer):
    draft = apply(eastern, provider)

    assert (sees(reviewer, draft), listed(reviewer)) == (set(), {})


def test_case_of_a_unit_that_moved_is_its_new_districts(district_case, registration, west, reviewer, request):
    placed(registration, west)
    newcomer = request.getfixturevalue("other_reviewer")

    assert (sees(reviewer, district_case), sees(newcomer, district_case)) == (set(), {"view", "office"})
    assert list(people.workers(engine.load(district_case.pk))) == [newcomer]


def test_grant_that_is_over_opens_nothing_before_any_sweep(district_case, east, stopped_clock):
    short = person("short", "暂代")
    grants.grant(
        short,
        roles.DISTRICT_REVIEWER,
        east,
        at=NOW,
        by=None,
        reason="暂代",
        ends_at=NOW + timedelta(hours=1),
    )
    assert sees(short, district_case) == {"view", "office"}

    stopped_clock(NOW + timedelta(hours=1))
    assert (sees(short, district_case), listed(short)) == (set(), {})


# In the admin


def test_reviewer_is_staff_as_long_as_the_grant_stands(reviewer):
    assert reviewer.is_staff
    grants.withdraw(reviewer.grants.get(), at=LATER_ON, by=None, reason="调离")
    reviewer.refresh_from_db()
    assert not reviewer.is_staff


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
