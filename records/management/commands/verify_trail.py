from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from records.models import Event
from records.trail import verifying


class Command(BaseCommand):
    help = "Compare every sealed event with its seal; names each that was altered, taken out or put in. Ends with 1 if any was."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--expect",
            action="append",
            default=[],
            metavar="NUMBER:DIGEST",
            help="the digest of a block as it was kept elsewhere; may be given more than once",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = verifying.verify(dict(_kept(text) for text in options["expect"]))
        for finding in report.findings:
            self.stdout.write(_told(finding))
        self.stdout.write(f"{report.blocks} 块，封存事件 {report.events} 件，待封存 {report.unsealed} 件")
        if report.last:
            self.stdout.write(f"最后一块：{report.blocks}:{report.last}")
        if report.findings:
            raise CommandError(f"有 {len(report.findings)} 处和封存时不一样")
        self.stdout.write("都和封存时一样")


def _kept(text: str) -> tuple[int, str]:
    number, _, digest = text.partition(":")
    if not number.isdigit() or len(digest) != 64:
        raise CommandError(f"--expect {text}：写成 块号:指纹，指纹 64 位，照运行情况页上抄下的填")
    return int(number), digest.lower()


def _told(finding: verifying.Finding) -> str:
    place = f"第 {finding.block} 块"
    if finding.event is None:
        return f"{place}：{finding.what}"
    event = Event.objects.filter(pk=finding.event).select_related("case").first()
    said = f"（{event.at:%Y-%m-%d %H:%M:%S} {event.verb} {event.case or ''}）" if event else ""
    return f"{place}，事件 {finding.event}{said}：{finding.what}"
