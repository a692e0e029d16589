from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.dossier import verifying


class Command(BaseCommand):
    help = "Compare a dossier (ZIP or PDF) with its manifest and with what was recorded when it was taken out. Ends with 1 if anything differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"没有 {file} 这个文件")
        try:
            report = verifying.verify(file)
        except verifying.Unreadable as why:
            raise CommandError(f"{file.name}：{why}") from None
        for name, state in report.files:
            self.stdout.write(f"{state}　{name}")
        for line in (*report.told, *report.wrong):
            self.stdout.write(line)
        if not report.is_whole:
            raise CommandError("和导出时不一样，见上面")
        self.stdout.write(f"{len(report.files)} 个文件都和导出时一样")
