from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from cities.management.chinese import ChineseCommand
from portal.backups.errors import BackupRefused, told
from portal.backups.making import make
from records import words


class Command(ChineseCommand):
    help = "把数据库和上传的文件备份成一个文件，站点照常运行（docs/operations.md）"
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, help="写到哪里；不写就在 PORTAL_VAR 的 backups 文件夹里"
        )

    def handle(self, *, file: Path | None, **options: Any) -> None:
        now = timezone.localtime()
        target = file or Path(settings.VAR) / "backups" / f"portal-{now:%Y%m%d-%H%M%S}.tar.gz"
        try:
            made = make(target, at=now)
        except BackupRefused as refusal:
            raise CommandError(f"没有备份：{refusal}") from refusal
        except OSError as error:
            raise CommandError(f"没有备份：{told(error)}") from error
        rows, files = sum(made.rows.values()), len(made.parts) - 1
        self.stdout.write(f"已备份到 {target}（{words.file_size(target.stat().st_size)}）")
        self.stdout.write(
            f"{rows} 行，{files} 个文件，{len(made.editions)} 个名单。里面有个人信息，妥善保管。"
        )
