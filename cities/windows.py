"""The days of every year on which applications come in for one review, as rows write them: 03-01/03-31, both included."""

import re
from datetime import date

from cities.models import Procedure

WRITTEN = re.compile(r"(\d{2})-(\d{2})/(\d{2})-(\d{2})")
ANY_YEAR = 2023  # one without a 29 February, which not every year has


def is_window(written: object) -> bool:
    found = WRITTEN.fullmatch(written) if isinstance(written, str) else None
    try:
        return bool(found and _days(found[0], ANY_YEAR))
    except ValueError:
        return False


def latest(procedure: Procedure, today: date) -> tuple[date, date] | None:
    """Of the windows of a procedure the one that began last, today at the latest; None where its rows write none."""
    years = (today.year, today.year - 1)
    known = [_days(written, year) for written in procedure.review_windows for year in years]
    return max((one for one in known if one[0] <= today), default=None)


def _days(written: str, year: int) -> tuple[date, date]:
    """One that ends earlier in the year than it begins ends in the next."""
    found = WRITTEN.fullmatch(written)
    assert found is not None
    month, day, last_month, last_day = map(int, found.groups())
    first, last = date(year, month, day), date(year, last_month, last_day)
    return first, last if last >= first else date(year + 1, last_month, last_day)
