"""Document numbers: one after another for each issuer and year, each given once."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from notices.models import Issuer, NumberSeries


@dataclass(frozen=True)
class DocumentNumber:
    series: NumberSeries
    ordinal: int

    def __str__(self) -> str:
        """With the year in six-cornered brackets, no 第 and no zeros before it (GB/T 9704-2012, 7.2.5)."""
        return f"{self.series}{self.ordinal}号"


def take(issuer: Issuer, at: datetime) -> DocumentNumber:
    """The next number of the local year of that moment, locked until the transaction ends. If that is undone the next taker has it:
    nobody has seen it. The last lock a transaction takes."""
    year = timezone.localtime(at).year
    series, _ = NumberSeries.objects.select_for_update().get_or_create(issuer=issuer, year=year)
    series.issuer = issuer
    series.last += 1
    series.save(update_fields=["last"])
    return DocumentNumber(series, series.last)
