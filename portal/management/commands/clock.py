import re
from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from cities.management.chinese import ChineseCommand, wrong_argument
from records import clock, words

STEP = re.compile(r"([0-9]{1,4})([dhm])")
UNITS = {"d": "days", "h": "hours", "m": "minutes"}
# A slip of the keyboard must not lead where nobody can compute with days any more.
YEARS = range(2000, 2100)


class Command(ChineseCommand):
    help = "演示或培训站点的时钟：不带参数说本站现在几点，带参数拨到另一时刻或换快慢，再从那里往前走"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--forward", help="往前拨多久：6d（天）、3h（小时）或 30m（分钟）")
        parser.add_argument("--set", dest="moment", help="拨到哪一时刻，如 2026-10-01T09:00")
        parser.add_argument("--speed", help="走多快：1440 是 1 分钟走 1 天，1 是恢复正常（不会跳）")

    def handle(self, *, forward: str | None, moment: str | None, speed: str | None, **options: Any) -> None:
        if forward is not None and moment is not None:
            raise wrong_argument("--forward 和 --set 不能一起用：写其中一个")
        before = clock.now()
        if forward is None and moment is None and speed is None:
            self._say(before)
            return
        pace = clock.speed() if speed is None else _speed(speed)
        target = _moment(moment) if moment is not None else before + _step(forward)
        _refuse_far(target)
        try:
            clock.shift_to(target, speed=pace)
        except RuntimeError as error:
            raise CommandError(str(error)) from error
        self._tell(before, clock.now(), is_moved=bool(forward or moment))

    def _say(self, now: datetime) -> None:
        self.stdout.write(_told("本站时间", now))
        if clock.offset():
            self.stdout.write(_told("实际时间", timezone.localtime()))
        self._say_pace()

    def _tell(self, before: datetime, now: datetime, *, is_moved: bool) -> None:
        self.stdout.write(_told("本站时间", now))
        if is_moved:
            self.stdout.write(_told("原为", before))
        self._say_pace()
        if now < before:
            self.stdout.write("时钟往回拨了，已经办过的事不会撤销。")
        else:
            self.stdout.write("到时的事项由系统在一分钟内办理。")

    def _say_pace(self) -> None:
        if pace := words.pace(clock.speed()):
            self.stdout.write(f"快慢：{pace}")


def _told(what: str, moment: datetime) -> str:
    return f"{what}：{words.full_moment(moment)}（{words.weekday(moment)}）"


def _speed(written: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,4}", written) or int(written) > clock.FASTEST:
        raise wrong_argument(f"--speed 是“{written}”，要写成 1 到 {clock.FASTEST} 的整数")
    return int(written)


def _step(written: str | None) -> timedelta:
    if written is None:
        return timedelta()
    found = STEP.fullmatch(written)
    if found is None or int(found[1]) == 0:
        raise wrong_argument(f"--forward 是“{written}”，要写成 6d（天）、3h（小时）或 30m（分钟）")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def _moment(written: str) -> datetime:
    """Without an offset the moment is meant in the site's time zone."""
    try:
        moment = datetime.fromisoformat(written)
        return timezone.localtime(moment if timezone.is_aware(moment) else timezone.make_aware(moment))
    except (ValueError, OverflowError) as error:
        raise wrong_argument(f"--set 是“{written}”，要写成 2026-10-01T09:00 这样的时刻") from error


def _refuse_far(target: datetime) -> None:
    if target.year not in YEARS:
        raise wrong_argument(f"不能拨到 {target.year} 年：只能在 {YEARS[0]} 年到 {YEARS[-1]} 年之间")
