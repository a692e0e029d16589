"""What the desk sees of each partner's documents."""

import pytest
from django.urls import reverse

from cases import engine, materials, steps
from cases.errors import Refused
from cases.queries import materials_problems
from changes import steps as change_steps
from tests.changes.conftest import every_material, text, upload
from tests.changes.materials.asking import FRESH, GUANGZHOU, OTHER
from tests.conftest import NOW, PARTNERS, add, submitted

pytestmark = pytest.mark.django_db


def seen(client, user, case) -> str:
    client.force_login(user)
    return text(client.get(reverse("admin:cases_case_change", args=[case.pk]))).replace("\u3000", " ")


def test_desk_sees_the_documents_of_each_partner_under_its_name(client, clerk, filed):
    said = seen(client, clerk, filed)

    for key in ("fresh", "other"):
        code, name = PARTNERS[key]
        assert f"{name} {code} 营业执照" in said
        assert f"章已核：{name}的财务报表" in said


def test_desk_is_told_where_the_other_of_a_group_was_filed(client, clerk, filed):
    filed.materials.get(key="sheets", subject=FRESH).delete()
    assert seen(client, clerk, filed).count("已交同组的另一样") == 1

    filed.materials.get(key="audit", subject=FRESH).delete()
    said = seen(client, clerk, filed)
    assert (said.count("已交同组的另一样"), said.count("没有提交")) == (0, 2)


def test_seal_of_each_partner_is_looked_at(client, clerk, filed):
    for material in filed.materials.exclude(subject=OTHER):
        steps.verify_seal(material, by=clerk, at=NOW)

    with pytest.raises(Refused) as refused:
        steps.decide(filed, "support", by=clerk, at=NOW)

    name = PARTNERS["other"][1]
    assert [one.message for one in refused.value.problems] == [f"“{name}的财务报表”还没有核对盖章"]
    assert f"还没有核对：{name}的财务报表" in seen(client, clerk, filed)
    steps.verify_seal(filed.materials.get(key="sheets", subject=OTHER), by=clerk, at=NOW)
    assert steps.decide(filed, "support", by=clerk, at=NOW).stage.key == "approval"
    assert filed.events.filter(summary=f"核对“{name}的财务报表”的盖章").exists()


def test_opening_a_document_is_kept_with_its_partner(clerk, filed):
    material = filed.materials.get(key="licence", subject=OTHER)

    materials.note_opening(filed, material, by=clerk, at=NOW)

    assert filed.events.get(verb="material.open").summary == f"打开材料“{PARTNERS['other'][1]}的营业执照”"


def test_desk_sees_no_earlier_file_of_a_partner_taken_out(client, clerk, draft, provider, page, join, file):
    leaving = join("fresh")
    join("other")
    file("licence", FRESH, name="旧照.pdf")
    file("licence", FRESH, name="新照.pdf")
    change_steps.remove_operation(leaving, at=NOW)
    sent = {f"material-{key}-{OTHER}": upload() for key in ("licence", "audit")}
    page.press("submit", reason="补充能力", truthful="on", **every_material(), **sent)

    said = seen(client, clerk, engine.load(draft.pk))

    assert ("旧照.pdf" in said, "新照.pdf" in said) == (False, False)


def test_case_page_lists_the_documents_of_each_partner_under_its_name(client, provider, filed):
    client.force_login(provider)
    said = text(client.get(reverse("case", args=[filed.pk]))).replace("\u3000", " ")

    for key in ("fresh", "other"):
        assert f"{PARTNERS[key][1]} {PARTNERS[key][0]} 营业执照" in said


def test_stranger_finds_no_document_of_a_partner(client, stranger, filed):
    material = filed.materials.get(key="licence", subject=FRESH)
    client.force_login(stranger)

    assert client.get(reverse("case_material", args=[filed.pk, material.pk])).status_code == 404


def test_form_asks_as_many_queries_for_three_partners_as_for_one(
    page, join, django_assert_max_num_queries, django_assert_num_queries
):
    join("shared", "food-beverage")  # of one that nobody knows less is asked
    page.read()
    with django_assert_max_num_queries(200) as once:
        page.read()
    join("fresh")
    join("other")

    with django_assert_num_queries(len(once.captured_queries)):
        page.read()


def test_desk_asks_as_many_queries_for_three_partners_as_for_one(
    client, clerk, apply, registration, second, provider, stranger, stopped_clock,
    django_assert_max_num_queries, django_assert_num_queries,
):  # fmt: skip
    one = submitted(apply(second, stranger, [add("cloud", second)]), by=stranger, at=NOW)
    partners = [
        add("fresh", registration),
        add("other", registration),
        add("shared", registration, "food-beverage"),
    ]
    three = submitted(apply(registration, provider, partners), by=provider, at=NOW)
    seen(client, clerk, one)
    with django_assert_max_num_queries(200) as once:
        seen(client, clerk, one)

    with django_assert_num_queries(len(once.captured_queries)):
        seen(client, clerk, three)


@pytest.mark.parametrize("programme", [GUANGZHOU], indirect=True)
def test_application_whose_text_asks_for_documents_of_partners_only_is_filed_with_them(page, draft, join):
    join("fresh")
    join("other")
    assert [problem.field for problem in materials_problems(draft, at=NOW)] == [
        f"material-{key}-{code}"
        for code in (FRESH, OTHER)
        for key in ("business_licence", "representative_id", "audit_report", "credit_report")
    ]

    keys = ("business_licence", "representative_id", "sealed_statements", "credit_report")
    sent = {f"material-{key}-{code}": upload() for key in keys for code in (FRESH, OTHER)}
    response = page.press("submit", reason="补充能力", truthful="on", **sent)

    assert response.status_code == 302
    assert len(engine.load(draft.pk).submission["materials"]) == 8
