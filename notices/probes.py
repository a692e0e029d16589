"""Documents that were decided on and are not out yet."""

from datetime import datetime, timedelta

from notices.models import Notice
from records import words
from records.probes import Line, Probe, Reading, State

# The worker makes a file within seconds, the sweep within a minute.
LATE, LONG = timedelta(minutes=5), timedelta(hours=1)
SHOWN = 10


def waiting(at: datetime) -> Reading:
    rows = Notice.objects.filter(state=Notice.State.ISSUING).select_related("programme__city")
    found = list(
        rows.order_by("decided_at").only("code", "number", "title", "last_error", "decided_at", "programme")
    )
    late = [one for one in found if at - one.decided_at >= LATE]
    lines = tuple(Line(f"{one}：{one.last_error or '还没有轮到'}", one.programme_id) for one in late[:SHOWN])
    if not late:
        return Reading(len(found), f"{len(found)} 份", State.OK, "", lines)
    state = State.RED if at - late[0].decided_at >= LONG else State.WARN
    why = f"最早的一份已等 {words.lasting(at - late[0].decided_at)}"
    return Reading(len(found), f"{len(found)} 份", state, why, lines)


WAITING = Probe(
    "documents_waiting",
    "没有成文的公文",
    waiting,
    "看每一份的原因；缺字体的装上字体，会自动再试",
    "documents",
)
