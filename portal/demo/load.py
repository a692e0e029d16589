"""Loads a demonstration: a list, people and cases around a clock inside the last official calendar year."""

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Grant
from cities.models import CalendarYear, District, Programme
from portal.demo import decisions, people, stories
from providers import registry
from providers.listed import ListedItem, ListedPartner, ListedUnit
from records import clock


def is_loaded(programme: Programme) -> bool:
    return programme.editions.exists() or Grant.objects.filter(programme=programme).exists()


def files() -> list[Path]:
    return sorted((Path(settings.BASE_DIR) / "fixtures/demo").glob("*.yaml"))


def moment(path: Path) -> datetime:
    """When a file's demonstration takes place: its day and hour, in the last official calendar year."""
    return _in_year(_last_official_year(), yaml.safe_load(path.read_text())["clock"])


def load(path: Path, accounts_file: Path) -> datetime:
    """Load one file; its moment, which is returned, is the site's from then on unless somebody has set the clock before.
    Nothing stays of a load that fails."""
    content = yaml.safe_load(path.read_text())
    programme = Programme.objects.select_related("city").get(slug=content["programme"])
    year = _last_official_year()
    now = _in_year(year, content["clock"])
    with transaction.atomic():
        for field, value in content.get("contacts", {}).items():
            setattr(programme, field, value)
        programme.save()
        for name in content.get("districts", []):
            District.objects.get_or_create(city=programme.city, name=name)
        since = _enter(content.get("list"), programme) or now
        staff, accounts = people.create(content.get("people", []), programme, at=since)
        telling = stories.Telling(programme, staff, year, now)
        for told in content.get("decisions", []):
            decisions.propose(told, programme, by=staff[told["by"]], at=telling.moment(told["at"]))
        for story in content.get("cases", []):
            stories.tell(story, telling)
        for told in content.get("batches", []):
            stories.gather(told, telling)
        people.keep_private(accounts_file, accounts)
    if not clock.is_set():
        clock.shift_to(now)
    return now


def _enter(listed: dict[str, Any] | None, programme: Programme) -> datetime | None:
    """The list as it was published, and when; a programme may have none yet."""
    if listed is None:
        return None
    published_at = timezone.make_aware(_moment(listed["published_at"]))
    registry.enter(registry.lock(programme), _units(listed), at=published_at)
    return published_at


def _last_official_year() -> int:
    return CalendarYear.objects.filter(status=CalendarYear.Status.OFFICIAL).latest("year").year


def _in_year(year: int, written: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(f"{year}-{written}"))


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def _units(content: dict[str, Any]) -> list[ListedUnit]:
    """`category` is that of every unit that names no other."""
    partners, items, category = content["partners"], content["items"], content["category"]
    return [
        ListedUnit(
            unit["code"],
            unit["name"],
            entered_on=unit["entered_on"],
            place=unit["place"],
            entries=tuple((unit.get("category", category), industry) for industry in unit["industries"]),
            partners=tuple(ListedPartner(*rest) for code, *rest in partners if code == unit["code"]),
            items=tuple(ListedItem(*rest) for code, *rest in items if code == unit["code"]),
        )
        for unit in content["units"]
    ]
