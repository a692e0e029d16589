"""What tests of bars share: rules that bar, and a unit that is removed under them."""

from datetime import date, datetime
from typing import Any

from cities.models import Article, City, CountingRule, Limit, Procedure, Programme, Rulebook
from providers import bars
from providers.models import Organisation, Registration, Removal
from tests.providers.codes import code
from tests.providers.conftest import moment

REMOVED = moment("2026-03-10T15:20")
LATER = moment("2026-09-01T09:00")


def rule(programme: Programme, article: str = "第十条", **row: Any) -> Rulebook:
    """A version in force with a procedure that removes and another that does too, and a row that bars after the first."""
    book = Rulebook.objects.create(
        programme=programme, version=1, title="办法", short_title="办法", effective_from=date(2023, 12, 1)
    )
    facts: dict[str, Any] = {
        "rulebook": book,
        "article": Article.objects.create(rulebook=book, number=article, heading="退出"),
    }
    counting = CountingRule.objects.create(key="months", unit="month", first_day="next", roll="none", **facts)
    for key in ("clearance", "cancelling"):
        Procedure.objects.create(key=key, kind="clearance", title="退出", **facts)
    if "span_number" in row:
        row |= {"window": "span", "counting_rule": counting}
    columns: dict[str, Any] = {
        "measure": bars.MEASURE,
        "procedure_key": "entry",
        "after": ["clearance"],
        "comparator": "at_most",
        "number": 0,
        "unit": "times",
        "window": "lifetime",
        "per": "registration",
        "asked": "state",
        "strictness": "hard",
    }
    Limit.objects.create(key="reentry", **facts, **(columns | row))
    Rulebook.objects.filter(pk=book.pk).update(standing=Rulebook.Standing.PUBLISHED)
    return Rulebook.objects.get(pk=book.pk)


def another(slug: str = "other", **row: Any) -> Programme:
    """Another city's programme; without a row nobody is barred from it."""
    city = City.objects.create(slug=slug, name="别的市", office="别的专班")
    found = Programme.objects.create(
        city=city,
        slug=slug,
        name="服务商",
        registrant_term="服务商",
        clearance_term="取消资格",
        number_prefix=slug.upper(),
    )
    rule(found, article="4.4", **({"after": []} | row))
    return found


def listed(programme: Programme, organisation: Organisation, at: datetime) -> Registration:
    """A unit of another list, which may have nothing else on it."""
    return Registration.objects.create(
        programme=programme,
        organisation=organisation,
        entered_on=date(2026, 1, 5),
        valid_from=at,
        recorded_at=at,
    )


def remove(registration: Registration, procedure: str = "clearance", at: datetime = REMOVED) -> Removal:
    """As an edition that removes it would."""
    row = Procedure.objects.select_related("article", "rulebook").get(
        rulebook__programme=registration.programme, key=procedure
    )
    Registration.objects.filter(pk=registration.pk).update(valid_to=at)
    number = f"{registration.programme.number_prefix}-2026-0006"
    return bars.raise_after(registration, row, number, moment=at)


def heir(number: int = 7) -> Organisation:
    return Organisation.objects.create(credit_code=code(number), name="承继数字科技有限公司")


def barred(organisation: Organisation, programme: Programme, at: datetime = LATER) -> list[bars.Standing]:
    return bars.standing([organisation], programme, at)[organisation.pk]
