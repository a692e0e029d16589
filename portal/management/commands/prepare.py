"""Everything between an empty folder and a demonstration site, in one process."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from cities.management.chinese import ChineseCommand
from cities.models import CalendarYear
from portal.demo import load
from records import clock


class Command(ChineseCommand):
    help = "建立或更新演示站点的数据：数据表、上班日历、各项目的规则、演示数据。可以反复运行。"
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("正式站点不能载入演示数据。数据表用 migrate 更新，规则用 load_rulebook 载入。")
        rulebooks, notices = _files("rulebooks"), _files("notices")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_calendar")
        # What is loaded is dated by the demonstration's clock, which every page shows. Which year that is, the calendar says.
        if not clock.is_set():
            clock.shift_to(min(load.moment(path) for path in load.files()))
            CalendarYear.objects.update(loaded_at=clock.now())
        call_command("load_rulebook", *rulebooks)
        call_command("load_notices", *notices)
        call_command("load_demo")


def _files(folder: str) -> list[str]:
    return sorted(str(path) for path in (settings.BASE_DIR / "fixtures" / folder).glob("*.yaml"))
