"""The page of an edition."""

from django.urls import reverse

from providers import registry
from providers.operations import ListOperation


def test_edition_page_tells_what_changed(client, second_edition):
    text = client.get(reverse("edition", args=["yanshi-units", 2])).content.decode()

    assert "<h1>第 2 版：<wbr>合作伙伴 ＋1 －1，目录 ～1</h1>" in text
    assert "<del>假想冷链数据有限公司</del>" in text
    assert "<ins>演示包装自动化有限公司</ins>" in text
    assert "价格：<del>36,000 元／年</del>" in text
    assert "价格：<ins>29,800 元／年</ins>" in text
    assert second_edition.digest in text
    assert reverse("edition", args=["yanshi-units", 1]) in text


def test_edition_page_of_an_import(client, first_edition):
    text = client.get(reverse("edition", args=["yanshi-units", 1])).content.decode()
    assert "之前没有版本可比" in text


def test_edition_that_there_is_not(client, first_edition):
    assert client.get(reverse("edition", args=["yanshi-units", 2])).status_code == 404


def test_edition_that_was_followed_at_once_says_that_it_never_was_the_list(client, second_edition, unit):
    addresses = [
        reverse("edition", args=["yanshi-units", 2]),
        f"{reverse('list', args=['yanshi-units'])}?edition=2",
    ]
    said = "没有单独作为现行名单公布过"
    assert [said in client.get(url).content.decode() for url in addresses] == [False, False]
    register, ends = registry.lock(unit.programme), ListOperation("end_item", item_code="P-01")
    registry.publish(register, unit, [ends], at=second_edition.published_at, kind="change")
    assert [said in client.get(url).content.decode() for url in addresses] == [True, True]
