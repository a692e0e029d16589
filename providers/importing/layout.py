"""The sheets and columns of an import workbook: read, offered as a template and documented from this one place."""

from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet


@dataclass(frozen=True)
class Column:
    title: str
    note: str
    example: str = ""
    longest: int = 0
    required: bool = True
    may_be_absent: bool = False


@dataclass(frozen=True)
class Sheet:
    title: str
    note: str
    columns: tuple[Column, ...]


OVERRIDE = Column(
    "校验位不符仍采用的理由",
    "信用代码校验位不符、但对照营业执照确认无误时，写明理由；平时留空",
    longest=200,
    required=False,
    may_be_absent=True,
)
CODE_NOTE = "统一社会信用代码 18 位。整列先设成文本格式，否则表格软件会改掉末几位"
DISTRICT = Column(
    "所属区市",
    "由区市审核的项目才填：后台已添加的区市名称，可以留空",
    "示例区",
    60,
    required=False,
    may_be_absent=True,
)

UNITS = Sheet(
    "单位",
    "每行一家单位的一个类别和行业；一家单位有几个行业就写几行，名称、登记地、入库日期、所属区市各行一致",
    (
        Column("信用代码", CODE_NOTE, "91990001MAQ0001014"),
        Column("名称", "营业执照上的全称", "示例智造科技有限公司", 120),
        Column("登记地", "营业执照上的登记地，可以留空", "示例市示例区", 60, required=False),
        Column("类别", "规则里的类别名称", "示例类别"),
        Column("行业", "后台已添加的细分行业名称", "食品饮料"),
        Column("入库日期", "日期格式，不晚于名单发布的那天", "2023-12-15"),
        DISTRICT,
        OVERRIDE,
    ),
)
PARTNERS = Sheet(
    "合作伙伴",
    "每行一家合作伙伴在一个行业；没有合作伙伴也保留这张表和表头",
    (
        Column("单位信用代码", f"已写在“{UNITS.title}”表里的单位", "91990001MAQ0001014"),
        Column("行业", "这家单位在“单位”表里的行业之一", "食品饮料"),
        Column("合作伙伴信用代码", CODE_NOTE, "91990001MAQ000201R"),
        Column("合作伙伴名称", "营业执照上的全称；同一家在各行写法一致", "样例物联技术有限公司", 120),
        OVERRIDE,
    ),
)
ITEMS = Sheet(
    "目录",
    "每行一件产品或服务；没有目录也保留这张表和表头",
    (
        Column("单位信用代码", f"已写在“{UNITS.title}”表里的单位", "91990001MAQ0001014"),
        Column("编码", "在一家单位内不重复，以后变更也用它", "P-0001", 30),
        Column("名称", "产品或服务的名称", "排产软件", 120),
        Column("价格", "照目录原样写，可以留空", "36,000 元／年", 60, required=False),
        Column("说明", "一两句话，可以留空", "面向小微企业的排产", 300, required=False),
    ),
)
SHEETS = (UNITS, PARTNERS, ITEMS)
GUIDE = "说明"
TEXT_FORMAT = "@"
TEMPLATE_ROWS = 200


def write_template(path: Path) -> None:
    """An empty workbook: heads with notes, columns as text so that no code loses its end, and a sheet that explains."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in SHEETS:
        _write_heads(book.create_sheet(sheet.title), sheet)
    _write_guide(book.create_sheet(GUIDE))
    book.save(path)


def _write_heads(page: Worksheet, sheet: Sheet) -> None:
    for number, column in enumerate(sheet.columns, start=1):
        head = page.cell(row=1, column=number, value=column.title)
        head.font = Font(bold=True)
        head.comment = Comment(
            f"{column.note}。例：{column.example}" if column.example else column.note, "模板"
        )
        page.column_dimensions[get_column_letter(number)].width = 26
        if column.title != "入库日期":
            for row in range(2, TEMPLATE_ROWS + 2):
                page.cell(row=row, column=number).number_format = TEXT_FORMAT
    page.freeze_panes = "A2"


def _write_guide(page: Worksheet) -> None:
    page.append(["表", "列", "必填", "怎么填", "示例"])
    for sheet in SHEETS:
        page.append([sheet.title, "", "", sheet.note])
        for column in sheet.columns:
            page.append(
                [sheet.title, column.title, "必填" if column.required else "", column.note, column.example]
            )
    for letter, width in zip("ABCDE", (12, 26, 8, 70, 28), strict=True):
        page.column_dimensions[letter].width = width
