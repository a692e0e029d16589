"""What is put back is what was made."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connections, transaction

from cities.models import City, District
from records import clock
from records.models import Event, StoredFile
from tests import remembered as memory
from tests.conftest import at
from tests.remembered import remembered


def rows() -> dict[str, list[Any]]:
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: list(model._base_manager.order_by("pk").values()) for model in models}


class Maker:
    """Text that needs quoting, JSON, a moment, no value, and a row of history; rows changed and removed; a file."""

    def __init__(self) -> None:
        self.calls = 0

    def first(self, name: str) -> City:
        self.calls += 1
        city = City.objects.create(slug=name, name="一号市'\"%s\\n", office="专班")
        moment = at("2026-09-17 10:32")
        Event.objects.create(at=moment, verb="x", summary="", city=city, data={"天": ["'", None]})
        for place in ("kept", "changed", "gone"):
            District.objects.create(city=city, name=place)
        return city

    def then(self, city: City) -> str:
        self.calls += 1
        City.objects.filter(pk=city.pk).update(office="另一个专班")
        District.objects.filter(name="changed").update(name="new")
        District.objects.filter(name="gone").delete()
        stored = StoredFile(name="x.pdf", content_type="application/pdf", size=1, uploaded_at=clock.now())
        stored.content.save("x.pdf", ContentFile(b"x"))
        return stored.content.path


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch) -> Maker:
    """With a memory of its own."""
    monkeypatch.setattr(connections["default"], "execute_wrappers", [])
    monkeypatch.setattr(memory, "_here", memory._Here())
    return Maker()


def undone(call: Any) -> Any:
    """What it gives and every row there is after it; all of it undone, as at the end of a test."""
    memory.begin()
    with transaction.atomic():
        found = call(), rows()
        transaction.set_rollback(True)
    return found


def both(maker: Maker) -> Any:
    return remembered(maker.then)(remembered(maker.first)("one"))


def test_rows_and_files_are_put_back_as_they_were_made(db, maker):
    path, made = undone(lambda: both(maker))
    Path(path).unlink()

    again, put = undone(lambda: both(maker))

    assert (again, put) == (path, made)
    assert Path(path).read_bytes() == b"x"
    assert maker.calls == 2


def test_what_one_process_has_made_another_puts(db, maker, monkeypatch, tmp_path):
    """Where both share a folder: one more step is made once, and seen by the first again."""
    memory.share(tmp_path / "shared")
    _, made = undone(lambda: remembered(maker.first)("one"))
    monkeypatch.setattr(memory, "_here", memory._Here())
    monkeypatch.setattr(connections["default"], "execute_wrappers", [])
    memory.share(tmp_path / "shared")
    (path, further) = undone(lambda: both(maker))

    assert maker.calls == 2
    assert made["cities_city"][0] | {"office": "另一个专班"} == further["cities_city"][0]
    assert Path(path).read_bytes() == b"x"


def test_a_copy_is_given_so_that_no_test_spoils_the_next(db, maker):
    city, _ = undone(lambda: remembered(maker.first)("one"))
    city.name = "改过"

    again, _ = undone(lambda: remembered(maker.first)("one"))

    assert again.name == "一号市'\"%s\\n"


@pytest.mark.parametrize("other", ["argument", "clock", "rows"])
def test_another_way_is_made_by_its_own_steps(db, maker, stopped_clock, other):
    undone(lambda: both(maker))

    def differently() -> None:
        if other == "rows":
            City.objects.create(slug="two", name="二号市", office="专班")
        if other == "clock":
            stopped_clock(at("2026-09-18 09:00"))
        remembered(maker.first)("other" if other == "argument" else "one")

    undone(differently)
    assert maker.calls == 3


def test_what_a_test_wrote_between_two_steps_is_seen_by_the_second(db, maker):
    undone(lambda: both(maker))

    def changed() -> None:
        city = remembered(maker.first)("one")
        District.objects.filter(name="changed").delete()
        remembered(maker.then)(city)

    _, found = undone(changed)
    assert [district["name"] for district in found["cities_district"]] == ["kept"]


def test_a_step_that_fails_is_made_again(db, maker):
    def fail(name: str) -> None:
        maker.first(name)
        raise ValueError(name)

    with pytest.raises(ValueError, match="one"):
        undone(lambda: remembered(fail)("one"))
    with pytest.raises(ValueError, match="one"):
        undone(lambda: remembered(fail)("one"))
    assert maker.calls == 2


def test_an_argument_that_cannot_be_told_apart_is_refused(db):
    with pytest.raises(TypeError, match="same"):
        remembered(lambda given: None)(object())
