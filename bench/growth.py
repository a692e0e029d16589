"""A registry of a given size: a list that was entered, applications that were carried out, and copies of these.

One unit's past application, one that stands in publicity now and one that is on a desk are told through the real
steps. What the others have are copies of their rows, written in bulk: for a page only their number counts. So every
unit has one application that was published, with its own publicity and edition, and the first thousand have one that
is open, every other one of them in publicity.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from stdnum.cn import uscc

from accounts.models import User
from cases.models import Case, CheckRun, Deadline, Decision
from cities.calendar.loading import seed
from cities.models import CalendarYear, Category, Programme
from cities.rulebooks.load import load
from portal.demo import people, stories
from providers import registry
from providers.listed import ListedItem, ListedPartner, ListedUnit
from providers.models import ListEdition, Registration
from publicity.models import PublicityItem
from records import clock
from records.models import Event

MOST_OPEN = 1000
ROWS_AT_ONCE = 1000
ENTERED = date(2023, 12, 15)
LISTED = "03-27T09:00"  # of the year before
NOW = "09-17T10:32"
PEOPLE = [
    {"username": "lin", "name": "林经办", "role": "clerk", "of": "programme"},
    {"username": "he", "name": "何审定", "role": "decider", "of": "programme"},
]
TO_THE_DESK: list[dict[str, str]] = [{"at": "09-08T16:05", "do": "submit"}]
TO_PUBLICITY = [
    *TO_THE_DESK,
    {"at": "09-10T10:20", "do": "support", "by": "lin", "opinion": "材料齐全，拟同意。"},
    {"at": "09-11T14:06", "do": "approve", "by": "he", "opinion": "同意。"},
    {"at": "09-15T09:30", "do": "publicity", "by": "lin"},
]
TO_THE_END = [
    {"at": "02-02T09:40", "do": "submit"},
    {"at": "02-03T10:05", "do": "support", "by": "lin", "opinion": "材料齐全，拟同意。"},
    {"at": "02-04T15:20", "do": "approve", "by": "he", "opinion": "同意。"},
    {"at": "02-05T09:00", "do": "publicity", "by": "lin"},
    {"at": "02-11T00:00", "do": "sweep"},
]


@dataclass(frozen=True)
class Grown:
    """What the measurement needs to know of what was made."""

    programme: Programme
    clerk: User
    case: Case
    now: datetime


def load_rules() -> None:
    seed(clock.now())
    rulebooks = sorted((Path(settings.BASE_DIR) / "fixtures/rulebooks").glob("*.yaml"))
    load(rulebooks[:1], at=clock.now())


def grow(size: int) -> Grown:
    """Fill a database that has the rules and nothing else."""
    programme = Programme.objects.select_related("city").get()
    year = CalendarYear.objects.filter(status=CalendarYear.Status.OFFICIAL).latest("year").year
    now = _moment(year, NOW)
    clock.shift_to(now)
    with transaction.atomic():
        listed_at = _moment(year - 1, LISTED)
        registry.enter(registry.lock(programme), units(programme, size), at=listed_at)
        staff, _ = people.create(PEOPLE, programme, at=listed_at)
        case = _apply(programme, stories.Telling(programme, staff, year, now), size)
    return Grown(programme, staff["lin"], case, now)


def units(programme: Programme, size: int) -> list[ListedUnit]:
    """Two partners and two items each; every partner stands behind two units."""
    industries = [industry.key for industry in programme.industries.order_by("order")]
    category = Category.objects.filter(rulebook__programme=programme).earliest("order").key
    return [_unit(n, category, industries[n // 2 % len(industries)]) for n in range(size)]


def _unit(n: int, category: str, industry: str) -> ListedUnit:
    partners = [n // 2 * 2, n // 2 * 2 + 1]
    return ListedUnit(
        _code(n),
        unit_name(n),
        ENTERED,
        entries=((category, industry),),
        partners=tuple(
            ListedPartner(industry, _code(500_000_000 + k), f"示例伙伴{k:05}公司") for k in partners
        ),
        items=tuple(ListedItem(f"P-{k:04}", f"示例产品{k}", "36,000 元／年") for k in (1, 2)),
    )


def unit_name(n: int) -> str:
    return f"示例单位{n:05}有限公司"


def _code(number: int) -> str:
    body = f"91990001{number:09}"
    return body + uscc.calc_check_digit(body)


def _moment(year: int, text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(f"{year}-{text}"))


def _apply(programme: Programme, telling: stories.Telling, size: int) -> Case:
    """The applications of all units; answers the one that stands in publicity."""
    first, *others = Registration.objects.filter(programme=programme).order_by("pk")
    _repeat(_told(first, telling, TO_THE_END, "02-01", 1), others)
    shown = _told(first, telling, TO_PUBLICITY, "09-07", 2)
    _repeat(shown, islice(others, 1, MOST_OPEN - 1, 2))
    if others:
        on_desk = _told(others[0], telling, TO_THE_DESK, "09-07", 3)
        _repeat(on_desk, islice(others, 2, MOST_OPEN - 1, 2))
    return shown


def _told(
    unit: Registration, telling: stories.Telling, steps: list[dict[str, str]], received: str, number: int
) -> Case:
    """An application on paper, carried out step by step."""
    story = {
        "unit": unit.organisation.credit_code,
        "by": "lin",
        "reason": "补充能力。",
        "explanation": "原有的已退出。",
        "paper_received": received,
        "operations": _operations(unit, number),
        "steps": steps,
    }
    return Case.objects.get(pk=stories.tell(story, telling).pk)


def _operations(unit: Registration, number: int) -> list[dict[str, str]]:
    """Three new partners, one that leaves and one item more; `number` keeps what is new apart from other stories'."""
    entry = unit.entries.select_related("industry").get()
    partnership = entry.partnerships.current().select_related("organisation").order_by("pk").first()
    assert partnership is not None
    industry, leaving = entry.industry.key, partnership.organisation
    fresh = range(900_000_000 + number * 10, 900_000_003 + number * 10)
    return [
        *(
            {
                "action": "add_partner",
                "industry": industry,
                "partner_code": _code(n),
                "partner_name": f"示例新伙伴{n}",
            }
            for n in fresh
        ),
        {
            "action": "end_partner",
            "industry": industry,
            "leaving_code": leaving.credit_code,
            "leaving_name": leaving.name,
            "note": "自愿退出",
        },
        {"action": "add_item", "item_code": f"P-9{number:03}", "item_name": "示例新产品"},
    ]


@dataclass
class _Copies:
    """Rows to be written, by model in the order in which they were first made: what is pointed to comes first."""

    made: dict[type[models.Model], list[models.Model]] = field(default_factory=dict)

    def add(self, row: Any, **changed: Any) -> Any:
        values = {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields}
        values["id"] = uuid.uuid4() if isinstance(row.pk, uuid.UUID) else None
        copy = type(row)(**{**values, **changed})
        self.made.setdefault(type(row), []).append(copy)
        return copy

    def write(self) -> None:
        for model, rows in self.made.items():
            model._default_manager.bulk_create(rows, batch_size=ROWS_AT_ONCE)


def _repeat(case: Case, registrations: Iterable[Registration]) -> None:
    """The case, its publicity and its edition once more for each of these units."""
    registrations = list(registrations)
    editions = _editions(case, len(registrations)) if case.edition else []
    copies, own = _Copies(), _own_rows(case)
    item = PublicityItem.objects.select_related("period").filter(case=case).first()
    for n, unit in enumerate(registrations):
        batch = copies.add(case.batch) if case.batch else None
        mine = copies.add(
            case,
            number=f"{case.number}-{unit.pk}",
            organisation_id=unit.organisation_id,
            registration_id=unit.pk,
            batch_id=batch and batch.pk,
            edition_id=editions[n].pk if editions else None,
        )
        for row in own:
            copies.add(row, case_id=mine.pk)
        if item and batch:
            period = copies.add(item.period, number=f"{item.period.number}-{unit.pk}", batch_id=batch.pk)
            copies.add(item, case_id=mine.pk, period_id=period.pk)
    copies.write()


def _own_rows(case: Case) -> list[models.Model]:
    """What a worklist reads beside an open case; of a closed one only its deadlines are worth their room."""
    kinds: list[Any] = [Deadline]
    if case.status == Case.Status.OPEN:
        kinds += [CheckRun, Decision, Event]
    return [row for kind in kinds for row in kind.objects.filter(case=case)]


def _editions(case: Case, count: int) -> list[ListEdition]:
    """As many editions more, a minute apart; the register then stands at the last of them."""
    first = case.edition
    assert first is not None
    copies = _Copies()
    rows = [
        copies.add(first, number=first.number + n, published_at=first.published_at + timedelta(minutes=n))
        for n in range(1, count + 1)
    ]
    copies.write()
    if rows:
        register = registry.lock(case.programme)
        register.last_number, register.last_moment = rows[-1].number, rows[-1].published_at
        register.save()
    return rows
