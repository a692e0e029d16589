from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction

from cities.management.chinese import ChineseCommand
from cities.rulebooks.load import LoadResult, RulebookErrors, load
from records import clock


class Command(ChineseCommand):
    help = "载入规则文件（docs/adding-a-city.md）：全部载入，或指出所有错处、一行也不载入"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="规则文件（YAML）")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")

    def handle(self, *, files: list[Path], dry_run: bool, **_options: Any) -> None:
        for result in self._load(files, dry_run):
            self.stdout.write(str(result))
        if dry_run:
            self.stdout.write("只作检查，没有写入")

    def _load(self, files: list[Path], dry_run: bool) -> list[LoadResult]:
        try:
            with transaction.atomic():
                results = load(files, at=clock.now())
                transaction.set_rollback(dry_run)
        except RulebookErrors as wrong:
            raise CommandError(f"{wrong}\n共 {len(wrong.errors)} 处错误，什么也没有载入") from None
        return results
