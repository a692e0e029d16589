"""What is wrong in a workbook is told at once and nothing is written."""

import zipfile
from datetime import date

import openpyxl
import pytest

from providers import importing
from providers.importing.workbook import LARGEST
from providers.models import Organisation
from tests.providers.codes import code
from tests.providers.conftest import moment
from tests.providers.importing.workbook import AT, ITEM_ROWS, PARTNER_ROWS, UNIT_ROWS, problems, row
from tests.records.files import samples


def test_all_mistakes_are_told_at_once_and_nothing_is_written(ruled, make):
    path = make(
        units=[
            [code(1), "示例智造科技有限公司", None, "牵引单位", "钢铁", date(2025, 12, 15)],
            [code(2), None, None, "服务商", "食品饮料", "去年"],
        ],
        partners=[[code(9), "食品饮料", code(101), "样例物联技术有限公司"]],
        items=[[code(1), None, "排产软件"]],
    )
    plan = importing.read(path, ruled, at=AT)

    assert [str(line) for line in plan.problems] == [
        "单位 第 2 行 行业：写的是“钢铁”，这个项目没有这个行业，要用的先在后台添加。已有：食品饮料、纺织服装",
        "单位 第 3 行 名称：没有填。每行都要填，合并的单元格先拆开",
        "单位 第 3 行 类别：写的是“服务商”，这个项目的规则里没有这个类别。已有：牵引单位",
        "单位 第 3 行 入库日期：写的是“去年”，不是日期：写成 2023-12-15",
        f"合作伙伴 第 2 行 单位信用代码：{code(9)} 不在“单位”表里：先在“单位”表写这家单位",
        "目录 第 2 行 编码：没有填。每行都要填，合并的单元格先拆开",
    ]
    with pytest.raises(importing.ImportRefused, match="有 6 处要改，什么都没有写入"):
        importing.carry_out(plan, at=AT, by=None)
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        (
            "_0",
            919900010001011234,
            "单位 第 4 行 信用代码：是数字格式，18 位代码的末几位已经丢失：把整列设成文本格式，重新填写",
        ),
        ("_0", "9199", "单位 第 4 行 信用代码：写的是“9199”，信用代码要有 18 位，现在是 4 位"),
        ("_1", "=A1", "单位 第 4 行 名称：是公式 =A1：复制后用“粘贴为数值”换成结果"),
        ("_1", "#N/A", "单位 第 4 行 名称：是表格的错误值 #N/A：改成实际内容"),
        (
            "_1",
            "甲 13812341234",
            "单位 第 4 行 名称：像手机号码 138****1234。名单会公开，不能有个人信息：删去",
        ),
        ("_1", "长" * 121, "单位 第 4 行 名称：有 121 个字，最多 120 个：写短一些"),
        (
            "_1",
            date(2025, 1, 1),
            "单位 第 4 行 名称：写的是“2025年1月1日”，这里要文字：把单元格格式设成文本再填",
        ),
        ("_5", 46022, "单位 第 4 行 入库日期：是数字 46022，不是日期：把单元格格式设成日期"),
        ("_5", "2025年2月30日", "单位 第 4 行 入库日期：写的是“2025年2月30日”，没有这一天"),
        ("_5", date(2026, 3, 2), "单位 第 4 行 入库日期：2026年3月2日晚于名单发布的那天（2026年3月1日）"),
    ],
)
def test_wrong_cell(ruled, make, column, value, sentence):
    units = row(UNIT_ROWS, 2, **{column: value})
    kept = [one for one in PARTNER_ROWS if one[0] != code(2)]
    assert problems(make(units=units, partners=kept, items=ITEM_ROWS[:1]), ruled) == [sentence]


@pytest.mark.parametrize(
    "written", ["2025-12-16", "2025/12/16", "２０２５年１２月１６日", "2025.12.16", date(2025, 12, 16)]
)
def test_day_written_out_is_read(ruled, make, written):
    plan = importing.read(make(units=row(UNIT_ROWS, 2, _5=written)), ruled, at=AT)
    assert plan.units[1].entered_on == date(2025, 12, 16)


def test_full_width_code_and_blank_rows_are_read(ruled, make):
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code(2))
    plan = importing.read(
        make(units=[*UNIT_ROWS[:2], [None] * 6, ["  "], [wide, *UNIT_ROWS[2][1:]]]), ruled, at=AT
    )

    assert plan.problems == []
    assert [unit.code for unit in plan.units] == [code(1), code(2)]


def test_duplicates_and_contradictions_within_the_file(ruled, make):
    found = problems(
        make(
            units=[
                *UNIT_ROWS,
                UNIT_ROWS[0],
                [code(2), "别的名称", None, "牵引单位", "纺织服装", date(2025, 12, 17)],
            ],
            partners=[*PARTNER_ROWS, PARTNER_ROWS[0], [code(2), "纺织服装", code(102), "又一个名称"]],
            items=[*ITEM_ROWS, ITEM_ROWS[0]],
        ),
        ruled,
    )
    assert found == [
        "单位 第 5 行 行业：与第 2 行重复：删去一行",
        f"单位 第 6 行 名称：{code(2)} 这里写“别的名称”，单位 第 4 行写“范例数字科技有限公司”：改成一样",
        "单位 第 6 行 入库日期：与这家单位第 4 行写的不同：各行写成一样",
        "合作伙伴 第 5 行 合作伙伴信用代码：与第 2 行重复：删去一行",
        f"合作伙伴 第 6 行 合作伙伴名称：{code(102)} 这里写“又一个名称”，合作伙伴 第 4 行写“假想冷链数据有限公司”：改成一样",
        "合作伙伴 第 6 行 行业：范例数字科技有限公司在“单位”表里没有行业“纺织服装”：补上那一行，或改行业",
        "目录 第 4 行 编码：与第 2 行重复：删去一行",
    ]


def test_failing_check_digit_needs_a_reason(ruled, make):
    wrong = code(102)[:-1] + ("0" if code(102)[-1] != "0" else "1")
    partners = row(PARTNER_ROWS, 2, _2=wrong)
    assert problems(make(partners=partners), ruled) == [
        f"合作伙伴 第 4 行 合作伙伴信用代码：{wrong} 校验位不符：对照营业执照核对；确认无误的，在“校验位不符仍采用的理由”写明理由"
    ]

    plan = importing.read(make(partners=row(partners, 2, _4="营业执照原件如此")), ruled, at=AT)
    importing.carry_out(plan, at=AT, by=None)
    assert Organisation.objects.get(credit_code=wrong).code_override == "营业执照原件如此"
    assert importing.read(make(partners=partners), ruled, at=AT).problems == []


def test_name_that_differs_from_the_one_known_is_asked_about(ruled, make):
    Organisation.objects.create(credit_code=code(101), name="样例物联有限公司")
    assert problems(make(), ruled) == [
        f"合作伙伴 第 2 行 合作伙伴信用代码：{code(101)} 在系统里是“样例物联有限公司”，这里写“样例物联技术有限公司”：核对后改成一样"
    ]


def test_publication_to_come_is_refused(ruled, make):
    later = moment("2026-03-01T10:01")
    assert problems(make(), ruled, published_at=later) == [
        "发布时间 2026年3月1日 10:01 还没到：写名单实际发布的时间"
    ]


def test_empty_list_is_refused(ruled, make):
    assert problems(make(units=[], partners=[], items=[]), ruled) == ["单位：一家单位也没有：从第 2 行起填写"]


def test_sheet_or_column_missing(ruled, make, tmp_path):
    book = openpyxl.load_workbook(make())
    del book["目录"]
    book["单位"]["C1"] = "地址"
    book["合作伙伴"]["D1"] = "行业"
    book.save(tmp_path / "broken.xlsx")

    assert problems(tmp_path / "broken.xlsx", ruled)[:3] == [
        "单位：第 1 行缺少列：登记地。表头照模板写，模板用 --template 生成",
        "合作伙伴：第 1 行缺少列：合作伙伴名称。表头照模板写，模板用 --template 生成",
        "合作伙伴：第 1 行有重复的列：行业。每列只留一个",
    ]
    assert problems(tmp_path / "broken.xlsx", ruled)[3:] == [
        "目录：没有名为“目录”的表：照模板补上，没有内容也保留表头"
    ]


def test_not_a_workbook(ruled, tmp_path):
    for name, content, sentence in (
        ("list.csv", b"a,b", "list.csv 的内容不是 XLSX（看的是文件内容，不只是后缀）。另存为 XLSX 后再传"),
        (
            "list.xls",
            b"\xd0\xcf\x11\xe0old",
            "list.xls 的内容是旧格式或者加了密码的 Office 文件（看的是文件内容，不只是后缀），这里只收 XLSX。另存为 XLSX 后再传",
        ),
    ):
        (tmp_path / name).write_bytes(content)
        assert problems(tmp_path / name, ruled) == [sentence]
    assert problems(tmp_path / "no.xlsx", ruled)[0].startswith("打不开文件")


def test_damaged_or_swollen_workbook(ruled, tmp_path):
    with zipfile.ZipFile(tmp_path / "empty.xlsx", "w") as package:
        package.writestr("readme", "")
    assert problems(tmp_path / "empty.xlsx", ruled) == [
        "empty.xlsx 是压缩包，不是 Excel 工作簿（里面没有 [Content_Types].xml）。另存后再传"
    ]

    with (tmp_path / "large.xlsx").open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(LARGEST + 1)
    assert problems(tmp_path / "large.xlsx", ruled) == ["large.xlsx 有 50.0 MB，最大 50 MB。压缩或拆分后再传"]


def test_what_hides_in_a_workbook_is_refused_as_in_an_upload(ruled, tmp_path):
    for more, said in (
        ({"xl/vbaProject.bin": b"\0"}, "里有宏或控件"),
        ({"xl/externalLinks/externalLink1.xml": b"<a/>"}, "引用了外部的文件或数据"),
        ({"xl/media/a.bin": b"MZ"}, "里夹带压缩包、程序"),
    ):
        (tmp_path / "list.xlsx").write_bytes(samples.xlsx(more))
        [problem] = problems(tmp_path / "list.xlsx", ruled)
        assert said in problem
