from random import Random

import pytest
from stdnum.cn import uscc

from records import personal
from records.personal import Kind
from tests.records.personal import made

AROUND = [
    ("", ""),
    ("联系", "，急"),
    ("电话：", "（王）"),
    ("见“", "”。"),
    ("(", ")"),
    ("第1项 ", "\n下一行 12"),
]
EACH = 400


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        (Kind.IDENTITY, made.identity),
        (Kind.IDENTITY, made.old_identity),
        (Kind.MOBILE, made.mobile),
        (Kind.CARD, made.card),
    ],
)
def test_every_number_is_found_in_any_spelling(kind, make):
    random = made.seeded(20260917)
    missed = []
    for _ in range(EACH):
        number, (before, after) = make(random), random.choice(AROUND)
        written = made.spelt(random, number)
        found = personal.find(f"{before}{written}{after}")
        # An old identity number may pass for a card and a card of fifteen for an old identity number.
        is_found = any(one.plain == number.upper() for one in found)
        if not is_found or (found[0].kind != kind and len(number) != 15):
            missed.append((number, written, found))
    assert missed == []


@pytest.mark.parametrize("lead", ["tel", "TEL:", "+86 ", "0086-", "86", "微信", "wx", "手机"])
def test_mobile_is_found_behind_what_leads_up_to_it(lead):
    [found] = personal.find(f"{lead}13812341234")

    assert (found.kind, found.masked) == (Kind.MOBILE, "138****1234")


def test_two_numbers_side_by_side_are_two():
    found = personal.find("13812341234 13912345678/6222020212345678902")

    assert [one.masked for one in found if one.kind == Kind.MOBILE] == ["138****1234", "139****5678"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("护照号码：E12345678", Kind.PASSPORT),
        ("12345678@qq.com", Kind.MAIL),
        ("13812341234@139.com", Kind.MAIL),
    ],
)
def test_what_a_word_or_sign_makes_personal_is_found(text, kind):
    assert [one.kind for one in personal.find(text)] == [kind]


def _credit_code(random: Random, letters: str) -> str:
    begins = random.choice(["91", "92", "93", "52", "51", "11", "12", "13", "54", "55"])
    body = begins + made.digits(random, 6) + "".join(random.choice(letters) for _ in range(9))
    return body + uscc.calc_check_digit(body)


def test_false_alarms_on_credit_codes_are_counted():
    """Of 2000 valid ones, half of them nothing but digits: none."""
    random = made.seeded(1)
    codes = [_credit_code(random, "0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(1000)]
    while len(codes) < 2000:
        if (code := _credit_code(random, "0123456789")).isdigit():
            codes.append(code)

    alarms = [code for code in codes if personal.find(f"统一社会信用代码 {code}，有效")]

    assert len(alarms) == 0


def _office_number(random: Random) -> str:
    kind = random.randrange(5)
    if kind == 0:
        area = f"0{random.choice('12345679')}{made.digits(random, random.choice([1, 2]))}"
        return f"{area}{random.choice(['-', ' ', ''])}{random.choice('2345678')}{made.digits(random, 7)}"
    if kind == 1:
        return f"{random.choice(['400', '800'])}-{made.digits(random, 3)}-{made.digits(random, 4)}"
    if kind == 2:
        return f"(0769){random.choice('2345678')}{made.digits(random, 7)}-{made.digits(random, 3)}"
    return "12345" if kind == 3 else f"{random.choice('2345678')}{made.digits(random, 7)}"


def test_false_alarms_on_office_numbers_are_counted():
    """Of 1000 fixed lines, service numbers and extensions: none."""
    random = made.seeded(2)
    numbers = [_office_number(random) for _ in range(1000)]

    assert [number for number in numbers if personal.find(f"电话 {number}（工作日）")] == []


@pytest.mark.parametrize(
    "text",
    [
        "DG-2026-0155",
        "东工信〔2026〕138号",
        "2026-11-13 09:30:00.123456",
        "2026年9月17日至2026年9月21日",
        "36,000 元／年，合计 13,800,138,000.00 元",
        "13800138000元",
        "13.800138000",
        "4f9c1380-1389-4123-8901-123456789012",
        "11111111-2222-4333-8444-555555555555",
        "e3b0c44298fc1c13812341234b934ca495991b7852b855",
        "GB/T 9704-2012",
        "100000 200000 300000",
        "office@example.gov.cn",
        "邮编 523888",
    ],
)
def test_what_is_nobodys_is_left_alone(text):
    assert personal.find(text) == []
    assert personal.shown(text) == text


def test_identity_number_with_a_wrong_check_digit_is_none_but_stays_out_of_logs():
    right = made.identity(made.seeded(3))
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")

    assert personal.find(right)
    assert personal.find(wrong) == []
    assert personal.masked(f"见 {wrong} 行") == "见 *** 行"


def test_shown_keeps_the_text_around_and_the_office():
    text = "王某 １３８ 1234 1234，办公 0769-22831234，身份证 11010119900307851５"

    assert personal.shown(text) == "王某 138****1234，办公 0769-22831234，身份证 ***"
    assert personal.masked(text) == "王某 138****1234，办公 ***，身份证 ***"
    assert personal.shown(text, personal.NOWHERE).startswith("王某 １３８ 1234 1234，")
