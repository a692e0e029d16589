from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from cities.management.chinese import ChineseCommand
from cities.management.versions import version_asked
from cities.rulebooks import dump


class Command(ChineseCommand):
    help = "把一版规则写成规则文件（docs/adding-a-city.md）；再载入时内容不变"

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Django's own --version gives way to the rulebook's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("programme", metavar="PROGRAMME", help="项目代码")
        parser.add_argument(
            "--version", type=int, metavar="N", help="第几版；不写就是施行中的，没有就是最新的"
        )
        parser.add_argument("--output", type=Path, metavar="FILE", help="写入哪个文件；不写就输出到屏幕")

    def handle(self, *, programme: str, version: int | None, output: Path | None, **_options: Any) -> None:
        rulebook = version_asked(programme, version)
        text = dump.as_text(rulebook)
        if output is None:
            self.stdout.write(text, ending="")
            return
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"写不了 {output}（{error.strerror}）") from error
        self.stdout.write(f"{rulebook} 已写入 {output}")
