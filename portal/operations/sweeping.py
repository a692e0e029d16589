"""Numbers of the sweep: whether it runs, how long it takes, how far behind it is."""

from datetime import datetime, timedelta

from django.db.models import Min

from cases import runs, sweep
from cases.models import SweepRun
from records import clock, words
from records.probes import Line, Probe, Reading, State

# By the machine's clock. Beat asks for a sweep every minute.
LATE, DEAD = timedelta(minutes=5), timedelta(minutes=15)
LONG_SECONDS, TOO_LONG_SECONDS = 60, 300


def oldest_due(at: datetime) -> Reading:
    oldest = sweep.due(at).aggregate(Min("wake_at"))["wake_at__min"]
    waited = _real(at - oldest) if oldest else timedelta()
    shown = words.lasting(waited) if oldest else "没有"
    return Reading(waited.total_seconds(), shown, _judged(waited), "到时的事项没有按时办理")


def last_sweep(at: datetime) -> Reading:
    run = runs.last()
    if run is None:
        return Reading(float("nan"), "没有记录", State.WARN, "还没有一次自动办理的记录")
    ago = _real(at - run.at)
    shown = f"{words.second(run.at)}（{words.lasting(abs(ago))}{'前' if ago >= timedelta() else '以后'}）"
    lines = (Line(run.trouble),) if run.trouble else ()
    state = max(_judged(abs(ago)), State.WARN if run.trouble else State.OK, key=list(State).index)
    return Reading(ago.total_seconds(), shown, state, _why(run, ago), lines)


def _why(run: SweepRun, ago: timedelta) -> str:
    """A run to come: the clock was set back, and nobody has swept since."""
    if ago <= -LATE:
        return "时钟往回拨过，此后没有自动办理"
    return "很久没有自动办理" if ago >= LATE else "最近一次没有全部办成" if run.trouble else ""


def sweep_time(at: datetime) -> Reading:
    run = runs.last_ended()
    if run is None or run.seconds is None:
        return Reading(float("nan"), "没有记录")
    state = State.RED if run.seconds >= TOO_LONG_SECONDS else State.OK
    state = State.WARN if LONG_SECONDS <= run.seconds < TOO_LONG_SECONDS else state
    return Reading(run.seconds, f"{run.seconds:.1f} 秒", state, "一次办理比两次之间的一分钟还长")


def _real(lasting: timedelta) -> timedelta:
    """How long it was on the machine, whose minutes beat counts."""
    return lasting / clock.speed()


def _judged(waited: timedelta) -> State:
    return State.RED if waited >= DEAD else State.WARN if waited >= LATE else State.OK


PROBES = (
    Probe("oldest_due", "等得最久的到时事项", oldest_due, "看 worker 和 beat 是否在运行", "seconds"),
    Probe("last_sweep", "上一次自动办理", last_sweep, "看 worker 和 beat 是否在运行", "seconds"),
    Probe("sweep_time", "自动办理用时", sweep_time, "看到时的事项是否太多，数据库是否太慢", "seconds"),
)
