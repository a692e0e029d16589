"""What the public pages of a list read: one edition, at one moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from cities.models import Programme
from providers import credit_code, queries
from providers.models import (
    CatalogueVersion,
    Erratum,
    ListEdition,
    Organisation,
    OrganisationProfile,
    Partnership,
    Registration,
    RegistrationEntry,
)
from providers.snapshots import Snapshot, tally
from records import words

MOST_EDITIONS = 12
MOST_ENDED = 50


class NoSuchList(Exception):
    """There is no list of that day or number; says which field is to blame, and whether one could have been."""

    MISSING = "missing"
    TO_COME = "to_come"

    def __init__(self, message: str, *, field: str, code: str = MISSING) -> None:
        super().__init__(message)
        self.field, self.code = field, code


@dataclass(frozen=True)
class View:
    """The moment a page reads, and why: the present, the end of a past day, or the day an edition came out."""

    programme: Programme
    at: datetime
    edition: ListEdition | None
    next_edition: ListEdition | None = None
    day: date | None = None
    number: int | None = None

    @property
    def is_present(self) -> bool:
        return self.day is None and self.number is None

    @property
    def counts(self) -> dict[str, Any]:
        return (
            self.edition.counts if self.edition else {"units": 0, "partners": 0, "items": 0, "industries": {}}
        )

    @property
    def query(self) -> str:
        """What a link must carry to stay at this moment."""
        if self.number:
            return f"?edition={self.number}"
        return f"?day={self.day.isoformat()}" if self.day else ""


def editions(programme: Programme) -> QuerySet[ListEdition]:
    """Without what each changed: that can be long, and only the page of one edition shows it."""
    return programme.editions.defer("changes").order_by("-number")


def view(programme: Programme, *, now: datetime, day: date | None = None, number: int | None = None) -> View:
    """A past day means its end; today is the present. Raises NoSuchList."""
    known = editions(programme)
    if number:
        return _view_of_edition(programme, known, number)
    if day and day > timezone.localdate(now):
        today = words.full_day(now)
        raise NoSuchList(
            f"{words.full_day(day)}还没到，最晚看{today}的名单", field="day", code=NoSuchList.TO_COME
        )
    if day is None or day == timezone.localdate(now):
        return View(programme, now, _last_by(known, now))
    return _view_of_day(programme, known, day)


def _view_of_edition(programme: Programme, known: QuerySet[ListEdition], number: int) -> View:
    found = {edition.number: edition for edition in known.filter(number__in=[number, number + 1])}
    if number not in found:
        raise NoSuchList(f"没有第 {number} 版，从下面列出的版本里选", field="edition")
    if number + 1 not in found:
        return View(programme, found[number].published_at, found[number], number=number)
    return View(programme, found[number].published_at, found[number], found[number + 1], number=number)


def _view_of_day(programme: Programme, known: QuerySet[ListEdition], day: date) -> View:
    first = known.order_by("number").first()
    if first is None or day < timezone.localdate(first.published_at):
        since = f"第 1 版于 {words.full_day(first.published_at)}发布" if first else "至今还没有发布过名单"
        raise NoSuchList(f"{words.full_day(day)}尚无名单；{since}", field="day")
    end = end_of(day)
    after = known.filter(published_at__gt=end).order_by("published_at").first()
    return View(programme, end, _last_by(known, end), after, day=day)


def _last_by(known: QuerySet[ListEdition], moment: datetime) -> ListEdition | None:
    """Numbers and moments rise together; asked and sorted by the moment, one index answers at once."""
    return known.filter(published_at__lte=moment).order_by("-published_at").first()


def end_of(day: date) -> datetime:
    """The last moment that still belongs to the day."""
    midnight = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    return midnight - timedelta(microseconds=1)


def strip(programme: Programme, shown: ListEdition | None) -> list[ListEdition]:
    """The newest editions, and the one shown where it is older than all of these."""
    corrected = Erratum.objects.filter(corrects=OuterRef("pk"))
    newest: list[Any] = list(editions(programme).annotate(is_corrected=Exists(corrected))[:MOST_EDITIONS])
    return newest if shown is None or shown in newest else [*newest, shown]


def units(view: View, *, q: str = "", industry: str = "") -> QuerySet[Registration]:
    """Who stands on the list, in the order of entering it; `q` looks at units and at those behind them."""
    rows = Registration.objects.at(view.at).filter(programme=view.programme)
    if industry:
        entries = RegistrationEntry.objects.at(view.at).filter(
            industry__key=industry, registration=OuterRef("pk")
        )
        rows = rows.filter(Exists(entries))
    if q:
        matching = _matching(q, view.at)
        behind = queries.partnerships_at(view.at).filter(
            entry__registration__programme=view.programme, organisation__in=matching
        )
        rows = rows.filter(Q(organisation__in=matching) | Q(pk__in=behind.values("entry__registration")))
    return named(rows, view.at).order_by("pk")


def _matching(q: str, at: datetime) -> QuerySet[Organisation]:
    """By the name they have, the name they had then, or a part of their code."""
    then = OrganisationProfile.objects.at(at).filter(name__icontains=q).values("organisation")
    code = credit_code.normalise(q)
    by_code = Q(credit_code__contains=code) if code else Q()
    return Organisation.objects.filter(Q(name__icontains=q) | Q(pk__in=then) | by_code)


@dataclass(frozen=True)
class UnitFace:
    """One unit as a list shows it."""

    registration: Registration
    name: str
    code: str
    snapshot: Snapshot

    @property
    def by_industry(self) -> list[dict[str, Any]]:
        return [
            {
                "name": industry["name"],
                "partners": [row for row in self.snapshot["partners"] if row["industry"] == industry["key"]],
            }
            for industry in self.snapshot["industries"]
        ]


def faces(rows: Iterable[Registration], at: datetime) -> list[UnitFace]:
    """Of rows that know what their organisation was called then, and its code (`named`)."""
    found = list(rows)
    snapshots = queries.snapshots(found, at)
    return [UnitFace(row, row.name_then, row.code_then, snapshots[row.pk]) for row in found]  # type: ignore[attr-defined]


def named(rows: QuerySet[Registration], at: datetime) -> QuerySet[Registration]:
    told = {"name_then": queries.name_at(at), "code_then": queries.code_at(at)}
    return rows.select_related("organisation", "district").annotate(**told)


def ended(view: View) -> list[Registration]:
    """Those who no longer stand on it, the last to leave first; not who stands on it again."""
    back = Registration.objects.at(view.at).filter(
        programme=view.programme, organisation=OuterRef("organisation")
    )
    rows = Registration.objects.filter(~Exists(back), programme=view.programme, valid_to__lte=view.at)
    return list(named(rows, view.at).order_by("-valid_to", "pk")[:MOST_ENDED])


def programmes() -> list[dict[str, Any]]:
    """Every programme with its newest edition, None where it has none yet; two queries."""
    rows = list(Programme.objects.select_related("city").order_by("city__name", "name"))
    newest = ListEdition.objects.defer("changes").filter(number=F("programme__register__last_number"))
    by_programme = {edition.programme_id: edition for edition in newest}
    return [{"programme": row, "edition": by_programme.get(row.pk)} for row in rows]


def registration_at(programme: Programme, code: str, at: datetime) -> Registration | None:
    """The one that stood then, or the last that had ended by then; also by a code that has been put right since."""
    rows = Registration.objects.filter(programme=programme, valid_from__lte=at)
    once = OrganisationProfile.objects.filter(credit_code=code).values("organisation")
    own = rows.filter(organisation__credit_code=code)
    found = named(own, at).order_by("-valid_from").first()
    found = found or named(rows.filter(organisation__in=once), at).order_by("-valid_from").first()
    if found:
        found.programme = programme
    return found


def history(registration: Registration) -> list[dict[str, Any]]:
    """The editions that touched a unit, newest first, each with what it did to it, what of it that put right (`mends`) and
    what has been put right of it since (`mended`)."""
    heavy = ("edition__changes", "corrects__changes")
    standing = queries.standing_of(registration)
    told = Erratum.objects.filter(registration__in=standing)
    errata = list(told.select_related("edition", "corrects").defer(*heavy).order_by("pk"))
    moments = _moments(standing) | {one.edition.published_at for one in errata}
    rows = registration.programme.editions.filter(published_at__in=moments).order_by("-number")
    organisation = registration.organisation
    codes = {organisation.credit_code, *organisation.profiles.values_list("credit_code", flat=True)}
    return [
        {
            "edition": edition,
            "summary": _summary(edition, registration, codes),
            "mends": [one for one in errata if one.edition_id == edition.pk],
            "mended": [one for one in errata if one.corrects_id == edition.pk],
        }
        for edition in rows
    ]


def _moments(standing: list[int]) -> set[datetime]:
    """All rows of one edition carry its moment, so the rows of a unit tell which editions touched it."""
    rows: list[Any] = [
        Registration.objects.filter(pk__in=standing),
        RegistrationEntry.objects.filter(registration__in=standing),
        Partnership.objects.filter(entry__registration__in=standing),
        CatalogueVersion.objects.filter(item__registration__in=standing),
    ]
    pairs = [pair for found in rows for pair in found.values_list("valid_from", "valid_to")]
    return {moment for pair in pairs for moment in pair if moment}


def _summary(edition: ListEdition, registration: Registration, codes: set[str]) -> str:
    lines = [line for row in edition.changes if row["unit"]["code"] in codes for line in row["differences"]]
    return tally(lines, registration.programme.partner_term) if lines else edition.get_kind_display()
