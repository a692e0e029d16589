"""Bringing every sensitive file to the newest key."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet

from records.files import encryption
from records.files.storing import encrypt_again, whole
from records.models import StoredFile


def behind() -> QuerySet[StoredFile]:
    """Sensitive files that another key than the newest holds, or none."""
    return StoredFile.objects.filter(sensitive=True, removed_at=None).exclude(key=encryption.newest())


def lost() -> QuerySet[StoredFile]:
    """Files whose key is not among the site's."""
    rows = StoredFile.objects.filter(sensitive=True, removed_at=None).exclude(key="")
    return rows.exclude(key__in=encryption.known())


def rotate() -> Iterator[tuple[UUID, str]]:
    """One transaction each, so that it can be broken off and begun again; yields each with why it could not be, or nothing."""
    for pk in list(behind().values_list("pk", flat=True)):
        yield pk, _rotate(pk)


def _rotate(pk: UUID) -> str:
    try:
        with whole():
            stored = behind().select_for_update().filter(pk=pk).first()
            if stored:
                encrypt_again(stored)
    except encryption.KeyMissing:
        return "密钥不在 FILE_KEYS 里"
    except encryption.Altered:
        return "磁盘上的内容被改动或损坏"
    except FileNotFoundError:
        return "文件不在了"
    return ""
