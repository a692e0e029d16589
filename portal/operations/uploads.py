"""Numbers of uploads: whether something looks for viruses in them, and what holds the sensitive ones."""

from datetime import datetime

from django.conf import settings

from records.files import rotation, scanning
from records.probes import Probe, Reading, State


def virus_scanner(at: datetime) -> Reading:
    """Uploads are refused while one that is set does not answer; without one they are taken unscanned."""
    if not scanning.is_configured():
        state = State.WARN if settings.PRODUCTION else State.OK
        return Reading(0, "没有设置，上传的文件不查病毒", state, "没有设置病毒检查（CLAMD_ADDRESS）")
    try:
        scanning.ping()
    except (OSError, ValueError, scanning.NoAnswer):
        return Reading(0, "没有应答", State.RED, "病毒检查没有应答，现在什么文件都收不下")
    return Reading(1, "有应答")


def file_keys(at: datetime) -> Reading:
    """Sensitive files that the newest key does not hold yet; red where no key of the site's does."""
    if not settings.FILE_KEYS:
        return Reading(
            float("nan"), "没有密钥", State.RED, "没有设置 FILE_KEYS，含个人信息的文件收不下也打不开"
        )
    lost, behind = rotation.lost().count(), rotation.behind().count()
    if lost:
        return Reading(behind, f"{behind} 个", State.RED, f"{lost} 个文件的密钥不在 FILE_KEYS 里，打不开")
    state = State.WARN if behind else State.OK
    return Reading(behind, f"{behind} 个", state, "还没有用最新的密钥加密" if behind else "")


PROBES = (
    Probe("virus_scanner", "病毒检查", virus_scanner, "看 clamd 是否在运行，CLAMD_ADDRESS 对不对"),
    Probe(
        "file_keys",
        "待用最新密钥加密的文件",
        file_keys,
        "运行 manage.py rotate_file_keys；缺密钥的从保存处放回",
        "files",
    ),
)
