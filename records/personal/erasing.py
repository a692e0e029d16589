"""The one way past what keeps every version of a row: what is erased must not stand in its history."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet, Value
from django.db.models.functions import Replace
from django.utils import timezone

from records.models import Letter
from records.personal.subjects import ERASED


def overwrite(row: Model, **values: Any) -> None:
    """In the row and in every version of it that was kept, without keeping one more. Its signals do not run."""
    model = type(row)
    QuerySet.update(model._base_manager.filter(pk=row.pk), **values)
    if history := getattr(model, "history", None):
        name = model._meta.pk.name
        QuerySet.update(history.filter(**{name: row.pk}), **values)
    for name, value in values.items():
        setattr(row, name, value)


def forget_names(model: type[Model], keys: list[Any]) -> None:
    """Django's own log of the admin repeats what each row was called."""
    kind = ContentType.objects.get_for_model(model)
    rows = LogEntry.objects.filter(content_type=kind, object_id__in=[str(key) for key in keys])
    rows.update(object_repr=ERASED)


def forget_in_letters(letters: "QuerySet[Letter]", *names: str) -> None:
    """Letters stay as what was written and when; whom they greet goes."""
    for name in filter(None, names):
        for field in ("subject", "body"):
            changed = Replace(field, Value(name), Value(ERASED))
            letters.filter(**{f"{field}__contains": name}).update(**{field: changed})


def day_of(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def kept_until(since: datetime) -> date:
    """The last day on which the archive's duty holds for what was done at that moment."""
    day, years = day_of(since), int(settings.PERSONAL_KEPT_YEARS)
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
