"""Reads of batches: which somebody sees, how far each is, and the rows of one."""

from typing import Any

from django.db.models import Case as Choose
from django.db.models import Count, Q, QuerySet, Value, When

from accounts import access
from cases.models import Batch, Case
from cases.worklist import for_rows
from cities import keys
from cities.permissions import VIEW_CASES

# How far a batch is: as far as the case that is furthest behind.
EMPTY, DESKS, UNSERVED, ASKED, WAITING, SHOWN, RELEASE, DONE = (
    *("empty", "desks", "unserved", "asked", "waiting"),
    *("shown", "release", "done"),
)
STATES = {
    DESKS: "审核中",
    UNSERVED: "待送达",
    ASKED: "等单位办理",
    WAITING: "公示环节待办理",
    SHOWN: "公示中",
    RELEASE: "待发布",
    DONE: "已办结",
    EMPTY: "没有事项",
}
CSS = {
    DESKS: "is-now",
    UNSERVED: "is-wait",
    ASKED: "is-wait",
    WAITING: "is-wait",
    SHOWN: "is-now",
    RELEASE: "is-wait",
    DONE: "is-good",
    EMPTY: "is-off",
}


def visible(user: Any) -> QuerySet[Any]:
    """Batches that were gathered, each with its `state` and `cases_in_it`; a case shown by itself makes none to look at."""
    mine = access.programmes_for(user, VIEW_CASES)
    rows = Batch.objects.filter(number__isnull=False, programme__in=mine)
    return with_state(rows.select_related("programme__city", "procedure", "made_by"))


def with_state(rows: QuerySet[Any]) -> QuerySet[Any]:
    def some(**which: Any) -> Count:
        return Count("cases", filter=Q(cases__status=Case.Status.OPEN, **which))

    rows = rows.annotate(
        cases_in_it=Count("cases"),
        at_desks=some(cases__stage__kind__in=("submission", *keys.DESKS)),
        unserved=some(cases__stage__kind__in=keys.ASKED, cases__waiting_for="clerk"),
        asked=some(cases__stage__kind__in=keys.ASKED, cases__waiting_for="provider"),
        waiting=some(cases__stage__kind="publicity", cases__waiting_for="clerk"),
        shown=some(cases__stage__kind="publicity", cases__waiting_for="system"),
        to_publish=some(cases__stage__kind="publication"),
    )
    furthest_behind = (
        When(cases_in_it=0, then=Value(EMPTY)),
        When(at_desks__gt=0, then=Value(DESKS)),
        When(unserved__gt=0, then=Value(UNSERVED)),
        When(asked__gt=0, then=Value(ASKED)),
        When(waiting__gt=0, then=Value(WAITING)),
        When(shown__gt=0, then=Value(SHOWN)),
        When(to_publish__gt=0, then=Value(RELEASE)),
    )
    return rows.annotate(state=Choose(*furthest_behind, default=Value(DONE)))


def rows_of(batch: Batch) -> QuerySet[Any]:
    """Its cases with all that the table shows."""
    return for_rows(Case.objects.filter(batch=batch)).order_by("submitted_at", "number")


def places(batch: Batch) -> list[dict[str, Any]]:
    """Where its cases are: each stage in its order, with how many are there, then those that are closed."""
    found = Case.objects.filter(batch=batch).order_by()
    at_stages = found.filter(status=Case.Status.OPEN).values("stage__key", "stage__label", "stage__kind")
    counted = at_stages.annotate(count=Count("pk")).order_by("stage__order")
    rows = [
        {
            "key": row["stage__key"],
            "label": row["stage__label"],
            "kind": row["stage__kind"],
            "count": row["count"],
        }
        for row in counted
    ]
    closed = found.filter(status=Case.Status.CLOSED).count()
    return [*rows, {"key": "closed", "label": "已办结", "kind": "", "count": closed}] if closed else rows
