import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from cities.management.chinese import ChineseCommand
from cities.rulebooks.errors import RulebookErrors
from portal.rehearsals import database, telling
from portal.rehearsals.play import play_all
from portal.rehearsals.reading import Rehearsal, read_all
from portal.rehearsals.vocabulary import json_schema


class Command(ChineseCommand):
    help = "按演练文件（docs/rehearsals.md）在另一个数据库里演一遍规则，说明哪里和应当的不一样"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="*", type=Path, metavar="FILE|FOLDER", help="演练文件，或装演练文件的文件夹"
        )
        parser.add_argument(
            "--database", default=database.IN_MEMORY, help="在哪个空的数据库里演，不写就在内存里"
        )
        parser.add_argument("--schema", action="store_true", help="输出演练文件格式的 JSON Schema")

    def handle(self, *, paths: list[Path], schema: bool, **options: Any) -> None:
        if schema:
            self.stdout.write(json.dumps(json_schema(), ensure_ascii=False, indent=2))
            return
        rehearsals = self._read(paths)
        with database.private(options["database"]):
            try:
                failed = self._play(rehearsals)
            except RulebookErrors as wrong:
                raise CommandError(f"规则文件有错，演不了：\n{wrong}") from None
        if failed:
            raise SystemExit(1)

    def _read(self, paths: list[Path]) -> list[Rehearsal]:
        try:
            rehearsals = read_all(paths)
        except RulebookErrors as wrong:
            raise CommandError(f"{wrong}\n共 {len(wrong.errors)} 处错误，什么也没有演") from None
        if not rehearsals:
            raise CommandError("没有演练文件：写一个文件或文件夹，如 fixtures/rehearsals")
        return rehearsals

    def _play(self, rehearsals: list[Rehearsal]) -> int:
        failed = 0
        for played in play_all(rehearsals):
            failed += not played.passed
            for line in telling.lines(played):
                self.stdout.write(line)
        self.stdout.write(f"{len(rehearsals) - failed} passed, {failed} failed")
        return failed
