from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError
from django.utils import timezone

from cities.management.chinese import ChineseCommand, wrong_argument
from cities.models import Programme
from providers import importing, wording
from records import clock, words

MOST_LINES = 200


class Command(ChineseCommand):
    help = "把已有的名单从 xlsx 导入为第 1 版；写法见 docs/registry-import.md"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="xlsx 文件")
        parser.add_argument("--programme", help="项目的代码")
        parser.add_argument("--dry-run", action="store_true", help="只逐行报告，不写入")
        parser.add_argument("--published-at", help="名单发布的时间，如 2023-12-15T10:00；不写就是现在")
        parser.add_argument("--by", help="经办人的用户名；不写就记为系统")
        parser.add_argument("--template", metavar="FILE.xlsx", help="生成空白模板，不导入")

    def handle(self, *, file: str | None, template: str | None, **options: Any) -> None:
        if template and file:
            raise wrong_argument("--template 只生成模板，不和要导入的文件一起用：分两次运行")
        if template:
            self._write_template(Path(template))
            return
        if not file:
            raise wrong_argument("缺少要导入的 xlsx 文件；空白模板用 --template FILE.xlsx 生成")
        at = clock.now()
        programme, by = _programme(options["programme"]), _user(options["by"])
        plan = importing.read(Path(file), programme, at=at, published_at=_moment(options["published_at"]))
        if options["dry_run"]:
            self._report(plan, at)
            return
        try:
            edition, is_new = importing.carry_out(plan, at=at, by=by)
        except importing.ImportRefused as refused:
            raise CommandError("\n".join([f"{refused}：", *_shortened(refused.lines)])) from refused
        moment = words.full_moment(edition.published_at)
        if is_new:
            self.stdout.write(f"已导入为{edition}，{moment} 起：{edition.summary}")
        else:
            self.stdout.write(f"没有变化：这份名单已导入为{edition}，{moment} 起")

    def _report(self, plan: importing.ImportPlan, at: datetime) -> None:
        for line in plan.lines:
            self.stdout.write(f"{'要改　' if line.is_problem else ''}{line}")
        if plan.problems:
            raise CommandError(f"试运行：有 {len(plan.problems)} 处要改，什么都没有写入")
        if differences := importing.obstacles(plan, at=at):
            title = f"试运行：{plan.programme}已有名单，和文件不同，不能导入，什么都没有写入："
            raise CommandError("\n".join([title, *_shortened(differences)]))
        if edition := importing.already_entered(plan):
            self.stdout.write(f"试运行：没有变化，这份名单已导入为{edition}")
            return
        counts = {
            "units": len(plan.units),
            "partners": sum(len(unit.partners) for unit in plan.units),
            "items": sum(len(unit.items) for unit in plan.units),
        }
        size = wording.size(plan.programme, counts)
        self.stdout.write(f"试运行：可以导入 {size}，什么都没有写入。去掉 --dry-run 正式导入")

    def _write_template(self, path: Path) -> None:
        if path.suffix.lower() != ".xlsx":
            raise wrong_argument(f"--template 写的是“{path}”，文件名要以 .xlsx 结尾")
        if path.exists():
            raise wrong_argument(f"{path} 已存在，不覆盖：换一个文件名")
        try:
            importing.write_template(path)
        except OSError as error:
            raise wrong_argument(f"写不了 {path}（{error.strerror}）：检查路径和权限") from error
        self.stdout.write(f"已生成模板 {path}，怎么填见其中的“说明”表")


def _programme(slug: str | None) -> Programme:
    known = "、".join(Programme.objects.order_by("slug").values_list("slug", flat=True)) or "无"
    if not slug:
        raise wrong_argument(f"缺少 --programme：写明导入到哪个项目。已有：{known}")
    programme = Programme.objects.select_related("city").filter(slug=slug).first()
    if programme is None:
        raise wrong_argument(f"没有代码为 {slug} 的项目。已有：{known}")
    return programme


def _user(name: str | None) -> Any:
    if not name:
        return None
    user = get_user_model().objects.filter(username=name).first()
    if user is None:
        raise wrong_argument(f"没有用户名为 {name} 的用户：核对 --by")
    return user


def _moment(written: str | None) -> datetime | None:
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise wrong_argument(f"--published-at 是“{written}”，要写成 2023-12-15T10:00 这样的时间") from error
    if len(written) <= len("2023-12-15"):
        raise wrong_argument(f"--published-at 是“{written}”，还要写明几点，如 2023-12-15T10:00")
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def _shortened(lines: list[str]) -> list[str]:
    more = [f"另有 {len(lines) - MOST_LINES} 处没有列出"] if len(lines) > MOST_LINES else []
    return [f"  {line}" for line in [*lines[:MOST_LINES], *more]]
