"""Numbers of the outbox."""

from datetime import datetime, timedelta

from django.db.models import Count, Min

from records import letters, words
from records.models import Letter, LetterDelivery
from records.probes import Line, Probe, Reading, State

Delivery = LetterDelivery.State
LONG_WAIT = timedelta(hours=1)
# Longer ago, whoever was to be told has been told or is no longer asked.
RECENT = timedelta(days=30)
NOT_THERE = {
    Delivery.WAITING: "等着寄",
    Delivery.FAILED: "没有寄到",
    Delivery.WITHHELD: "没有寄，不在允许名单",
}


def undelivered(at: datetime) -> Reading:
    """Letters that nobody has by e-mail; they stand in the inbox all the same."""
    rows = LetterDelivery.objects.filter(state__in=NOT_THERE)
    found = list(rows.order_by().values_list("state").annotate(Count("pk"), Min("letter__written_at")))
    by_state = {state: (count, since) for state, count, since in found}
    count = sum(count for count, _ in by_state.values())
    lines = tuple(
        Line(f"{word}：{by_state[key][0]} 封") for key, word in NOT_THERE.items() if key in by_state
    )
    state, why = _judged(by_state, at)
    return Reading(count, f"{count} 封", state, why, lines)


def _judged(by_state: dict[str, tuple[int, datetime]], at: datetime) -> tuple[State, str]:
    """Waiting is in order for as long as a mail server is mostly away."""
    if Delivery.FAILED in by_state:
        return State.RED, "有信多次没有寄到，不再自动重寄"
    _, since = by_state.get(Delivery.WAITING, (0, at))
    if at - since >= LONG_WAIT:
        return State.WARN, f"最早的一封已等 {words.lasting(at - since)}"
    return State.OK, ""


def unread_by_anybody(at: datetime) -> Reading:
    """Letters of the last weeks that went to no person, or to none with an address: the inbox has them, if anybody looks."""
    recent = Letter.objects.filter(written_at__gte=at - RECENT, programme__isnull=False)
    rows = letters.with_nobody(recent)
    by_programme = list(
        rows.order_by()
        .values_list("programme", "programme__city__name", "programme__name")
        .annotate(Count("pk"))
    )
    count = sum(one[3] for one in by_programme)
    lines = tuple(Line(f"{city} · {name}：{number} 封", pk) for pk, city, name, number in by_programme)
    state = State.WARN if count else State.OK
    return Reading(count, f"{count} 封", state, "这些信没有能收邮件的人，也没有人在平台上打开", lines)


PROBES = (
    Probe("undelivered", "没有寄到的信", undelivered, "看邮件服务器和收信地址，再重寄", "letters"),
    Probe(
        "letters_to_nobody",
        "没有人可收的信",
        unread_by_anybody,
        "是写给谁的哪一封，由经办人在“信件”里筛“没有人可收”看；打电话告知，并请单位补上邮箱或办事员",
        "letters",
    ),
)
