import zipfile
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from cities.models import Article, Category, Programme, Rulebook
from providers import importing, queries, registry
from providers.importing.layout import ITEMS, PARTNERS, SHEETS, UNITS
from providers.importing.workbook import LARGEST
from providers.models import ListEdition, Organisation, Registration
from providers.operations import ListOperation
from records import clock
from records.models import Event
from tests.providers.codes import code
from tests.providers.conftest import moment

AT = moment("2026-03-01T10:00")
UNIT_ROWS: list[list[Any]] = [
    [code(1), "示例智造科技有限公司", "示例市", "牵引单位", "食品饮料", date(2025, 12, 15)],
    [code(1), "示例智造科技有限公司", "示例市", "牵引单位", "纺织服装", date(2025, 12, 15)],
    [code(2), "范例数字科技有限公司", None, "牵引单位", "食品饮料", date(2025, 12, 16)],
]
PARTNER_ROWS: list[list[Any]] = [
    [code(1), "食品饮料", code(101), "样例物联技术有限公司"],
    [code(1), "纺织服装", code(101), "样例物联技术有限公司"],
    [code(2), "食品饮料", code(102), "假想冷链数据有限公司"],
]
ITEM_ROWS: list[list[Any]] = [
    [code(1), "P-01", "排产软件", "36,000 元／年", "面向小微企业"],
    [code(2), "P-01", "质检软件", 500, None],
]


@pytest.fixture
def ruled(programme):
    book = Rulebook.objects.create(
        programme=programme,
        version=1,
        title="演示办法",
        short_title="办法",
        effective_from=date(2023, 12, 1),
        validity_article="第二十条",
    )
    article = Article.objects.create(rulebook=book, number="第一条", heading="类别")
    Category.objects.create(rulebook=book, article=article, key="lead", name="牵引单位")
    book.standing = Rulebook.Standing.PUBLISHED
    book.save()
    return programme


@pytest.fixture
def make(tmp_path):
    """A workbook as the template lays it out, from the rows given."""

    def build(name="list.xlsx", units=UNIT_ROWS, partners=PARTNER_ROWS, items=ITEM_ROWS) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for sheet, rows in ((UNITS, units), (PARTNERS, partners), (ITEMS, items)):
            page = book.create_sheet(sheet.title)
            page.append([column.title for column in sheet.columns])
            for row in rows:
                page.append(row)
        path = tmp_path / name
        book.save(path)
        return path

    return build


def problems(path: Path, programme: Programme, **options: Any) -> list[str]:
    plan = importing.read(path, programme, at=AT, **options)
    return [str(line) for line in plan.problems]


def row(rows: list[list[Any]], number: int, **changed: Any) -> list[list[Any]]:
    """The rows with cells of one replaced, by place."""
    copy = [list(one) for one in rows]
    copy[number] += [None] * (7 - len(copy[number]))
    for place, value in changed.items():
        copy[number][int(place[1:])] = value
    return copy


def test_list_becomes_edition_one(ruled, make):
    plan = importing.read(make(), ruled, at=AT)
    edition, is_new = importing.carry_out(plan, at=AT, by=None)

    unit = Registration.objects.get(organisation__credit_code=code(1))
    assert (edition.number, is_new, edition.published_at) == (1, True, AT)
    assert edition.counts == {"units": 2, "partners": 3, "items": 2, "industries": {"food": 2, "textile": 1}}
    assert unit.entered_on == date(2025, 12, 15)
    assert unit.organisation.profiles.get().place == "示例市"
    assert [(row["industry"], row["code"]) for row in queries.snapshot(unit, AT)["partners"]] == [
        ("food", code(101)),
        ("textile", code(101)),
    ]
    assert Event.objects.get().verb == "import_list"


def test_every_row_has_its_line(ruled, make):
    plan = importing.read(make(), ruled, at=AT)

    assert plan.problems == []
    assert [str(line) for line in plan.lines] == [
        f"单位 第 2 行：新增 示例智造科技有限公司（{code(1)}），牵引单位 · 食品饮料",
        f"单位 第 3 行：新增 示例智造科技有限公司（{code(1)}），牵引单位 · 纺织服装",
        f"单位 第 4 行：新增 范例数字科技有限公司（{code(2)}），牵引单位 · 食品饮料",
        f"合作伙伴 第 2 行：新增 示例智造科技有限公司 · 食品饮料：样例物联技术有限公司（{code(101)}）",
        f"合作伙伴 第 3 行：新增 示例智造科技有限公司 · 纺织服装：样例物联技术有限公司（{code(101)}）",
        f"合作伙伴 第 4 行：新增 范例数字科技有限公司 · 食品饮料：假想冷链数据有限公司（{code(102)}）",
        "目录 第 2 行：新增 示例智造科技有限公司：P-01 排产软件",
        "目录 第 3 行：新增 范例数字科技有限公司：P-01 质检软件",
    ]


def test_same_file_twice_changes_nothing(ruled, make):
    first, _ = importing.carry_out(importing.read(make(), ruled, at=AT), at=AT, by=None)
    history = Organisation.history.count()
    shuffled = make(units=UNIT_ROWS[::-1], partners=PARTNER_ROWS[::-1])
    second, is_new = importing.carry_out(importing.read(shuffled, ruled, at=AT), at=AT, by=None)

    assert (second, is_new) == (first, False)
    assert ListEdition.objects.count() == 1
    assert Organisation.history.count() == history
    assert Event.objects.count() == 1


def test_same_file_after_a_change_still_changes_nothing(ruled, make):
    path = make()
    importing.carry_out(importing.read(path, ruled, at=AT), at=AT, by=None)
    unit = Registration.objects.get(organisation__credit_code=code(1))
    drop = ListOperation("end_item", item_code="P-01")
    registry.publish(registry.lock(ruled), unit, [drop], at=AT, kind=ListEdition.Kind.CHANGE)

    assert importing.carry_out(importing.read(path, ruled, at=AT), at=AT, by=None)[1] is False
    assert ListEdition.objects.count() == 2


def test_another_file_is_refused_with_the_differences(ruled, make):
    importing.carry_out(importing.read(make(), ruled, at=AT), at=AT, by=None)
    other = make(
        "other.xlsx",
        units=[
            *row(UNIT_ROWS[:2], 0, _5=date(2025, 12, 14))[:1],
            [code(3), "样本有限公司", None, "牵引单位", "食品饮料", date(2026, 1, 1)],
        ],
        partners=[[code(1), "食品饮料", code(103), "虚构视觉检测有限公司"]],
        items=[[code(1), "P-01", "排产软件", "29,800 元／年", "面向小微企业"]],
    )
    with pytest.raises(importing.ImportRefused, match="已有名单，和文件不同，什么都没有写入") as refusal:
        importing.carry_out(importing.read(other, ruled, at=AT), at=AT, by=None)

    whose = f"示例智造科技有限公司（{code(1)}）"
    assert refusal.value.lines == sorted(
        [
            f"{whose}入库日期：名单是2025年12月15日，文件是2025年12月14日",
            f"{whose}文件缺少：纺织服装",
            f"{whose}食品饮料 － {code(101)} 样例物联技术有限公司",
            f"{whose}食品饮料 ＋ {code(103)} 虚构视觉检测有限公司",
            f"{whose}纺织服装 － {code(101)} 样例物联技术有限公司",
            f"{whose}目录 ～ P-01 排产软件",
            f"范例数字科技有限公司（{code(2)}）在名单里，文件里没有",
            f"样本有限公司（{code(3)}）在文件里，名单里没有",
        ],
        key=refusal.value.lines.index,
    )
    assert ListEdition.objects.count() == 1
    assert not Organisation.objects.filter(credit_code=code(3)).exists()


def test_difference_that_no_line_tells_is_still_refused(ruled, make):
    importing.carry_out(importing.read(make(), ruled, at=AT), at=AT, by=None)
    plan = importing.read(make("other.xlsx", units=row(UNIT_ROWS, 2, _2="别的市")), ruled, at=AT)

    assert importing.obstacles(plan, at=AT) == ["登记地、类别或名称的写法与第 1 版导入时不同"]


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
        ("list.csv", b"a,b", "list.csv 不是 xlsx 文件：在表格软件里另存为 xlsx"),
        ("list.xls", b"\xd0\xcf\x11\xe0old", "list.xls 是旧的 xls 格式，或者加了密码：去掉密码，另存为 xlsx"),
    ):
        (tmp_path / name).write_bytes(content)
        assert problems(tmp_path / name, ruled) == [sentence]
    assert problems(tmp_path / "no.xlsx", ruled)[0].startswith("打不开文件")


def test_damaged_or_swollen_workbook(ruled, tmp_path):
    with zipfile.ZipFile(tmp_path / "empty.xlsx", "w") as package:
        package.writestr("readme", "")
    assert problems(tmp_path / "empty.xlsx", ruled) == [
        "empty.xlsx 打不开，文件可能损坏：在表格软件里重新另存为 xlsx"
    ]

    with (tmp_path / "large.xlsx").open("wb") as file:
        file.truncate(LARGEST + 1)
    assert problems(tmp_path / "large.xlsx", ruled) == [
        "large.xlsx 有 50 MB，最大 50 MB：删去图片和多余的表再导入"
    ]


def run(*arguments: Any) -> str:
    out = StringIO()
    call_command("import_registry", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_command_dry_run_writes_nothing(ruled, make):
    out = run(make(), "--programme", ruled.slug, "--dry-run")

    assert out.splitlines()[0] == f"单位 第 2 行：新增 示例智造科技有限公司（{code(1)}），牵引单位 · 食品饮料"
    assert out.splitlines()[-1] == (
        "试运行：可以导入 2 家，合作伙伴 3 家次，目录 2 项，什么都没有写入。去掉 --dry-run 正式导入"
    )
    assert not ListEdition.objects.exists()


def test_command_imports_as_of_its_publication_and_once(ruled, make):
    path = make()
    arguments = (path, "--programme", ruled.slug, "--published-at", "2025-12-20T10:00")
    first, second, dry = run(*arguments), run(*arguments), run(*arguments, "--dry-run")

    assert first == "已导入为第 1 版，2025年12月20日 10:00 起：导入 2 家，合作伙伴 3 家次，目录 2 项\n"
    assert second == "没有变化：这份名单已导入为第 1 版，2025年12月20日 10:00 起\n"
    assert dry.splitlines()[-1] == "试运行：没有变化，这份名单已导入为第 1 版"
    assert ListEdition.objects.get().published_at == moment("2025-12-20T10:00")


def test_command_names_who_imported(ruled, make, django_user_model):
    django_user_model.objects.create_user("lin", email="lin@example.com", full_name="林经办", password="x")
    run(make(), "--programme", ruled.slug, "--by", "lin")
    assert Event.objects.get().actor_name == "林经办"


def test_command_refuses_a_file_with_mistakes(ruled, make):
    path = make(items=[[code(9), "P-01", "排产软件"]])
    with pytest.raises(CommandError, match="有 1 处要改，什么都没有写入：\n  目录 第 2 行 单位信用代码"):
        run(path, "--programme", ruled.slug)
    with pytest.raises(CommandError, match="试运行：有 1 处要改，什么都没有写入"):
        run(path, "--programme", ruled.slug, "--dry-run")


def test_command_dry_run_tells_how_the_list_differs(ruled, make):
    run(make(), "--programme", ruled.slug)
    with pytest.raises(CommandError, match=f"已有名单，和文件不同，不能导入，什么都没有写入：\n.*{code(2)}"):
        run(make("other.xlsx", items=ITEM_ROWS[:1]), "--programme", ruled.slug, "--dry-run")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "缺少要导入的 xlsx 文件"),
        (["list.xlsx"], "缺少 --programme：写明导入到哪个项目。已有：yanshi-units"),
        (["list.xlsx", "--programme", "no"], "没有代码为 no 的项目。已有：yanshi-units"),
        (["list.xlsx", "--programme", "yanshi-units", "--by", "nobody"], "没有用户名为 nobody 的用户"),
        (
            ["list.xlsx", "--programme", "yanshi-units", "--published-at", "soon"],
            "要写成 2023-12-15T10:00 这样的时间",
        ),
        (["list.xlsx", "--programme", "yanshi-units", "--published-at", "2023-12-15"], "还要写明几点"),
        (["list.xlsx", "--template", "other.xlsx"], "--template 只生成模板"),
        (["--template", "other.csv"], "文件名要以 .xlsx 结尾"),
        (["--template", "no/such/folder/other.xlsx"], "写不了 no/such/folder/other.xlsx"),
    ],
)
def test_command_argument_that_is_wrong(ruled, arguments, sentence):
    with pytest.raises(CommandError, match=sentence) as refusal:
        run(*arguments)
    assert refusal.value.returncode == 2


def test_template_has_every_sheet_and_can_be_read_back(ruled, tmp_path):
    path = tmp_path / "template.xlsx"
    assert run("--template", path) == f"已生成模板 {path}，怎么填见其中的“说明”表\n"

    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["单位", "合作伙伴", "目录", "说明"]
    assert [cell.value for cell in book["单位"][1]] == [column.title for column in UNITS.columns]
    assert book["单位"]["A1"].comment.text.endswith("例：91990001MAQ0001014")
    assert problems(path, ruled) == ["单位：一家单位也没有：从第 2 行起填写"]
    with pytest.raises(CommandError, match="已存在，不覆盖"):
        run("--template", path)


def test_guide_documents_every_sheet_and_column():
    guide = (Path(__file__).parents[2] / "docs" / "registry-import.md").read_text()
    for sheet in SHEETS:
        for column in sheet.columns:
            assert f"| {column.title} |" in guide.split(f"### {sheet.title}")[1].split("###")[0]


def test_example_codes_of_the_template_are_valid():
    from providers import credit_code  # noqa: PLC0415

    examples = [column.example for sheet in SHEETS for column in sheet.columns if "信用代码" in column.title]
    for example in examples:
        assert credit_code.problem(example) is None
        assert credit_code.check_digit_fails(example) is False


def test_import_uses_the_clock_of_the_site(ruled, make, settings, tmp_path):
    settings.CLOCK_FILE = tmp_path / "clock.json"
    clock.shift_to(AT)
    run(make(), "--programme", ruled.slug)

    published = ListEdition.objects.get().published_at
    assert AT <= published < AT + timedelta(minutes=1)
