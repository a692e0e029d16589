from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction

from cities.management.chinese import ChineseCommand, wrong_argument
from cities.models import Rulebook
from cities.rulebooks.load import LoadResult, RulebookErrors, load
from records import clock

LONGEST_REASON = Rulebook._meta.get_field("change_reason").max_length or 0


class Command(ChineseCommand):
    help = "载入规则文件（docs/adding-a-city.md）：全部载入，或指出所有错处、一行也不载入"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="规则文件（YAML）")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument(
            "--correction",
            metavar="REASON",
            help="已发布的版本录错了：写明原因，按文件另立一版更正，从今天起有效",
        )

    def handle(self, *, files: list[Path], dry_run: bool, correction: str | None, **_options: Any) -> None:
        for result in self._load(files, dry_run, _reason(correction)):
            self.stdout.write(str(result))
        if dry_run:
            self.stdout.write("只作检查，没有写入")

    def _load(self, files: list[Path], dry_run: bool, correction: str) -> list[LoadResult]:
        try:
            with transaction.atomic():
                results = load(files, at=clock.now(), correction=correction)
                transaction.set_rollback(dry_run)
        except RulebookErrors as wrong:
            raise CommandError(f"{wrong}\n共 {len(wrong.errors)} 处错误，什么也没有载入") from None
        return results


def _reason(correction: str | None) -> str:
    """Empty where nothing is corrected."""
    reason = (correction or "").strip()
    if correction is not None and not reason:
        raise wrong_argument("--correction 后面写明更正的原因，不能留空")
    if len(reason) > LONGEST_REASON:
        raise wrong_argument(f"更正的原因最多 {LONGEST_REASON} 个字，现在有 {len(reason)} 个")
    return reason
