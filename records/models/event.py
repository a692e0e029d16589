from typing import Any, NoReturn

from django.conf import settings
from django.db import models


class Unchangeable(Exception):
    """Somebody tried to rewrite what has happened."""


class EventQuerySet(models.QuerySet["Event"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise Unchangeable("事件记录不能修改")

    def delete(self) -> NoReturn:
        raise Unchangeable("事件记录不能删除")


class Event(models.Model):
    """What was done, by whom, when and under which article; one table for everything, written once."""

    at = models.DateTimeField("时间")
    verb = models.CharField("动作", max_length=40)
    summary = models.CharField("经过", max_length=500)
    article = models.CharField("依据", max_length=80, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办理人"
    )
    actor_name = models.CharField("办理人姓名", max_length=120)
    # What is sealed stands for the name (records.trail.digests): the name and its salt can be erased, the seal holds.
    actor_salt = models.CharField(max_length=32, editable=False)
    actor_mark = models.CharField(max_length=64, editable=False)
    city = models.ForeignKey("cities.City", models.PROTECT, null=True, related_name="+", verbose_name="城市")
    programme = models.ForeignKey(
        "cities.Programme", models.PROTECT, null=True, related_name="+", verbose_name="项目"
    )
    organisation = models.ForeignKey(
        "providers.Organisation", models.PROTECT, null=True, related_name="+", verbose_name="单位"
    )
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, related_name="events", verbose_name="事项"
    )
    data = models.JSONField("明细", default=dict, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "事件"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["case", "-at"]), models.Index(fields=["programme", "-at"])]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.summary}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Unchangeable("事件记录不能修改")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Unchangeable("事件记录不能删除")
