"""The form's part for each partner, and partners taken out again."""

import pytest
from django.urls import reverse

from cases import engine
from cases.errors import Refused
from cases.queries import required_materials
from tests.changes.conftest import every_material, text, upload
from tests.changes.materials.asking import FRESH, OTHER
from tests.conftest import NOW, PARTNERS, submitted

pytestmark = pytest.mark.django_db


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
