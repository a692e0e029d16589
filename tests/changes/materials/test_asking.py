"""Documents that are asked for once, or for each partner."""

from typing import Any

import pytest

from cases import engine
from cases.models import Case
from cases.queries import materials_problems, required_materials
from changes import steps as change_steps
from tests.changes.conftest import every_material, text, upload
from tests.changes.materials.asking import FRESH, OTHER, for_each_partner
from tests.conftest import NOW, PARTNERS

pytestmark = pytest.mark.django_db


LEAVING = {"leaving_code": FRESH, "leaving_name": PARTNERS["fresh"][1]}


def asked(case: Case) -> list[tuple[str, str]]:
    return [(one.row.key, one.subject) for one in required_materials(engine.load(case.pk)) if one.subject]


def missing(case: Case) -> list[str]:
    found = materials_problems(engine.load(case.pk), at=NOW)
    return [problem.field for problem in found if problem.field.count("-") == 2]


def per_application(content: dict[str, Any]) -> None:
    for_each_partner(content)
    content["procedures"][0]["materials"][-3]["per"] = "application"


@pytest.mark.parametrize(
    ("programme", "licences"),
    [(for_each_partner, [FRESH, OTHER]), (per_application, [""])],
    indirect=["programme"],
)
def test_document_is_asked_for_once_or_for_each_partner_as_the_row_says(draft, join, licences):
    join("fresh")
    join("other")

    assert [one.subject for one in required_materials(draft) if one.row.key == "licence"] == licences


def test_partner_of_two_industries_is_asked_once(draft, join):
    join("fresh", "smart-terminals")
    join("fresh", "food-beverage")

    assert asked(draft) == [("licence", FRESH), ("audit", FRESH), ("sheets", FRESH)]


def test_partner_who_takes_another_ones_place_is_asked(draft, registration):
    industry = registration.entries.get(industry__key="smart-terminals").industry
    gone = {"leaving_code": PARTNERS["cloud"][0], "leaving_name": PARTNERS["cloud"][1]}
    new = {"partner_code": OTHER, "partner_name": PARTNERS["other"][1]}
    change_steps.add_operation(draft, "replace_partner", at=NOW, industry=industry, **gone, **new)

    assert asked(draft) == [("licence", OTHER), ("audit", OTHER), ("sheets", OTHER)]


def test_partner_who_only_leaves_is_not_asked(draft, registration):
    industry = registration.entries.get(industry__key="smart-terminals").industry
    gone = {"leaving_code": PARTNERS["cloud"][0], "leaving_name": PARTNERS["cloud"][1]}
    change_steps.add_operation(draft, "end_partner", at=NOW, industry=industry, **gone)

    assert asked(draft) == []


def test_partner_whom_the_same_change_takes_out_again_is_not_asked(draft, join):
    industry = join("fresh").industry
    change_steps.add_operation(draft, "end_partner", at=NOW, industry=industry, **LEAVING)

    assert asked(draft) == []


def test_one_of_a_group_is_enough_for_its_partner_and_for_no_other(draft, join, file):
    join("fresh")
    join("other")
    file("licence", FRESH)
    file("sheets", FRESH)

    assert missing(draft) == [f"material-licence-{OTHER}", f"material-audit-{OTHER}"]


def test_problem_names_the_partner_and_leads_to_its_field(page, join):
    join("fresh")

    response = page.press("submit", reason="补充能力", truthful="on", **every_material())

    assert [(row["href"], row["text"]) for row in response.context["problems"]] == [
        (f"#material-licence-{FRESH}", f"上传{PARTNERS['fresh'][1]}的营业执照（第十五条（一））"),
        (
            f"#material-audit-{FRESH}",
            f"上传{PARTNERS['fresh'][1]}的审计报告或财务报表（盖章）（第十五条（一））",
        ),
    ]
    assert response.content.decode().count('class="has-error"') == 2
    assert f'id="material-audit-{FRESH}"' in response.content.decode()


def test_wrong_file_is_refused_at_the_partner_it_was_for(page, draft, join):
    join("fresh")
    join("other")

    sent = {f"material-licence-{FRESH}": upload(b"<html>"), f"material-licence-{OTHER}": upload()}
    response = page.press("save", **sent)

    assert [row["href"] for row in response.context["problems"]] == [f"#material-licence-{FRESH}"]
    assert f"{PARTNERS['fresh'][1]}的营业执照：盖章件.pdf 的内容是网页" in text(response)
    assert list(draft.materials.values_list("key", "subject")) == [("licence", OTHER)]
