"""Numbers of the machine: disk, queue, tables, versions and clocks."""

import platform
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from kombu.exceptions import ChannelError

from portal.celery import app
from portal.operations.broker import opened
from portal.version import version
from records import clock, words
from records.probes import Probe, Reading, State

MEGABYTE, GIGABYTE = 1 << 20, 1 << 30
# An hour of sweeps that nobody took.
LONG_QUEUE, DEAD_QUEUE = 10, 60
FAR_APART = timedelta(seconds=5)
VENDORS = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}


def disk(at: datetime) -> Reading:
    """Of the disks that the site writes to, the one with least; uploads may have one of their own."""
    places = (Path(settings.VAR), Path(settings.PRIVATE_FILES_ROOT))
    free = min(shutil.disk_usage(place).free for place in places if place.exists())
    limits = ((settings.DISK_RED_MB, State.RED), (settings.DISK_WARN_MB, State.WARN))
    state = next((state for limit, state in limits if free < limit * MEGABYTE), State.OK)
    return Reading(free, f"{free / GIGABYTE:.1f} GB", state, "磁盘快满了，写不下时上传和办理都会失败")


def migrations(at: datetime) -> Reading:
    count = pending_migrations()
    state = State.RED if count else State.OK
    return Reading(count, f"{count} 个", state, "数据表比程序旧")


def pending_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def queue(at: datetime) -> Reading:
    """Tasks that no worker has taken yet."""
    count = _waiting_tasks(app.conf.task_default_queue)
    state = State.RED if count >= DEAD_QUEUE else State.WARN if count >= LONG_QUEUE else State.OK
    return Reading(count, f"{count} 个", state, "任务没有人取")


def _waiting_tasks(queue: str) -> int:
    """In Redis a queue from which all was taken is not there."""
    with opened() as broker:
        try:
            return int(broker.default_channel.queue_declare(queue=queue, passive=True).message_count)
        except ChannelError:
            return 0


def installed(at: datetime) -> Reading:
    shown = f"{version()}（Python {platform.python_version()}，Django {django.get_version()}）"
    return Reading(1, shown, label=version())


def servers(at: datetime) -> Reading:
    """Of what kind, never where or under what name."""
    broker = urlsplit(settings.CELERY_BROKER_URL).scheme
    found = ".".join(str(part) for part in connection.get_database_version())
    kind = f"{VENDORS.get(connection.vendor, connection.vendor)} {found}"
    return Reading(1, f"{kind}；队列 {'文件夹' if broker == 'filesystem' else broker}", label=kind)


def site_clock(at: datetime) -> Reading:
    ahead = clock.offset()
    if not ahead and clock.speed() == 1:
        return Reading(0, "实际时间")
    state = State.RED if settings.PRODUCTION else State.OK
    shown = "，".join(filter(None, [f"本站 {words.full_moment(at)}", words.pace(clock.speed())]))
    return Reading(ahead.total_seconds(), shown, state, "正式站点的时钟拨动过")


def machine_clock(at: datetime) -> Reading:
    """How far this machine's clock is from the database server's."""
    apart = abs(timezone.now() - _database_time())
    seconds = apart.total_seconds()
    state = State.WARN if apart >= FAR_APART else State.OK
    state = State.RED if apart >= FAR_APART * 12 else state
    return Reading(seconds, f"{seconds:.0f} 秒", state, "这台机器和数据库服务器的时间不一样")


def _database_time() -> datetime:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            moment: datetime = cursor.fetchone()[0]
            return moment
        cursor.execute("SELECT strftime('%s', 'now')")
        return datetime.fromtimestamp(int(cursor.fetchone()[0]), UTC)


PROBES = (
    Probe("queue", "队列里的任务", queue, "看 worker 是否在运行", "tasks"),
    Probe("disk", "磁盘还剩", disk, "清理旧的备份，或加大磁盘", "free_bytes"),
    Probe("migrations", "还没更新的数据表", migrations, "运行 manage.py migrate"),
    Probe("machine_clock", "机器与数据库的时间差", machine_clock, "让两台机器都用 NTP 对时", "seconds"),
    Probe("clock", "本站的时钟", site_clock, "去掉 PORTAL_CLOCK_FILE", "offset_seconds"),
    Probe("version", "程序版本", installed),
    Probe("servers", "数据库与队列", servers),
)
