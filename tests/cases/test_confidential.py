"""What must stay in the office is found however it is written, and nothing else is."""

import pytest

from cases.confidential import tells

NAMES = ["王异议", "0769-8899 0017 王先生", "城东数字工会", "邮箱wang.yiyi@example.org，晚上联系", "无"]


@pytest.mark.parametrize(
    "text",
    [
        "王异议反映的情况",
        "王 异 议反映",
        "王·异议",
        "经电话0769-88990017核实",
        "致电（0769）8899-0017",
        "０７６９８８９９００１７",
        "城东数字工会来函",
        "发到 Wang.Yiyi@Example.org",
    ],
)
def test_what_tells_who_it_was_is_found(text):
    assert tells(text, NAMES)


@pytest.mark.parametrize(
    "text",
    ["合同无误", "王某反映的情况", "城东数字产业园", "2026年9月17日 收到 88 份", "电话核实", "先生们", ""],
)
def test_what_tells_nobody_is_let_through(text):
    assert not tells(text, NAMES)
