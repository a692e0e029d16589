"""Reads of publicity. What is open, waiting or over is told from moments, so it is right when every worker is dead."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal, cast
from uuid import UUID

from django.db.models import Case as SqlCase
from django.db.models import Count, Exists, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from cases.models import Case, GroundFound
from cities.models import Outcome, Programme
from providers.models import Erratum
from publicity.models import Objection, PublicityItem, PublicityPeriod
from records import words
from records.personal.subjects import ERASED

# Phases of a period, in the order the board shows them.
OPEN, ENDED, OVER = 0, 1, 2

# No key of a row is as long as this.
MOST_DIGITS = 18

LABELS: dict[str, tuple[str, str]] = {
    "open": ("公示中", "is-now"),
    "objected": ("有异议，正在核实", "is-wait"),
    "waiting": ("公示已结束，待发布", "is-wait"),
    "published": ("已发布", "is-good"),
    "upheld": ("异议成立，已退回", "is-bad"),
    "withdrawn": ("申请已撤回", "is-off"),
    "closed": ("没有发布", "is-off"),
    "again": ("已另行公示", "is-off"),
    "taken_down": ("已撤下", "is-bad"),
}


@dataclass(frozen=True)
class ItemFace:
    """One case of a period, with what is true of it now."""

    item: PublicityItem
    key: str
    objections: int
    # The edition that has corrected the one in which it was published, and why.
    corrected_by: int | None = None
    corrected_why: str = ""
    # How the objection ended that sent it back, and to which desk the row sends it.
    verdict: str = ""
    back_to: str = ""

    @property
    def label(self) -> str:
        if self.key == "upheld" and self.back_to:
            return f"异议{self.verdict}，退回{self.back_to}"
        return LABELS[self.key][0]

    @property
    def css(self) -> str:
        return LABELS[self.key][1]

    @property
    def is_open(self) -> bool:
        return self.key in ("open", "objected")


@dataclass(frozen=True)
class PeriodFace:
    """A period as pages show it. To `{% due %}` it is a running deadline."""

    period: PublicityPeriod
    items: list[ItemFace]
    now: datetime
    state: Literal["running"] = "running"
    certainty: Literal["official"] = "official"
    done_at: None = None

    @property
    def opens_on(self) -> date:
        return self.period.opens_on

    @property
    def closes_at(self) -> datetime:
        return self.period.closes_at

    @property
    def counted(self) -> list[dict[str, Any]]:
        return cast(list[dict[str, Any]], self.period.counted)

    @property
    def unit(self) -> str:
        return self.period.unit

    @property
    def phase(self) -> int:
        if self.is_taken_down or not any(face.key in ("open", "objected", "waiting") for face in self.items):
            return OVER
        return OPEN if self.now < self.closes_at else ENDED

    @property
    def is_open(self) -> bool:
        return self.phase == OPEN

    @property
    def is_taken_down(self) -> bool:
        return self.period.taken_down_at is not None

    @property
    def units(self) -> str:
        """Whom it is about, as long as that may be shown."""
        names = [face.item.case.organisation.name for face in self.items]
        if self.is_taken_down:
            return ""
        return "、".join(names[:2]) + (f"等 {len(names)} 家" if len(names) > 2 else "")

    @property
    def left(self) -> tuple[str, str]:
        """The big figure and the words under it."""
        days = (words.last_day(self.closes_at) - words.local_day(self.now)).days
        return (f"{days} 天", "后截止") if days else ("今天", f"{words.closing_hour(self.closes_at)} 截止")


@dataclass(frozen=True)
class Tally:
    """How many periods are in each phase, and when the next closes."""

    open: int = 0
    ended: int = 0
    over: int = 0
    closes_at: datetime | None = None

    @property
    def all(self) -> int:
        return self.open + self.ended + self.over


def periods() -> QuerySet[PublicityPeriod]:
    stage = ("stage__procedure", "stage__counting_rule__article")
    related = (*stage, "batch__programme__city", "batch__procedure", "stage__article", "stage__rulebook")
    return PublicityPeriod.objects.select_related(*related)


def board(now: datetime, programmes: QuerySet[Programme] | None = None) -> QuerySet[Any]:
    """All periods, each with its `phase`: open ones soonest to close first, then those that have waited longest, then
    the rest, latest first."""
    live = SqlCase(When(closes_at__gt=now, then=Value(OPEN)), default=Value(ENDED))
    phase = SqlCase(When(_live(), then=live), default=Value(OVER), output_field=IntegerField())
    rows: QuerySet[Any] = periods().annotate(phase=phase)
    if programmes is not None:
        rows = rows.filter(batch__programme__in=programmes)
    return rows.order_by(*board_order())


def board_order() -> list[Any]:
    soonest = SqlCase(When(phase__lt=OVER, then=F("closes_at")))
    return ["phase", soonest, "-closes_at", "number"]


@dataclass
class Board:
    """All periods as keys, in the order of a board. What is open or waiting is told from the open cases and stays short; of
    the rest only as many are read as a page shows, so that a board does not grow with what is over."""

    now: datetime
    programmes: list[int] | None = None

    @cached_property
    def live(self) -> list[tuple[UUID, datetime]]:
        rows = self._rows().filter(_live()).order_by("closes_at", "number").values_list("pk", "closes_at")
        return sorted(rows, key=lambda row: row[1] <= self.now)

    @cached_property
    def tally(self) -> Tally:
        open_ = [closes_at for _, closes_at in self.live if closes_at > self.now]
        over = self._rows().count() - len(self.live)
        return Tally(len(open_), len(self.live) - len(open_), over, min(open_, default=None))

    def count(self) -> int:
        return self.tally.all

    def __getitem__(self, place: slice) -> list[UUID]:
        live = [key for key, _ in self.live]
        shown, first = live[place], max(place.start - len(live), 0)
        if missing := place.stop - place.start - len(shown):
            over = self._rows().exclude(pk__in=live).order_by("-closes_at", "number")
            shown += over.values_list("pk", flat=True)[first : first + missing]
        return shown

    def _rows(self) -> QuerySet[PublicityPeriod]:
        rows = PublicityPeriod.objects.order_by()
        return rows if self.programmes is None else rows.filter(batch__programme__in=self.programmes)


def by_key(keys: Iterable[UUID]) -> list[PublicityPeriod]:
    """In the order of the keys, with what a row of a board says."""
    keys = list(keys)
    found = _cards().in_bulk(keys)
    return [found[key] for key in keys]


def faces(rows: Iterable[PublicityPeriod], now: datetime, *, with_shown: bool = False) -> list[PeriodFace]:
    """Periods with what is true of each of their cases; one query. The lists shown are heavy: only where asked for."""
    periods = {period.pk: period for period in rows}
    items = _items().filter(period__in=periods)
    found: dict[UUID, list[ItemFace]] = defaultdict(list)
    for item in items if with_shown else items.defer("shown"):
        item.period = periods[item.period_id]
        found[item.period_id].append(_item_face(item, now))
    return [PeriodFace(period, found[period.pk], now) for period in periods.values()]


def _item_face(item: Any, now: datetime) -> ItemFace:
    """Of a row of `_items`."""
    corrected = (item.corrected_by, item.corrected_why or "")
    verdict = Objection.State(item.verdict or Objection.State.UPHELD).label
    ended = (str(verdict), item.back_to or "")
    return ItemFace(item, _standing(item, now), item.open_objections, *corrected, *ended)


def open_now(now: datetime) -> QuerySet[PublicityPeriod]:
    """What stands in publicity at that moment, soonest to close first."""
    return _cards().filter(_live(), closes_at__gt=now).order_by("closes_at", "number")


def _cards() -> QuerySet[PublicityPeriod]:
    rows = PublicityPeriod.objects.select_related("batch__programme__city", "stage__article")
    own = (
        "number",
        "title",
        "opens_on",
        "closes_at",
        "unit",
        "counted",
        "taken_down_at",
        "taken_down_reason",
    )
    place = ("batch__programme__name", "batch__programme__city__name", "stage__article__number")
    return rows.only(*own, *place)


def objections(items: Iterable[PublicityItem]) -> QuerySet[Objection]:
    """Of these cases, open ones first."""
    rows = Objection.objects.filter(item__in=list(items)).select_related("item__case__organisation")
    is_settled = SqlCase(When(state__in=Objection.OPEN, then=Value(0)), default=Value(1))
    return rows.order_by(is_settled, "entered_at")


# What the desk has still to do with objections.
TO_DO: dict[str, Q] = {
    "handle": Q(state__in=Objection.OPEN),
    "tell": ~Q(state__in=Objection.OPEN) & Q(told_on=None),
}


def waiting_objections(programmes: list[int]) -> dict[str, Any]:
    """How many there are of each of TO_DO, and since when the first of those that are open has waited; one query."""
    rows = Objection.objects.filter(item__case__programme__in=programmes)
    counts = {key: Count("pk", filter=asked) for key, asked in TO_DO.items()}
    return rows.aggregate(**counts, since=Min("received_on", filter=TO_DO["handle"]))


def objectionable(programmes: QuerySet[Programme], asked: str = "") -> QuerySet[PublicityItem]:
    """Cases against which an objection on paper can still be entered: shown, and not published or sent back since.
    Also what is `asked` for by its key, so that who comes too late is told why."""
    stands = Q(released_at=None, case__stage__kind="publicity")
    waits = Q(released_at__isnull=False, case__stage__kind="publication")
    can_be = Q(stands | waits, period__taken_down_at=None, upheld_at=None, case__status=Case.Status.OPEN)
    is_asked = Q(pk=int(asked)) if asked.isdecimal() and len(asked) < MOST_DIGITS else Q(pk__in=[])
    rows = PublicityItem.objects.filter(
        can_be & ~Exists(_later()) | is_asked, period__batch__programme__in=programmes
    )
    return rows.select_related("period__stage", "case__organisation").order_by("period__closes_at", "pk")


def _later() -> QuerySet[PublicityItem]:
    """The same case shown again after the row it is asked of."""
    return PublicityItem.objects.filter(
        case=OuterRef("case"), period__opened_at__gt=OuterRef("period__opened_at")
    )


def _live() -> Q:
    """Periods about a case of which it is still open what becomes of it. Asked from the open cases, which stay few,
    and not once for each period there ever was."""
    open_cases = Case.objects.filter(status=Case.Status.OPEN).values("pk")
    going_on = PublicityItem.objects.filter(~Exists(_later()), upheld_at=None, case__in=open_cases)
    return Q(taken_down_at=None, pk__in=going_on.values("period"))


def _items() -> QuerySet[PublicityItem]:
    objections = Objection.objects.filter(item__case=OuterRef("case"), state__in=Objection.OPEN)
    count = objections.order_by().values("item__case").annotate(count=Count("pk")).values("count")
    errata = Erratum.objects.filter(
        corrects=OuterRef("case__edition"), registration=OuterRef("case__registration")
    ).order_by("-edition__number")
    sustained = Objection.objects.filter(item=OuterRef("pk"), state__in=Objection.SUSTAINED)
    ends = Outcome.objects.filter(stage=OuterRef("period__stage"), role=Outcome.Role.UPHELD)
    rows = PublicityItem.objects.annotate(
        open_objections=Coalesce(Subquery(count), Value(0)),
        shown_again=Exists(_later()),
        corrected_by=Subquery(errata.values("edition__number")[:1]),
        corrected_why=Subquery(errata.values("reason")[:1]),
        verdict=Subquery(sustained.order_by("-settled_at").values("state")[:1]),
        back_to=Subquery(ends.values("next_stage__label")[:1]),
    )
    related = ("case__organisation", "case__edition", "case__programme", "case__procedure")
    heavy = ("case__submission", "case__edition__changes")
    return rows.select_related(*related).defer(*heavy).order_by("case__number")


def _standing(item: Any, now: datetime) -> str:
    """A key of LABELS; `item` is a row of `_items`."""
    if item.period.taken_down_at:
        return "taken_down"
    if item.upheld_at:
        return "upheld"
    if item.shown_again:
        return "again"
    if item.case.status == Case.Status.CLOSED:
        return _end(item.case)
    if item.open_objections and item.released_at is None:
        return "objected"
    return "open" if now < item.period.closes_at else "waiting"


def _end(case: Case) -> str:
    ends = {Case.Result.PUBLISHED: "published", Case.Result.WITHDRAWN: "withdrawn"}
    return ends.get(Case.Result(case.result), "closed")


def who_objected(cases: list[Case]) -> list[str]:
    """Whatever would tell who objected to one of these, or to what one of these corrects."""
    told = ("name", "contact", "contact_person", "employer", "address", "credit_code")
    begun_over = GroundFound.objects.filter(case__in=cases).values("found_in")
    theirs = Q(item__case__in=cases) | Q(item__case__in=begun_over)
    rows = Objection.objects.filter(theirs).values_list(*told)
    return [said for row in rows for said in row if said and said != ERASED]
