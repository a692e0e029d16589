import pytest

from records import spreadsheet


@pytest.mark.parametrize(
    "start",
    [
        "=",
        "+",
        "-",
        "@",
        "＝",
        "＋",
        "－",
        "＠",
        "﹢",
        "﹣",
        "﹦",
        "﹫",
        "\t",
        "\r",
        " =",
        "\u200b=",
        "\ufeff+",
    ],
)
def test_cell_is_never_a_formula(start):
    assert spreadsheet.harmless(f"{start}1+1") == f"'{start}1+1"
    assert spreadsheet.harmless(f"甲{start}") == f"甲{start}"


def test_table_opens_as_utf8_with_its_cells_quoted():
    assert list(spreadsheet.lines([["事项", "a,b"], [None, 3]])) == ["\ufeff", '事项,"a,b"\r\n', ",3\r\n"]
