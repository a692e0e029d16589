from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from cities.management.chinese import ChineseCommand
from cities.management.versions import version_asked
from cities.rulebooks.texts import LONGEST_SOURCE, Attached, Document, MalformedText, attach, parse
from records import clock


class Command(ChineseCommand):
    help = "把条文原文附到一版规则上（Markdown，每条一个 ### 标题），公开的规则页上逐条显示"

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Django's own --version gives way to the rulebook's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("programme", metavar="PROGRAMME", help="项目代码")
        parser.add_argument("file", type=Path, metavar="FILE", help="条文原文（Markdown）")
        parser.add_argument(
            "--version", type=int, metavar="N", help="第几版；不写就是施行中的，没有就是最新的"
        )
        parser.add_argument(
            "--source", default="", metavar="SOURCE", help="原文的来源；不写就用文件说明里的名称和文号"
        )

    def handle(
        self, *, programme: str, file: Path, version: int | None, source: str, **_options: Any
    ) -> None:
        if len(source) > LONGEST_SOURCE:
            raise CommandError(f"来源最多 {LONGEST_SOURCE} 个字，现在有 {len(source)} 个")
        rulebook = version_asked(programme, version)
        try:
            document = parse(_read(file))
            attached = attach(rulebook, document, source=source, at=clock.now())
        except MalformedText as wrong:
            raise CommandError(f"{file}：\n{wrong}\n什么也没有写入") from None
        self.stdout.write(f"{rulebook}：{len(attached.given)} 条附上了原文")
        self._tell(attached)
        self._warn(document, rulebook.title)

    def _tell(self, attached: Attached) -> None:
        told = (
            ("标题不是条款，没有附上", attached.unknown),
            ("原文在上一级条款里", attached.inside),
            ("没有原文的条款", attached.without),
        )
        for said, some in told:
            if some:
                self.stdout.write(f"{said} {len(some)} 处：{'、'.join(some)}")

    def _warn(self, document: Document, title: str) -> None:
        """The numbers of two texts may be the same: only the name tells them apart."""
        if document.title != title:
            self.stdout.write(f"名称不同，核对是不是同一份：文件“{document.title}”，规则“{title}”")


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"读不了 {file}（{error.strerror}）") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} 不是 UTF-8 编码的文字（第 {error.start + 1} 字节）") from error
