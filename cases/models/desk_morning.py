from django.db import models


class DeskMorning(models.Model):
    """A working morning on which the desks were written to. One row, so that whoever has nothing on his desk is not asked again."""

    day = models.DateField("日期", unique=True)
    written_at = models.DateTimeField("写信时间")

    class Meta:
        verbose_name = verbose_name_plural = "待办信"
        ordering = ["-day"]

    def __str__(self) -> str:
        return str(self.day)
