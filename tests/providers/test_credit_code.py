import pytest

from providers import credit_code
from tests.providers.codes import code


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("９１９９０００１ＭＡＱ０００１１９ｘ", "91990001MAQ000119X"),
        (" 91990001-MAQ0 0011-9x\u3000", "91990001MAQ000119X"),
        ("91990001MAQO00119X", "91990001MAQO00119X"),
        ("", ""),
    ],
)
def test_normalise(written, normal):
    assert credit_code.normalise(written) == normal


@pytest.mark.parametrize("prefix", ["91", "92", "93", "11", "12", "51", "52", "Y1", "N1", "A1"])
def test_every_legal_kind_of_entity_is_accepted(prefix):
    assert credit_code.problem(prefix + code(1)[2:]) is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("", "写统一社会信用代码，18 位"),
        ("91990001MAQ00011", "信用代码要有 18 位，现在是 16 位"),
        ("91990001MAQO00119X", "信用代码第 12 位是“O”，信用代码不用这个字符，是不是数字 0"),
        ("91990001MAV000119X", "信用代码第 11 位是“V”，信用代码不用这个字符"),
        ("9199000１MAQ000119X", "信用代码第 8 位是“１”，信用代码不用这个字符"),
        ("95990001MAQ000119X", "信用代码以“95”开头，没有这种登记管理部门和机构类别：对照营业执照核对前两位"),
        ("9199A001MAQ000119X", "信用代码第 3 至 8 位是“99A001”，这里是行政区划，只能是数字"),
    ],
)
def test_problem_is_one_sentence(wrong, sentence):
    assert credit_code.problem(wrong) == sentence


def test_check_digit():
    assert credit_code.check_digit_fails("91990001MAQ000119X") is False
    assert credit_code.check_digit_fails("91990001MAQ0001190") is True


def test_check_digit_of_a_kind_the_library_refuses():
    stem = "Y1990001MAQ000119"
    fails = [last for last in credit_code.ALPHABET if credit_code.check_digit_fails(stem + last)]
    assert len(fails) == len(credit_code.ALPHABET) - 1
