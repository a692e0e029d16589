from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import CommandError

from cities.management.chinese import ChineseCommand
from cities.models import Programme
from portal.demo import load


class Command(ChineseCommand):
    help = "载入演示数据（企业、人员、事项均为虚构），只在名单还空着的项目载入一次；正式站点拒绝"

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("正式站点不载入演示数据。要看演示，另开一个站点：make run")
        if not Programme.objects.exists():
            raise CommandError("一个项目也没有，先载入规则：manage.py load_rulebook")
        for path in load.files():
            self._load(path)

    def _load(self, path: Path) -> None:
        slug = yaml.safe_load(path.read_text())["programme"]
        programme = Programme.objects.filter(slug=slug).first()
        if programme is None:
            self.stdout.write(f"{path.name}：没有项目 {slug}，跳过")
            return
        if load.is_loaded(programme):
            self.stdout.write(f"{programme}：已有名单，不再载入演示数据")
            return
        now = load.load(path, Path(settings.VAR) / "demo-accounts.txt")
        self.stdout.write(f"{programme}：演示数据已载入，演示时钟 {now:%Y-%m-%d %H:%M}")
