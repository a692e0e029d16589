from typing import Any, NoReturn

from django.db import models

from records.models.event import Unchangeable


class TrailBlock(models.Model):
    """A stretch of events sealed together: each with its own digest, all under one that also covers the block before."""

    number = models.PositiveIntegerField("块号", unique=True)
    after = models.BigIntegerField("接在哪个事件之后")
    through = models.BigIntegerField("到哪个事件")
    # By the event's key as text, the way JSON keeps it.
    digests = models.JSONField("各事件的指纹")
    sealed_at = models.DateTimeField("封存时间")
    digest = models.CharField("指纹", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "封存的事件"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"第 {self.number} 块"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Unchangeable("封存的事件不能修改")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Unchangeable("封存的事件不能删除")
