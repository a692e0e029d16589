"""Numbers of the outbox."""

from datetime import datetime

from django.db.models import Count

from records.models import LetterDelivery
from records.probes import Line, Probe, Reading, State

Delivery = LetterDelivery.State
NOT_THERE = {
    Delivery.WAITING: "等着寄",
    Delivery.FAILED: "没有寄到",
    Delivery.WITHHELD: "没有寄，不在允许名单",
}


def undelivered(at: datetime) -> Reading:
    """Letters that nobody has by e-mail; they stand in the inbox all the same."""
    rows = LetterDelivery.objects.filter(state__in=NOT_THERE)
    by_state = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    count = sum(by_state.values())
    lines = tuple(Line(f"{word}：{by_state[key]} 封") for key, word in NOT_THERE.items() if key in by_state)
    state = State.RED if by_state.get(Delivery.FAILED) else State.OK
    return Reading(count, f"{count} 封", state, "有信多次没有寄到，不再自动重寄", lines)


PROBES = (Probe("undelivered", "没有寄到的信", undelivered, "看邮件服务器和收信地址，再重寄", "letters"),)
