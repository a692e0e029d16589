"""By letters that look like others, that cannot be seen, and that a spreadsheet takes for something else."""

import csv
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from changes.models import Operation
from providers.importing import cells
from providers.importing.layout import Column
from providers.importing.workbook import Cell
from providers.models import Organisation, OrganisationProfile
from records import personal, unseen
from tests.conftest import PARTNERS
from tests.portal.doors.world import World

pytestmark = pytest.mark.django_db

# Cyrillic and Greek letters, another width, mathematical, a compatibility ideograph, and what cannot be seen.
LOOK_ALIKE = (
    "сlerk",
    "clеrk",
    "clerκ",
    "ｃｌｅｒｋ",
    "ｃlerk!",
    "𝐜lerk𝐜",
    "cl\u0435rk",
    "clerkı",
    "林\uf9c1",
    "clérk",
    "clerk\u0301",
)


@pytest.mark.parametrize("name", LOOK_ALIKE)
def test_login_name_that_looks_like_another_is_refused(world: World, as_: Any, name: str) -> None:
    before = User.objects.count()
    link = reverse("invitation", args=[world.things["link"]["token"]])
    secret = {"password1": "yingying-lvzhou-26", "password2": "yingying-lvzhou-26"}

    taken_up = as_("anonymous").post(link, {"username": name, "full_name": "新人", **secret})
    entered = as_("access").post(
        reverse("admin:accounts_user_add"), {"username": name, "full_name": "新人", "email": "n@example.org"}
    )

    assert (taken_up.status_code, entered.status_code) == (422, 200)
    assert User.objects.count() == before


@pytest.mark.parametrize("name", ["clerk", "CLERK", "clerk\u200b", "cl\u00aderk", "\u202eclerk"])
def test_login_name_that_is_another_but_for_case_or_the_unseen_is_taken(
    world: World, as_: Any, name: str
) -> None:
    link = reverse("invitation", args=[world.things["link"]["token"]])
    secret = {"password1": "yingying-lvzhou-26", "password2": "yingying-lvzhou-26"}

    answer = as_("anonymous").post(link, {"username": name, "full_name": "新人", **secret})

    assert answer.status_code == 422
    assert "已有人用" in answer.content.decode()


def added(as_: Any, world: World, **typed: Any) -> Any:
    draft = world.things["draft"]
    url = reverse("change_operation", args=[draft["pk"], "add_partner"])
    browser = as_("manager")
    industry = Operation.objects.filter(change__case=draft["pk"])[0].industry
    assert industry is not None
    code, name = PARTNERS["other"]
    return browser.post(
        url, {"do": "add", "industry": industry.key, "partner_code": code, "partner_name": name} | typed
    )


@pytest.mark.parametrize(
    "letters", [("A", "\u0410"), ("M", "\u041c"), ("0", "О"), ("9", "９\u0301"), ("1", "l"), ("A", "\u0391")]
)
def test_credit_code_in_other_letters_is_refused(world: World, as_: Any, letters: tuple[str, str]) -> None:
    plain, other = letters
    code = PARTNERS["other"][0].replace(plain, other, 1)
    before = Operation.objects.count()

    answer = added(as_, world, partner_code=code)

    assert answer.status_code == 422
    assert "信用代码" in answer.content.decode()
    assert Operation.objects.count() == before


def test_unit_under_a_code_in_other_letters_is_not_there(world: World, client: Any) -> None:
    code = world.things["list"]["credit_code"].replace("A", "\u0410", 1)

    lists = reverse("list", args=[world.things["list"]["slug"]])
    assert client.get(f"{lists}units/{code}/").status_code == 404


@pytest.mark.parametrize(
    "unseen_one",
    ["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202e", "\u2066", "\u3164", "\U000e0041"],
)
def test_name_with_what_cannot_be_seen_is_kept_without_it(world: World, as_: Any, unseen_one: str) -> None:
    code, name = PARTNERS["other"]

    added(as_, world, partner_code=code, partner_name=f"{name[:3]}{unseen_one}{name[3:]}{unseen_one}")

    assert Operation.objects.filter(partner_code=code, partner_name=name).exists()


def test_name_in_an_imported_list_is_kept_without_what_cannot_be_seen() -> None:
    assert cells.text(Cell("示例\u200b智造\u202e\u3164 公司"), Column("名称", "")) == "示例智造 公司"


def test_name_of_two_lines_is_one(world: World, as_: Any) -> None:
    added(as_, world, partner_name="示意食品\n\n各位：\u2028请点击")

    assert Operation.objects.filter(partner_name="示意食品 各位： 请点击").exists()


@pytest.mark.parametrize("nothing", ["\u200b\u200b", "\u3164\u2060", "\u202e \ufeff", "\u2800"])
def test_reason_that_nobody_sees_is_none(world: World, as_: Any, nothing: str) -> None:
    browser, member = as_("manager"), world.things["member"]["pk"]
    answer = browser.post(reverse("my_member_withdraw", args=[member]), {"reason": nothing})

    assert answer.status_code == 422
    assert "写明理由" in answer.content.decode()


def test_password_is_what_was_typed(clerk: User, client: Any) -> None:
    clerk.set_password("長い\u200dpassword-26")
    clerk.save()

    assert (
        client.post(reverse("login"), {"username": "clerk", "password": "長いpassword-26"}).status_code == 200
    )
    assert (
        client.post(reverse("login"), {"username": "clerk", "password": "長い\u200dpassword-26"}).status_code
        == 302
    )


def test_rare_characters_are_words() -> None:
    assert unseen.seen("𬭚\U000e0100䶮㐀") == "𬭚\U000e0100䶮㐀"


DIGITS = {
    "wide": "０１２３４５６７８９",
    "Arabic": "٠١٢٣٤٥٦٧٨٩",
    "Devanagari": "०१२३४५६७८९",
    "mathematical": "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
    "circled": "⓪①②③④⑤⑥⑦⑧⑨",
    "in brackets": "0⑴⑵⑶⑷⑸⑹⑺⑻⑼",
    "raised": "⁰¹²³⁴⁵⁶⁷⁸⁹",
    "in words": "零一二三四五六七八九",
    "as called out": "零幺二三四五六七八九",
    "for banks": "零壹贰叁肆伍陆柒捌玖",
    "of the market": "〇〡〢〣〤〥〦〧〨〩",
}
BETWEEN = (
    "\u200b",
    "\u200b\u200b\u200b\u200b",
    "\u2060",
    "\u00ad",
    "\ufe0f\u20e3",
    "\u0301",
    "\u034f",
    "\u3164",
    " ",
    "—",
)


def typed_otherwise() -> list[str]:
    number = "13800138000"
    ways = [number.translate(str.maketrans("0123456789", digits)) for digits in DIGITS.values()]
    return ways + [between.join(number) for between in BETWEEN]


@pytest.mark.parametrize("written", typed_otherwise())
def test_telephone_does_not_pass_in_any_writing(world: World, as_: Any, written: str) -> None:
    assert personal.found_in(f"联系 {written}，急") == "手机号码"
    answer = added(as_, world, partner_name=f"联系 {written}，急")

    assert answer.status_code == 422
    assert "手机号码" in answer.content.decode()


FORMULAS = (
    "=HYPERLINK(1)",
    "+1",
    "-1",
    "@SUM(1)",
    "＝1",
    "﹦1",
    "\u200b=1",
    " =1",
    "\t=1",
    "\r=1",
    "=cmd|'/C calc'!A0",
)


@pytest.mark.parametrize("name", FORMULAS)
def test_name_of_a_company_is_no_formula_in_the_list(world: World, client: Any, name: str) -> None:
    Organisation.objects.update(name=name)
    OrganisationProfile.objects.update(name=name)

    table = b"".join(client.get(reverse("list_csv", args=[world.things["list"]["slug"]]))).decode("utf-8-sig")

    cells = [cell for row in csv.reader(table.splitlines(keepends=True)) for cell in row]
    assert f"'{name}".replace("\r", "\n") in [cell.replace("\r", "\n") for cell in cells]
    assert [cell for cell in cells if cell.startswith(tuple("=+-@\t\r＝"))] == []
