"""Loads a demonstration: a list, people and cases around a clock inside the last official calendar year."""

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cities.models import CalendarYear, Programme
from portal.demo import people, stories
from providers import registry
from providers.listed import ListedItem, ListedPartner, ListedUnit
from records import clock


def is_loaded(programme: Programme) -> bool:
    return programme.editions.exists()


def files() -> list[Path]:
    return sorted((Path(settings.BASE_DIR) / "fixtures/demo").glob("*.yaml"))


def moment(path: Path) -> datetime:
    """When a file's demonstration takes place: its day and hour, in the last official calendar year."""
    return _in_year(_last_official_year(), yaml.safe_load(path.read_text())["clock"])


def load(path: Path, accounts_file: Path) -> datetime:
    """Load one file and set the site's clock to its moment, which is returned. Nothing stays of a load that fails."""
    content = yaml.safe_load(path.read_text())
    programme = Programme.objects.select_related("city").get(slug=content["programme"])
    year = _last_official_year()
    now = _in_year(year, content["clock"])
    with transaction.atomic():
        for field, value in content.get("contacts", {}).items():
            setattr(programme, field, value)
        programme.save()
        published_at = timezone.make_aware(_moment(content["list"]["published_at"]))
        registry.enter(registry.lock(programme), _units(content["list"]), at=published_at)
        staff, accounts = people.create(content["people"], programme, at=published_at)
        telling = stories.Telling(programme, staff, year, now)
        for story in content["cases"]:
            stories.tell(story, telling)
        people.keep_private(accounts_file, accounts)
    clock.shift_to(now)
    return now


def _last_official_year() -> int:
    return CalendarYear.objects.filter(status=CalendarYear.Status.OFFICIAL).latest("year").year


def _in_year(year: int, written: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(f"{year}-{written}"))


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def _units(content: dict[str, Any]) -> list[ListedUnit]:
    partners, items = content["partners"], content["items"]
    return [
        ListedUnit(
            unit["code"],
            unit["name"],
            entered_on=unit["entered_on"],
            place=unit["place"],
            entries=tuple((content["category"], industry) for industry in unit["industries"]),
            partners=tuple(ListedPartner(*rest) for code, *rest in partners if code == unit["code"]),
            items=tuple(ListedItem(*rest) for code, *rest in items if code == unit["code"]),
        )
        for unit in content["units"]
    ]
