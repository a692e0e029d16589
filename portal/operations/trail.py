"""Numbers of the trail: how far the events are sealed, and the digest to keep elsewhere."""

from datetime import datetime

from records import words
from records.probes import Line, Probe, Reading, State
from records.trail import sealing

# The sweep seals once a minute; so many left mean that it does not come to it.
MANY_UNSEALED = 5000


def trail(at: datetime) -> Reading:
    block, (count, since) = sealing.last_block(), sealing.waiting()
    if block is None:
        return Reading(0, "还没有封存过", State.WARN if count else State.OK, "有记录，还没有封存")
    kept = Line(f"{block.number}:{block.digest}（{words.second(block.sealed_at)} 封存）")
    left = (Line(f"待封存 {count} 件，最早一件 {words.second(since)}"),) if since else ()
    state = State.WARN if count >= MANY_UNSEALED else State.OK
    return Reading(block.number, f"第 {block.number} 块", state, "很多记录还没有封存", (kept, *left))


PROBES = (Probe("trail", "封存的记录", trail, "看自动办理有没有做完", "blocks"),)
