"""Why a backup or a restore was not done, in sentences."""

import errno
import os


class BackupRefused(Exception):
    """Why nothing was written or restored, as a sentence with what to do."""


class RestoreUnfinished(Exception):
    """What could not be done after the archive had taken the site's place, as a sentence with what to do."""


def told(error: OSError) -> str:
    """What the machine would not do; Python's own words name the archive where it is the disk or the user."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "磁盘满了，腾出地方再试"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"没有权限读写 {error.filename}（现在的用户是 uid {os.getuid()}），改它的权限或所有者再试"
    if error.errno == errno.ENOENT:
        return f"{error.filename} 不在"
    return f"{error.filename or ''} {error.strerror or type(error).__name__}".strip()
