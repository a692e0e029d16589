from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from cities.management.chinese import ChineseCommand
from notices import loading
from records import clock


class Command(ChineseCommand):
    help = "载入发文机关和各种公文的首版样式。已有的不改动：以后在后台的文书样式里起草新版。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["files"]:
            try:
                loaded = loading.load(path, at=clock.now())
            except loading.LoadRefused as refusal:
                raise CommandError(str(refusal)) from refusal
            self.stdout.write(f"{loaded.programme}：{_told(loaded)}")


def _told(loaded: loading.Loaded) -> str:
    new = "、".join(str(template) for template in loaded.new)
    kept = "、".join(loaded.kept)
    return "；".join(filter(None, [new and f"启用{new}", kept and f"已有，没有改动：{kept}"])) or "没有样式"
