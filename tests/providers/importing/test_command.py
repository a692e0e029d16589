"""The command, its template and its guide."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from providers.importing.layout import SHEETS, UNITS
from providers.models import ListEdition
from records import clock
from records.models import Event
from tests.providers.codes import code
from tests.providers.conftest import moment
from tests.providers.importing.workbook import AT, ITEM_ROWS, problems


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
    guide = (Path(__file__).parents[3] / "docs" / "registry-import.md").read_text()
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
