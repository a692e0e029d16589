"""What is typed and uploaded is kept; what is wrong is told."""

import pytest
from django.urls import reverse

from cases import engine
from cases.models import Case
from changes.models import Operation
from records.models import StoredFile
from tests.changes.conftest import text, upload
from tests.conftest import NOW
from tests.records.files import samples

pytestmark = pytest.mark.django_db


def test_removing_what_another_window_removed_says_so_and_keeps_the_words(page, draft):
    page.press("remove-999999", reason="打了很久的字")
    assert "这一项已经不在变更里" in text(page.read())
    draft.partner_change.refresh_from_db()
    assert draft.partner_change.reason == "打了很久的字"


@pytest.mark.parametrize("do", ["remove-", "remove-x", "remove-²"])
def test_removing_what_is_not_there_is_not_found_and_keeps_the_words(page, draft, do):
    assert page.press(do, reason="打了很久的字").status_code == 404
    draft.partner_change.refresh_from_db()
    assert draft.partner_change.reason == "打了很久的字"


def test_operation_of_another_case_is_not_removed(page, draft, apply, second, stranger):
    other = apply(second, stranger).partner_change.operations.get()
    page.press(f"remove-{other.pk}")
    assert Operation.objects.filter(pk=other.pk).exists()


def test_huge_text_is_refused_and_given_back_while_uploads_are_kept(page, draft):
    response = page.press("submit", reason="长" * 3001, **{"material-application": upload()})
    assert response.status_code == 422
    assert "变更原因最多 3000 字，现在 3001 字" in text(response)
    assert "长" * 3001 in response.content.decode()
    assert draft.materials.get().key == "application"


@pytest.mark.parametrize(
    "do", ["save", "submit", "add_partner", "end_item", "remove-1", "", "no-such-button"]
)
def test_every_button_keeps_what_was_typed_and_uploaded(page, draft, do):
    page.press(do, reason="补充能力", explanation="急用", truthful="on", **{"material-catalogue": upload()})
    change = draft.partner_change
    change.refresh_from_db()
    assert (change.reason, change.explanation, change.truthful) == ("补充能力", "急用", True)
    assert draft.materials.get().key == "catalogue"


def test_discarded_draft_is_gone(page, client, draft):
    assert page.press("discard").url == reverse("my")
    assert engine.load(draft.pk).result == Case.Result.DISCARDED
    assert client.get(reverse("case", args=[draft.pk])).status_code == 404
    assert "变更" not in str(client.get(reverse("my")).context["todo"])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            upload(b"<html>", "盖章件.pdf"),
            "盖章件.pdf 的内容是网页（看的是文件内容，不只是后缀），这里只收 PDF、JPG、PNG",
        ),
        (upload(b""), "盖章件.pdf 是空文件"),
        (upload(b"%PDF-" + b"0" * (20 * 1024 * 1024)), "最大 20 MB"),
    ],
)
def test_wrong_file_is_refused_and_the_good_ones_stay(page, draft, wrong, said):
    response = page.press(
        "save", reason="补充能力", **{"material-application": wrong, "material-catalogue": upload()}
    )
    assert response.status_code == 422
    assert said in text(response)
    assert "有 1 个文件没有收下，其余已保存" in text(response)
    assert [material.key for material in draft.materials.all()] == ["catalogue"]
    assert StoredFile.objects.count() == 1
    draft.partner_change.refresh_from_db()
    assert draft.partner_change.reason == "补充能力"


def test_pages_are_those_of_the_row(page, draft):
    draft.procedure.materials.filter(key="application").update(max_pages=1)
    assert "PDF 不超过 1 页" in text(page.read())
    response = page.press("save", **{"material-application": upload(samples.pdf(pages=2))})
    assert "盖章件.pdf 有 2 页，最多 1 页。只留需要的页，或拆分后再传（第十五条（一））" in text(response)
    page.press("save", **{"material-application": upload(samples.pdf())})
    assert draft.materials.count() == 1


def test_file_for_no_row_is_not_kept(page):
    page.press("save", **{"material-anything": upload()})
    assert StoredFile.objects.count() == 0


def test_replaced_file_stays_on_record(page, draft):
    page.press("save", **{"material-catalogue": upload(name="一.pdf")})
    page.press("save", **{"material-catalogue": upload(name="二.pdf")})
    rows = draft.materials.order_by("pk").values_list("file__name", "replaced_at")
    assert list(rows) == [("一.pdf", NOW), ("二.pdf", None)]


def test_all_errors_come_at_once_each_with_its_article(page):
    response = page.press("submit")
    assert response.status_code == 422
    said = [row["text"] for row in response.context["problems"]]
    assert said == [
        "至少写一项变更：合作伙伴或产品和服务目录（第十五条）",
        "写明变更的具体原因，不能留空（第十五条（一））",
        "勾选真实性承诺",
        "上传变更申请书（盖章）（第十五条（一））",
        "上传变更后的合作伙伴名单（盖章）（第十五条（一））",
        "上传产品和服务目录（盖章）（第十五条（一））",
    ]
    for row in response.context["problems"]:
        assert f'id="{row["href"][1:]}"' in response.content.decode()
