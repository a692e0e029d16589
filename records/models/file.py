import os
import uuid

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models

from records.words import full_day, local_day


class PrivateStorage(FileSystemStorage):
    """Outside every public path; files are served only through an access check."""

    @property
    def base_location(self) -> str:
        return str(settings.PRIVATE_FILES_ROOT)

    @property
    def location(self) -> str:
        return os.path.abspath(self.base_location)  # noqa: PTH100 -- what Django's own storage answers


def private_storage() -> FileSystemStorage:
    return PrivateStorage()


def random_name(instance: "StoredFile", filename: str) -> str:
    return f"{instance.pk.hex[:2]}/{instance.pk.hex}"


class StoredFile(models.Model):
    """An uploaded file: its own random name on disk, the person's name for it kept for people only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content = models.FileField("内容", upload_to=random_name, storage=private_storage, blank=True)
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("类型", max_length=80)
    size = models.PositiveBigIntegerField("字节数")
    sha256 = models.CharField("指纹", max_length=64)
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # It holds personal data: encrypted at rest, and opened only for a purpose.
    sensitive = models.BooleanField("含个人信息", default=False)
    # Which of settings.FILE_KEYS it is encrypted with, by the key's name; empty where it is not.
    key = models.CharField(max_length=16, blank=True, editable=False)
    removed_at = models.DateTimeField("删除时间", null=True, blank=True)
    removed_under = models.CharField("删除依据", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "文件"

    def __str__(self) -> str:
        return self.name

    @property
    def removal(self) -> str:
        """Said where the file would be; empty while it is there."""
        if self.removed_at is None:
            return ""
        return f"已按规定于 {full_day(local_day(self.removed_at))} 删除（{self.removed_under}）"
