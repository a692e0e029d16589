"""Reads for the office's worklist: which cases somebody sees, whose turn it is, and what is due first."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import (
    Case as Choose,
)
from django.db.models import (
    CharField,
    Count,
    DateField,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts import access
from cases.districts import DISTRICT, come_to
from cases.models import Case, CheckRun, Deadline, Decision, Material, Waiver
from cases.people import COUNCIL
from cities import built, keys
from cities.models import RequiredMaterial, Stage
from cities.permissions import DECIDE_CASES, HANDLE_CASES, REVIEW_DISTRICT, VIEW_CASES
from providers.models import Registration

# Worst first. The letter before the name is the order in which groups stand on the page.
ASIDE, OVER, UNSERVED, OBJECTED, TODAY, WEEK, LATER, DRAFT, OTHERS = (
    "a-aside",
    "b-over",
    "bb-unserved",
    "c-objected",
    "d-today",
    "e-week",
    "f-later",
    "g-draft",
    "h-others",
)
GROUPS = {
    ASIDE: "已搁置",
    OVER: "已逾期",
    UNSERVED: "还没有登记送达",
    OBJECTED: "有异议等处理",
    TODAY: "今天到期",
    WEEK: "本周",
    LATER: "以后",
    DRAFT: "录入未完",
    OTHERS: "等别人办",
}
# Which groups are always named, also with nothing in them.
STANDING_GROUPS = (OVER, TODAY, WEEK, LATER, OTHERS)

ME, TEAM, NOBODY = "me", "all", "none"

_objected: list[Q] = []
# Where the app above keeps a last day that was named for what is still to be served.
_named_days: list[str] = []


def register_objected(condition: Q) -> None:
    """Which cases stand still until an objection is dealt with: the app above knows them."""
    _objected.append(condition)


def register_named_day(path: str) -> None:
    """The column of a last day that does not run yet: from a case, and null where none was named."""
    _named_days.append(path)


@dataclass(frozen=True)
class Desk:
    """What one person sees and does, asked once: the programmes by what they may do there, and the districts reviewed."""

    user: Any
    sees: list[int] = field(default_factory=list)
    handles: list[int] = field(default_factory=list)
    decides: list[int] = field(default_factory=list)
    reviews: list[int] = field(default_factory=list)

    @property
    def is_there(self) -> bool:
        """Whether this person has a worklist at all."""
        return bool(self.sees or self.reviews)

    @property
    def works(self) -> bool:
        """Whether anything ever waits for this person; an auditor only reads."""
        return bool(self.handles or self.decides or self.reviews)


def desk_of(user: Any) -> Desk:
    programmes = (access.programmes_for(user, name) for name in (VIEW_CASES, HANDLE_CASES, DECIDE_CASES))
    places = (*programmes, access.districts_for(user, REVIEW_DISTRICT))
    return Desk(user, *(list(found.values_list("pk", flat=True)) for found in places))


def visible(desk: Desk) -> QuerySet[Case]:
    """What was submitted, and what the office is writing, from paper or of itself; a provider's draft is its own. A district
    sees what has come to its desk."""
    seen = Q(submitted_at__isnull=False, programme__in=desk.sees)
    written = (Case.Channel.PAPER, Case.Channel.OFFICE)
    seen |= Q(status=Case.Status.DRAFT, channel__in=written, programme__in=desk.handles)
    return Case.objects.filter(seen | come_to(desk.reviews) if desk.reviews else seen)


def open_cases(desk: Desk) -> QuerySet[Case]:
    """Named one by one, not as all but closed: so the index finds them, and what was ever closed costs nothing."""
    return visible(desk).filter(status__in=[Case.Status.DRAFT, Case.Status.OPEN])


def grouped(cases: QuerySet[Case], desk: Desk, whose: str, at: datetime) -> QuerySet[Any]:
    """Each case with its `group` and the end of its running deadline, `due_at`; ordered as the page shows them."""
    running = FilteredRelation("deadlines", condition=Q(deadlines__state=Deadline.State.RUNNING))
    cases = cases.annotate(running=running, due_at=F("running__closes_at"), is_mine=_is_mine(desk, whose))
    cases = cases.annotate(group=Choose(*_groups(desk, at), default=Value(LATER), output_field=CharField()))
    if whose == NOBODY:
        cases = cases.filter(Q(owner=None) & ~Q(group=OTHERS))
    return cases.order_by("group", F("due_at").asc(nulls_last=True), "submitted_at", "pk")


def _is_mine(desk: Desk, whose: str) -> Choose:
    """Whether a case waits for this person. A reader, whom none waits for, has them all sorted by their dates."""
    if not desk.works:
        return Choose(When(pk__isnull=False, then=Value(value=True)), default=Value(value=False))
    own = desk.user.own_accounts()
    gave_another = Decision.objects.filter(case=OuterRef("pk"), by__in=own).exclude(
        stage__key=OuterRef("stage__key")
    )
    barred = Q(stage__four_eyes=True) & (Q(Exists(gave_another)) | _filed_by(own))
    turn = Q(waiting_for__in=("clerk", COUNCIL), programme__in=desk.handles)
    turn |= Q(waiting_for="decider", programme__in=desk.decides)
    turn |= Q(waiting_for=DISTRICT, registration__district__in=desk.reviews)
    mine = turn & ~barred
    if whose == ME:
        mine &= Q(owner=None) | Q(owner=desk.user.pk)
    return Choose(When(mine, then=Value(value=True)), default=Value(value=False))


def _filed_by(own: set[int]) -> Q:
    """Who files has given an opinion, but for what came on paper (cases.people)."""
    return Q(submitted_by__in=own) & ~Q(channel=Case.Channel.PAPER)


# Nobody is late with what he has not been told (Case.is_unserved).
_unserved = Q(stage__kind__in=keys.ASKED, waiting_for="clerk")


def _groups(desk: Desk, at: datetime) -> list[When]:
    return [
        When(Q(set_aside_at__isnull=False, programme__in=desk.handles), then=Value(ASIDE)),
        When(status=Case.Status.DRAFT, then=Value(DRAFT)),
        When(is_mine=False, then=Value(OTHERS)),
        When(Q(due_at__lte=at) & ~Q(wake_at=F("due_at")) & ~_unserved, then=Value(OVER)),
        When(_unserved, then=Value(UNSERVED)),
        *(When(condition, then=Value(OBJECTED)) for condition in _objected),
        When(due_at__lte=midnight_after(timezone.localtime(at).date()), then=Value(TODAY)),
        When(due_at__lte=midnight_after(end_of_week(at)), then=Value(WEEK)),
    ]


def end_of_week(at: datetime) -> date:
    today = timezone.localtime(at).date()
    return today + timedelta(days=6 - today.weekday())


def midnight_after(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def counts(cases: QuerySet[Any]) -> dict[str, int]:
    """How many cases each group has."""
    found = dict(cases.order_by().values_list("group").annotate(number=Count("pk", distinct=True)))
    return {group: found.get(group, 0) for group in GROUPS}


def for_rows(cases: QuerySet[Any]) -> QuerySet[Any]:
    """With everything a row shows, in a number of queries that does not depend on how many there are."""
    named = Coalesce(*_named_days, Value(None), output_field=DateField())
    return (
        cases.annotate(unchecked_seals=_unchecked_seals(), named_on=named)
        .select_related(
            "programme__city", "procedure", "organisation", "stage__article", "stage__counting_rule", "owner"
        )
        .prefetch_related(
            Prefetch("deadlines", Deadline.objects.filter(state__in=Deadline.OPEN), to_attr="open_deadlines"),
            Prefetch("check_runs", CheckRun.objects.order_by("-at", "-pk"), to_attr="runs"),
            Prefetch("waivers", Waiver.objects.select_related("limit"), to_attr="given_waivers"),
        )
    )


def _unchecked_seals() -> Any:
    """How many filed documents still wait for somebody to look at their seal."""
    sealed = RequiredMaterial.objects.filter(
        procedure=OuterRef("case__procedure"), key=OuterRef("key"), sealed=True
    )
    papers = Material.objects.filter(
        Exists(sealed), case=OuterRef("pk"), replaced_at=None, seal_checked_at=None
    )
    count = papers.order_by().values("case").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(count), Value(0))


def vocabulary(desk: Desk) -> tuple[dict[str, str], dict[str, str]]:
    """The procedures and the stages of the programmes somebody sees cases of, by key. Where two programmes call one
    differently, both its names."""
    of_districts = Registration.objects.filter(district__in=desk.reviews).values("programme")
    seen = Q(rulebook__programme__in=desk.sees) | Q(rulebook__programme__in=of_districts)
    rows = Stage.objects.filter(seen, procedure__kind__in=built.kinds())
    in_order = rows.order_by("procedure__order", "order", "pk")
    procedures: dict[str, dict[str, None]] = {}
    stages: dict[str, dict[str, None]] = {}
    for procedure, title, stage, label in in_order.values_list(
        "procedure__key", "procedure__title", "key", "label"
    ):
        procedures.setdefault(procedure, {})[title] = None
        stages.setdefault(stage, {})[label] = None
    return _joined(procedures), _joined(stages)


def _joined(names: dict[str, dict[str, None]]) -> dict[str, str]:
    return {key: "／".join(said) for key, said in names.items()}
