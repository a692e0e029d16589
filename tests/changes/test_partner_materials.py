"""Materials that are asked for once for each partner who joins."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import engine, materials, steps
from cases.errors import Refused
from cases.models import Case, Material
from cases.queries import materials_problems, required_materials
from changes import steps as change_steps
from changes.models import Operation
from records import files
from tests.changes.conftest import every_material, text, upload
from tests.conftest import NOW, PARTNERS, PDF, add, submitted
from tests.rulebooks import load_changed, load_other

pytestmark = pytest.mark.django_db

GUANGZHOU = "guangzhou-lead-units"
FRESH, OTHER, SHARED = (PARTNERS[key][0] for key in ("fresh", "other", "shared"))
LEAVING = {"leaving_code": FRESH, "leaving_name": PARTNERS["fresh"][1]}


def for_each_partner(content: dict[str, Any]) -> None:
    """A licence of each partner, and its audited accounts or its sealed statements."""
    rows: dict[str, dict[str, Any]] = {
        "licence": {"label": "营业执照"},
        "audit": {"label": "审计报告", "either_or": "accounts"},
        "sheets": {"label": "财务报表", "either_or": "accounts", "sealed": True},
    }
    common = {"article": "第十五条（一）", "need": "always", "per": "partner", "max_megabytes": 5}
    content["procedures"][0]["materials"] += [
        {"key": key, "file_kinds": ["pdf"], **common, **row} for key, row in rows.items()
    ]


@pytest.fixture
def programme(calendar, tmp_path, request):
    """The rulebook as the test's own change leaves it, or another one; everybody else in conftest lives in it."""
    param = getattr(request, "param", for_each_partner)
    return load_other(param) if param == GUANGZHOU else load_changed(tmp_path, param)


@pytest.fixture
def join(draft, registration) -> Callable[..., Operation]:
    def add_one(partner: str, industry: str = "") -> Operation:
        action, facts = add(partner, registration, industry)
        return change_steps.add_operation(draft, action, at=NOW, **facts)

    return add_one


@pytest.fixture
def file(draft, provider) -> Callable[..., Material]:
    def add_one(key: str, subject: str = "", name: str = "盖章件.pdf") -> Material:
        sent = SimpleUploadedFile(name, PDF, "application/pdf")
        stored = files.store(sent, kinds=["pdf"], max_megabytes=5, by=provider, at=NOW)
        return steps.add_material(draft, key, stored, by=provider, at=NOW, subject=subject)

    return add_one


def asked(case: Case) -> list[tuple[str, str]]:
    return [(one.row.key, one.subject) for one in required_materials(engine.load(case.pk)) if one.subject]


def missing(case: Case) -> list[str]:
    found = materials_problems(engine.load(case.pk), at=NOW)
    return [problem.field for problem in found if problem.field.count("-") == 2]


# Who is asked


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


# What is missing


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
    assert f"{PARTNERS['fresh'][1]}的营业执照：盖章件.pdf 的内容不是 PDF" in text(response)
    assert list(draft.materials.values_list("key", "subject")) == [("licence", OTHER)]


# The form


def test_form_lists_the_documents_of_each_partner_under_its_name(page, join):
    assert "加入合作伙伴以后，这里逐家列出要交的材料：营业执照、审计报告、财务报表。" in text(page.read())
    join("fresh")
    join("other")

    said = text(page.read())

    for key in ("fresh", "other"):
        code, name = PARTNERS[key]
        assert f"{name} {code} 营业执照" in said.replace("\u3000", " ")
        assert f"选择{name}的营业执照" in said
    assert said.count("与财务报表（盖章）任选其一") == said.count("与审计报告任选其一") == 2
    assert "这里逐家列出" not in said


def test_every_button_keeps_what_was_uploaded_for_a_partner(page, draft, join):
    join("fresh")

    page.press("add_partner", **{f"material-licence-{FRESH}": upload(name="甲.pdf")})
    page.press("save", **{f"material-licence-{FRESH}": upload(name="乙.pdf")})

    rows = draft.materials.order_by("pk").values_list("subject", "file__name", "replaced_at")
    assert list(rows) == [(FRESH, "甲.pdf", NOW), (FRESH, "乙.pdf", None)]


def test_replacing_a_document_of_one_partner_leaves_that_of_another(draft, join, file):
    join("fresh")
    join("other")
    kept = file("licence", OTHER)
    file("licence", FRESH)
    file("licence", FRESH)

    assert set(draft.materials.filter(replaced_at=None).values_list("subject", flat=True)) == {FRESH, OTHER}
    assert draft.materials.get(subject=OTHER) == kept


@pytest.mark.parametrize(
    ("key", "subject"), [("licence", ""), ("licence", OTHER), ("application", FRESH), ("anything", "")]
)
def test_document_that_nobody_asks_for_is_refused(draft, join, file, key, subject):
    join("fresh")

    with pytest.raises(Refused, match="这份材料现在不用交"):
        file(key, subject)

    assert draft.materials.count() == 0


def test_paper_application_asks_for_the_documents_of_each_partner_too(
    client, clerk, apply, registration, stopped_clock
):
    case = apply(registration, clerk, channel="paper", received_on=NOW.date())
    client.force_login(clerk)

    assert f"更换{PARTNERS['fresh'][1]}的营业执照" in text(client.get(reverse("change", args=[case.pk])))
    assert submitted(case, by=clerk, at=NOW).submission["materials"][-1]["subject"] == FRESH


# A partner that was taken out again


@pytest.fixture
def taken_out(draft, join, file) -> Operation:
    """Two partners with their licences, then one of them is taken out; the operation of the one that stays."""
    leaving, staying = join("fresh"), join("other")
    for subject in (FRESH, OTHER):
        file("licence", subject, name=f"{subject}.pdf")
    change_steps.remove_operation(leaving, at=NOW)
    return staying


def test_document_of_a_partner_taken_out_is_kept_and_neither_asked_nor_shown(page, draft, taken_out):
    said = text(page.read())

    assert (f"{OTHER}.pdf" in said, f"{FRESH}.pdf" in said, PARTNERS["fresh"][1] in said) == (
        True,
        False,
        False,
    )
    assert draft.materials.get(subject=FRESH).replaced_at is None


def test_document_of_a_partner_taken_out_is_not_filed(page, draft, taken_out):
    sent = {f"material-{key}-{OTHER}": upload() for key in ("licence", "audit")}
    page.press("submit", reason="补充能力", truthful="on", **every_material(), **sent)

    filed = engine.load(draft.pk).submission["materials"]
    assert [row["key"] for row in filed if row["subject"] == OTHER] == ["licence", "audit"]
    assert {row["subject"] for row in filed} == {"", OTHER}


def test_document_is_there_again_when_its_partner_is(draft, join, taken_out):
    join("fresh")

    have = {one.subject: one.material for one in required_materials(draft) if one.row.key == "licence"}
    assert have[FRESH].file.name == f"{FRESH}.pdf"


# The desk


@pytest.fixture
def filed(apply, registration, provider, stopped_clock) -> Case:
    case = apply(registration, provider, [add("fresh", registration), add("other", registration)])
    return submitted(case, by=provider, at=NOW)


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


# Whatever the number of partners


def test_form_asks_as_many_queries_for_three_partners_as_for_one(
    page, join, django_assert_max_num_queries, django_assert_num_queries
):
    join("fresh")
    page.read()
    with django_assert_max_num_queries(200) as once:
        page.read()
    join("other")
    join("shared", "food-beverage")

    with django_assert_num_queries(len(once.captured_queries)):
        page.read()


def test_desk_asks_as_many_queries_for_three_partners_as_for_one(
    client, clerk, apply, registration, second, provider, stranger, stopped_clock,
    django_assert_max_num_queries, django_assert_num_queries,
):  # fmt: skip
    one = submitted(apply(second, stranger), by=stranger, at=NOW)
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


# As a text has it


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
