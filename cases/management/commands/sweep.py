from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from cases import runs
from cities.management.chinese import ChineseCommand, wrong_argument
from records import clock


class Command(ChineseCommand):
    help = "办理所有到时的事项，并说明办了什么；与系统每分钟自动做的是同一件事"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", help="按哪一时刻办理，如 2026-10-04T00:00；不写就是现在，不能晚于现在")

    def handle(self, *args: Any, **options: Any) -> None:
        report = runs.run(_moment(options["at"]) if options["at"] is not None else None)
        self.stdout.write(f"{timezone.localtime(report.at):%Y-%m-%d %H:%M:%S} 到时的事项：")
        for number in report.done:
            self.stdout.write(f"  已办 {number}")
        for number, reason in report.failed:
            self.stdout.write(f"  搁置 {number}：{reason}")
        for number, trouble in report.left:
            self.stdout.write(f"  留到下次 {number}：数据库没有应答（{trouble}）")
        if report.grants_ended:
            self.stdout.write(f"  到期收回授权 {report.grants_ended} 项")
        if report.trouble:
            self.stdout.write(f"  {report.trouble}")
        self.stdout.write(f"已办 {len(report.done)} 件，搁置 {len(report.failed)} 件")
        if report.failed:
            raise CommandError(
                "有事项被搁置，原因见上；系统隔一段时间自动再试；改正后也可以在后台事项页按“重新办理”"
            )


def _moment(text: str) -> datetime:
    """A moment not in the future: nothing is ever done before its time."""
    now = clock.now()
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
        moment = timezone.localtime(moment.astimezone(UTC))  # where the calendar ends, this is what overflows
    except (ValueError, OverflowError) as error:
        raise wrong_argument(f"--at 是“{text}”，要写成 2026-10-04T00:00 这样的时刻") from error
    if moment > now:
        raise wrong_argument(f"--at {text}：晚于现在（{now:%Y-%m-%dT%H:%M}），还没到的事不能先办")
    return moment
