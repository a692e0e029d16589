"""What is put back is what was made."""

from typing import Any

from django.apps import apps
from django.db import transaction

from cities.models import City
from records.models import Event
from tests.conftest import at
from tests.remembered import Remembered


def rows() -> dict[str, list[Any]]:
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: list(model._base_manager.order_by("pk").values()) for model in models}


def write() -> None:
    """Text that needs quoting, JSON, a moment, no value, and a row of history."""
    city = City.objects.create(slug="one", name="一号市'\"%s\\n", office="专班")
    Event.objects.create(at=at("2026-09-17 10:32"), verb="x", summary="", city=city, data={"天": ["'", None]})


def undone(call: Any) -> dict[str, list[Any]]:
    """Every row there is after it; all of it undone."""
    with transaction.atomic():
        call()
        found = rows()
        transaction.set_rollback(True)
    return found


def test_rows_are_put_back_as_they_were_made(db, django_assert_num_queries):
    put = Remembered(write)
    made = undone(put)

    with transaction.atomic(), django_assert_num_queries(6):
        put()

    assert rows() == made


def test_rows_that_stand_in_the_way_are_left_and_the_new_ones_made(db):
    put = Remembered(write)
    undone(put)
    Event.objects.create(at=at("2026-09-17 10:00"), verb="earlier", summary="")

    put()

    assert sorted(Event.objects.values_list("verb", flat=True)) == ["earlier", "x"]
