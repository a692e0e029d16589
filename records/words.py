"""How the portal writes days, moments, sizes and sums. Everything relative takes the day or moment it is relative to."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

WEEKDAYS = "一二三四五六日"
UNIT_WORDS = {"calendar": "天", "working": "个工作日", "month": "个月", "thirty": "个月（每月三十天）"}


def local_day(value: date) -> date:
    """The calendar day of a day or of an aware moment, in the site's time zone."""
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def day(value: date, today: date) -> str:
    value = local_day(value)
    return full_day(value) if value.year != today.year else f"{value.month}月{value.day}日"


def full_day(value: date) -> str:
    value = local_day(value)
    return f"{value.year}年{value.month}月{value.day}日"


def weekday(value: date, prefix: str = "周") -> str:
    return prefix + WEEKDAYS[local_day(value).weekday()]


def moment(value: datetime, today: date) -> str:
    return f"{day(value, today)} {timezone.localtime(value):%H:%M}"


def full_moment(value: datetime) -> str:
    return f"{full_day(value)} {timezone.localtime(value):%H:%M}"


def second(value: datetime) -> str:
    return f"{full_day(value)} {timezone.localtime(value):%H:%M:%S}"


def last_day(closes_at: datetime) -> date:
    """The last day of a span whose end is exclusive: midnight still belongs to the day before."""
    return local_day(closes_at - timedelta(microseconds=1))


def closing_hour(closes_at: datetime) -> str:
    hour = f"{timezone.localtime(closes_at):%H:%M}"
    return "24:00" if hour == "00:00" else hour


def closes(closes_at: datetime, today: date) -> str:
    return f"{day(last_day(closes_at), today)} {closing_hour(closes_at)}"


def full_closes(closes_at: datetime) -> str:
    return f"{full_day(last_day(closes_at))} {closing_hour(closes_at)}"


def days_left(closes_at: datetime, now: datetime) -> str:
    days = (last_day(closes_at) - local_day(now)).days
    if now < closes_at:
        return f"还有 {days} 天" if days else "今天"
    return f"逾期 {-days} 天" if days else "今天已过"


def count(number: int, unit: str) -> str:
    """A number of days as the article writes it: 5 天, 10 个工作日."""
    return f"{number} {UNIT_WORDS[unit]}"


def place(ordinal: int, unit: str) -> str:
    """Where a day stands in a span: 2 天 of calendar days, 2 个 of working days, said after 第."""
    return f"{ordinal} {'个' if unit == 'working' else '天'}"


def file_size(size: int) -> str:
    if size < 1024:
        return f"{size} B"
    if size < 1024 * 1000:
        return f"{size / 1024:.0f} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def lasting(span: timedelta) -> str:
    """How long something has lasted, in its largest unit, rounded down."""
    seconds = max(int(span.total_seconds()), 0)
    for length, unit in ((86_400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} 秒"


def pace(speed: int) -> str:
    """How fast a site's clock runs, as its banner says it; nothing where it keeps the machine's pace."""
    if speed == 1:
        return ""
    units = ((24 * 60, "天"), (60, "小时"), (1, "分钟"))
    minutes, unit = next(one for one in units if speed % one[0] == 0)
    return f"按实际时间的 {speed} 倍走（1 分钟走 {speed // minutes} {unit}）"


def money(amount: Decimal | int) -> str:
    """Thousands apart; cents only where there are any."""
    cents = Decimal(amount).quantize(Decimal("0.01"))
    return f"{cents:,.0f}" if cents == cents.to_integral_value() else f"{cents:,.2f}"


def lines(*parts: str) -> str:
    """Those that say anything, each on a line of its own."""
    return "\n".join(part for part in parts if part)
