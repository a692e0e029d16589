import shutil
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from cities.management.chinese import ChineseCommand
from portal.backups.errors import BackupRefused, RestoreUnfinished, told
from portal.backups.restoring import restore


class Command(ChineseCommand):
    help = "用 backup 做的备份恢复站点，并核对每一行、每个文件和名单的指纹（docs/operations.md）。先停掉站点"
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="备份文件；写 - 就从标准输入读")
        parser.add_argument("--force", action="store_true", help="站点里已经有数据也恢复，现在的数据会没有")

    def handle(self, *, file: Path, force: bool, **options: Any) -> None:
        try:
            with _named(file) as source:
                made, wrong = restore(source, force=force)
        except BackupRefused as refusal:
            raise CommandError(f"没有恢复：{refusal}") from refusal
        except OSError as error:
            raise CommandError(f"没有恢复：{told(error)}") from error
        except RestoreUnfinished as trouble:
            raise CommandError(str(trouble)) from trouble
        rows, files = sum(made.rows.values()), len(made.parts) - 1
        self.stdout.write(f"已恢复 {made.made_at} 的备份（版本 {made.version}）：{rows} 行，{files} 个文件")
        for line in wrong:
            self.stdout.write(f"  不符：{line}")
        if wrong:
            raise CommandError("恢复的内容与指纹不符，见上；不要让站点对外，换一份备份")
        self.stdout.write("每一行、每个文件和名单的指纹都核对无误")


@contextmanager
def _named(file: Path) -> Iterator[Path]:
    """What comes by standard input, kept in a file meanwhile: a container reads no file of whoever keeps the machine."""
    if str(file) != "-":
        yield file
        return
    Path(settings.VAR).mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=settings.VAR, prefix="restore-") as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept)
        kept.flush()
        yield Path(kept.name)
