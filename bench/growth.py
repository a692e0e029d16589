"""A registry of a given size: a list that was entered, applications that were carried out, and copies of these.

One unit's past application, one that stands in publicity now and one that is on a desk are told through the real
steps. What the others have are copies of their rows, written in bulk: for a page only their number counts. So every
unit has one application that was published, with its own publicity and edition, and the first thousand have one that
is open, every other one of them in publicity.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from stdnum.cn import uscc

from accounts.models import User
from bench.copies import repeat
from cases.deadlines import set_deadline
from cases.models import Case
from cities.calendar.loading import seed
from cities.models import CalendarYear, Category, Programme
from cities.rulebooks.load import load
from portal.demo import people, stories
from providers import registry
from providers.listed import ListedItem, ListedPartner, ListedUnit
from providers.models import Partnership, Registration
from publicity.models import PublicityPeriod
from records import clock

MOST_OPEN = 1000
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


@dataclass(frozen=True)
class GrownBatch:
    """Cases of one procedure at its first desk, each with a last day that was named."""

    cases: list[Case]
    clerk: User
    decider: User
    now: datetime


def load_rules() -> None:
    seed(clock.now())
    rulebooks = sorted((Path(settings.BASE_DIR) / "fixtures/rulebooks").glob("*.yaml"))
    load(rulebooks[:1], at=clock.now())


def grow(size: int) -> Grown:
    """Fill a database that has the rules and nothing else."""
    with transaction.atomic():
        telling = _enter(size)
        case = _apply(telling.programme, telling, size)
    return Grown(telling.programme, telling.people["lin"], case, telling.now)


def grow_due(size: int) -> datetime:
    """Fill a database that has the rules and nothing else with so many units, each of which has a publicity that ends at
    the moment which is answered."""
    with transaction.atomic():
        telling = _enter(size)
        first, *others = Registration.objects.filter(programme=telling.programme).order_by("pk")
        shown = _told(first, telling, TO_PUBLICITY, "09-07", 2)
        leaving = _first_partners(telling.programme)
        repeat(
            shown,
            others,
            lambda number, unit: _operations(leaving[unit.pk], number + 100),
        )
    return PublicityPeriod.objects.earliest("pk").closes_at


def grow_batch(size: int) -> GrownBatch:
    """Fill a database that has the rules and nothing else with so many applications on the first desk, and the one that they
    are copies of, whose papers somebody would have to look at first."""
    with transaction.atomic():
        telling = _enter(size + 1)
        first, *others = Registration.objects.filter(programme=telling.programme).order_by("pk")
        on_desk = _told(first, telling, [{"at": "09-16T16:05", "do": "submit"}], "09-16", 2)
        leaving = _first_partners(telling.programme)
        repeat(on_desk, others, lambda number, unit: _operations(leaving[unit.pk], number + 100))
        cases = list(
            Case.objects.exclude(pk=on_desk.pk).select_related("procedure__rulebook__programme", "stage")
        )
        for case in cases:  # this rulebook gives its desks no days
            set_deadline(
                case, closes_on=date(telling.year, 10, 30), article="", at=telling.now - timedelta(days=1)
            )
    return GrownBatch(cases, telling.people["lin"], telling.people["he"], telling.now)


def _enter(size: int) -> stories.Telling:
    programme = Programme.objects.select_related("city").get()
    year = CalendarYear.objects.filter(status=CalendarYear.Status.OFFICIAL).latest("year").year
    now, listed_at = _moment(year, NOW), _moment(year - 1, LISTED)
    clock.shift_to(now)
    registry.enter(registry.lock(programme), units(programme, size), at=listed_at)
    staff, _ = people.create(PEOPLE, programme, at=listed_at)
    return stories.Telling(programme, staff, year, now)


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
    repeat(_told(first, telling, TO_THE_END, "02-01", 1), others)
    shown = _told(first, telling, TO_PUBLICITY, "09-07", 2)
    repeat(shown, islice(others, 1, MOST_OPEN - 1, 2))
    if others:
        on_desk = _told(others[0], telling, TO_THE_DESK, "09-07", 3)
        repeat(on_desk, islice(others, 2, MOST_OPEN - 1, 2))
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
        "operations": _operations(_first_partners(unit.programme, unit)[unit.pk], number),
        "steps": steps,
    }
    return Case.objects.get(pk=stories.tell(story, telling).pk)


def _first_partners(programme: Programme, *units: Registration) -> dict[int, Partnership]:
    """By registration."""
    standing = Partnership.objects.current().filter(entry__registration__programme=programme)
    if units:
        standing = standing.filter(entry__registration__in=units)
    rows = standing.select_related("entry__industry", "organisation").order_by("-pk")
    return {row.entry.registration_id: row for row in rows}


def _operations(partnership: Partnership, number: int) -> list[dict[str, str]]:
    """Three new partners, one that leaves and one item more; `number` keeps what is new apart from other stories'."""
    industry, leaving = partnership.entry.industry.key, partnership.organisation
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
