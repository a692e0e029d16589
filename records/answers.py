"""Statuses of answers that are not plain."""

WRONG = 422  # nothing was done, the page says what to mend
GONE = 410
TOO_MANY = 429
