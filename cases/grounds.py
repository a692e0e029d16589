"""What was found and may open a case: noted once, then taken up by a case or set aside. Nothing is decided here."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Case as SqlCase
from django.db.models import F, Q, QuerySet, Value, When, prefetch_related_objects
from django.urls import reverse

from accounts import access
from cases import confidential
from cases.desk import Waiting
from cases.errors import Problem, Refused
from cases.models import Case, GroundFile, GroundFound
from cities import keys
from cities.models import Procedure, Programme
from cities.permissions import HANDLE_CASES
from providers import registry
from providers.models import Registration
from records import events
from records.models import StoredFile
from records.words import full_moment

State = GroundFound.State
_RELATED = ("programme", "registration__organisation", "case", "ground__article", "partner")


@dataclass(frozen=True)
class Opening:
    """Where a case over it is begun and what the button says; or why none can be."""

    label: str
    url: str = ""
    why_not: str = ""


Opens = Callable[[GroundFound, datetime], Opening]
_openings: dict[str, list[Opens]] = {}


def register(kind: str, opens: Opens) -> None:
    """An app whose cases take this kind up (cities.keys.GROUNDS_FOUND); where there are several the clerk chooses."""
    if kind not in keys.GROUNDS_FOUND:
        raise ValueError(f"{kind} is not in cities.keys.GROUNDS_FOUND")
    _openings.setdefault(kind, []).append(opens)


def openings(ground: GroundFound, at: datetime) -> list[Opening]:
    """Every way to deal with it; at least one, which may say why there is none."""
    found = [opens(ground, at) for opens in _openings.get(ground.kind, [])]
    return found or [Opening("", why_not="这类情形还没有在平台开通立案，由工作机构另行办理。")]


# Where somebody of the office enters what he has found himself: the name of an address, which takes a unit to look up as `q`.
_entries: list[str] = []


def register_entry(page: str) -> None:
    _entries.append(page)


def entries() -> list[str]:
    return [reverse(page) for page in _entries]


def find(
    kind: str,
    source: str,
    registration: Registration,
    *,
    label: str,
    evidence: str,
    by: Any,
    at: datetime,
    files: Iterable[StoredFile] = (),
    told_as: str = "发现情形",
    **about: Any,
) -> GroundFound:
    """Note, in the transaction of whoever found it, what was seen of a unit; the same source finds it once. `evidence` must not
    say who brought it up; `files` prove it; `told_as` is how its event begins. `about` are edition, found_in (the case that has
    shown it), ground and partner."""
    found, is_new = GroundFound.objects.get_or_create(
        kind=kind,
        source=source,
        defaults={
            "source_label": label,
            "programme": registration.programme,
            "registration": registration,
            "evidence": evidence,
            "found_at": at,
            **about,
        },
    )
    if is_new:
        GroundFile.objects.bulk_create(GroundFile(ground=found, file=file) for file in files)
        _tell("ground.found", f"{told_as}：{found}", found, by=by, at=at)
    return found


def set_aside(ground: GroundFound, *, reason: str, by: Any, at: datetime) -> None:
    """Open no case over it; the reason is told to whoever asks what became of it."""
    with _open(ground, by=by) as row:
        if not reason.strip():
            raise Refused("写明不立案的理由。", problems=[Problem("reason", "写明不立案的理由")])
        confidential.refuse_telling([row.found_in] if row.found_in else [], "reason", reason)
        row.state, row.reason = State.SET_ASIDE, reason.strip()
        _handled(row, by=by, at=at)
        _tell("ground.set_aside", f"情形不立案：{row}。{row.reason}", row, by=by, at=at)


def take_up(ground: GroundFound, case: Case, *, by: Any, at: datetime) -> None:
    """A case, just begun or open already, goes into it."""
    with _open(ground, by=by) as row:
        if case.registration_id != row.registration_id:
            raise Refused(f"{case} 不是{row.registration.organisation}的事项，不能并案。")
        row.state, row.case = State.TAKEN, case
        _handled(row, by=by, at=at)
        _tell("ground.take_up", f"情形已立案：{row}", row, by=by, at=at)


def give_back(case: Case, *, by: Any, at: datetime) -> None:
    """What a case had taken up waits again: it was withdrawn, thrown away or stopped, or what it decided was revoked. What it has
    itself brought up ends with it."""
    for row in GroundFound.objects.filter(case=case, state=State.TAKEN).select_related(*_RELATED):
        if _is_own(row):
            fall(row, f"{case} {case.get_result_display()}，随之了结", by=by, at=at)
            continue
        if row.registration.valid_to:
            fall(row, f"单位已于 {full_moment(row.registration.valid_to)} 移出名单", by=None, at=at)
            continue
        _wait_again(row)
        _tell("ground.give_back", f"立案的事项没有办成，重新待处理：{row}", row, by=by, at=at)


def put_back(ground: GroundFound, *, reason: str, by: Any, at: datetime) -> None:
    """A case goes on without it, and it waits again."""
    with _fresh(ground, by=by) as row:
        if row.state != State.TAKEN:
            raise Refused(f"{row}{row.get_state_display()}，没有并入事项。")
        if not reason.strip():
            raise Refused("写明为什么移出。", problems=[Problem("grounds", "写明为什么移出这种情形")])
        confidential.refuse_telling([row.found_in] if row.found_in else [], "reason", reason)
        said = f"情形移出{row.case}，重新待处理：{row}。{reason.strip()}"
        _wait_again(row)
        _tell("ground.put_back", said, row, by=by, at=at)


def fall(ground: GroundFound, why: str, *, by: Any, at: datetime) -> None:
    """What it rested on stands no more, so no case is opened over it. The programme is locked."""
    ground.state, ground.case, ground.reason = State.SET_ASIDE, None, why
    _handled(ground, by=by, at=at)
    _tell("ground.set_aside", f"情形不立案：{ground}。{why}", ground, by=by, at=at)


def follow(was: Registration, now: Registration, *, at: datetime) -> None:
    """What waits of a unit, or waited when it left, in the inbox (`gone`) or in what was stopped then, is dealt with under the
    registration that goes on. In the transaction of who wrote that."""
    stopped = Q(state=State.TAKEN, case__result=Case.Result.STOPPED)
    by_leaving = Q(state=State.SET_ASIDE, handled_by=None, handled_at__gte=was.valid_to)
    rows = GroundFound.objects.filter(Q(state=State.OPEN) | stopped | by_leaving, registration=was)
    for row in rows.select_related(*_RELATED):
        if _is_own(row):
            continue
        waited, stopped_with = row.state == State.OPEN, f"{row.case} 已终止，" if row.case else ""
        row.registration = now
        _wait_again(row)
        if not waited:
            said = f"{stopped_with}单位恢复列入名单，重新待处理：{row}"
            _tell("ground.give_back", said, row, by=None, at=at)


def _is_own(row: GroundFound) -> bool:
    """What a case has itself brought up is nothing without it."""
    return row.kind == "ground" and row.case is not None and row.case_id == row.found_in_id


def _wait_again(row: GroundFound) -> None:
    row.state, row.case, row.reason, row.handled_at, row.handled_by = State.OPEN, None, "", None, None
    row.save()


def gone(rows: QuerySet[GroundFound], why: str, *, at: datetime) -> None:
    """What waits of a unit waits no more once that has left, at the moment of its leaving and in the same transaction: nobody could
    open a case over it."""
    for row in rows.filter(state=State.OPEN).select_related(*_RELATED):
        fall(row, why[:300], by=None, at=at)


def of_programmes(programmes: QuerySet[Programme] | list[int]) -> QuerySet[GroundFound]:
    related = ("registration__organisation", "programme__city", "edition", "found_in", "handled_by")
    rows = GroundFound.objects.filter(programme__in=programmes)
    return rows.select_related(*related, "ground__article", "partner", "case__edition", "case__procedure")


def open_of(registration: Registration, procedure: Procedure) -> QuerySet[GroundFound]:
    """What was found of a unit and would be dealt with by such a case."""
    rows = GroundFound.objects.filter(registration=registration, state=State.OPEN)
    return rows.filter(ground__procedure_key=procedure.key).select_related("ground__article", "partner")


def with_files(rows: Iterable[GroundFound]) -> list[GroundFound]:
    """With what proves each, for pages of the office that show it."""
    found = list(rows)
    prefetch_related_objects(found, "files__file")
    return found


def in_order(rows: QuerySet[GroundFound]) -> QuerySet[GroundFound]:
    """What is open first, the longest waiting at the top; then the rest, the newest first."""
    is_open = SqlCase(When(state=State.OPEN, then=Value(0)), default=Value(1))
    since = SqlCase(When(state=State.OPEN, then=F("found_at")))
    return rows.order_by(is_open, since, "-found_at", "-pk")


def waits(programmes: list[int], today: date) -> list[Waiting]:
    """What the worklist says of them."""
    count = waiting(programmes)
    address = f"{reverse('admin:cases_groundfound_changelist')}?state__exact={State.OPEN}"
    return [Waiting(f"{count} 条发现的情形没有处理", address)] if count else []


def waiting(programmes: list[int]) -> int:
    return GroundFound.objects.filter(programme__in=programmes, state=State.OPEN).count()


@contextmanager
def _open(ground: GroundFound, *, by: Any) -> Iterator[GroundFound]:
    """One that nobody has dealt with."""
    with _fresh(ground, by=by) as row:
        if row.state != State.OPEN:
            where = f"，{row.case}" if row.case else ""
            raise Refused(f"{row}已经处理过：{row.get_state_display()}{where}。")
        yield row


@contextmanager
def _fresh(ground: GroundFound, *, by: Any) -> Iterator[GroundFound]:
    """Under the programme's lock, for somebody who may."""
    with transaction.atomic():
        registry.lock(ground.programme)
        row = GroundFound.objects.select_related(*_RELATED).get(pk=ground.pk)
        if not access.may(by, HANDLE_CASES, row.programme):
            raise Refused("发现的情形由经办人处理，您没有这个角色。")
        yield row


def _handled(row: GroundFound, *, by: Any, at: datetime) -> None:
    row.handled_at, row.handled_by = at, by
    row.save()


def _tell(verb: str, summary: str, row: GroundFound, *, by: Any, at: datetime) -> None:
    """On the case in which it was found: internal, as `cases.page` has it."""
    events.record(
        verb,
        summary,
        at=at,
        by=by,
        data={"ground": row.pk},
        case=row.found_in,
        programme=row.programme,
        organisation=row.registration.organisation,
    )
