from datetime import datetime

from django.db import models

from records import clock


class Kept(models.Model):
    """A row whose every version is kept; history dates come from the site's clock, so rehearsals and demonstrations tell one story."""

    class Meta:
        abstract = True

    @property
    def _history_date(self) -> datetime:
        return clock.now()
