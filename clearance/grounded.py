"""Grounds that rest on orders to put something right: held against the orders there are, and left by the outcomes that say so."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cases import grounds
from cases.checks import Check
from cases.errors import Problem
from cases.models import Case, GroundFound
from cities import decisions
from cities.limits import holds
from cities.models import Ground, Outcome
from cities.rulebooks.describe import citation
from clearance import fallen, queries
from clearance.checks import Question
from clearance.models import RectificationOrder
from providers.models import Registration
from records.words import full_day

State = RectificationOrder.State
Orders = list[RectificationOrder]
Held = tuple[bool, str]


def order_checks(question: Question) -> list[Check]:
    """One for each ground of a case that rests on orders, whoever has brought it up; of one that has fallen it is said already."""
    taken = [one.ground_id for one in queries.taken_up(question.case) if not fallen.why(one)]
    rows = _rows().filter(pk__in=taken, detector__in=RESTS)
    return [_check(row, _orders(question.registration), question.at) for row in rows.order_by("order", "pk")]


def why_not_yet(case: Case, outcome: Outcome, at: datetime) -> list[Problem]:
    """An outcome that leads on to such a ground is given when the order of its own case bears it out."""
    row = _noted_by(case, outcome)
    if row is None or row.detector not in RESTS:
        return []
    assert case.registration is not None
    own = [order for order in _orders(case.registration) if order.case_id == case.pk]
    held = _check(row, own, at)
    return [] if held.passed else [Problem("outcome", f"{held.message}，现在不能选", held.article)]


def note(case: Case, outcome: Outcome, *, opinion: str, by: Any, at: datetime) -> None:
    """What an outcome leaves for a case of its own waits in the inbox, also where nobody else would find it."""
    row = _noted_by(case, outcome)
    if row is None or case.registration is None:
        return
    evidence = "；".join([f"{case}：{outcome.label}。{opinion.strip()}", *map(_line, case.orders.all())])
    about: dict[str, Any] = {
        "label": f"{case} 的处理结果",
        "evidence": evidence,
        "ground": row,
        "found_in": case,
    }
    for source in _sources(row, case):
        found = grounds.find("ground", source, case.registration, **about, by=by, at=at)
        if found.state != GroundFound.State.SET_ASIDE:
            return


def _sources(row: Ground, case: Case) -> list[str]:
    """As the sweep has found it, if it has; anew where that was set aside before this was decided."""
    last = case.orders.last()
    by_order = [f"{row.key}:order:{last.pk}"] if last else []
    return [*by_order, f"{row.key}:case:{case.pk}"]


def _noted_by(case: Case, outcome: Outcome) -> Ground | None:
    rows = _rows().filter(rulebook=case.procedure.rulebook_id, key=outcome.notes_ground)
    return rows.first() if outcome.notes_ground else None


def _rows() -> Any:
    return Ground.objects.select_related("article", "rulebook__programme")


def _orders(unit: Registration) -> Orders:
    return list(queries.orders_of(unit, queries.SANCTION).select_related("case", "deadline"))


def _check(row: Ground, orders: Orders, at: datetime) -> Check:
    row = decisions.settled(row, at)
    passed, said = RESTS[row.detector](row, orders, at)
    article, url = citation(row)
    return Check(
        key=f"orders:{row.key}",
        title=row.label,
        passed=passed,
        message=said,
        article=article,
        article_url=url,
        evidence=[_line(order) for order in orders],
        advice="" if passed else "不成立的不立案，已经立案的写明理由，不采取措施",
        anchor="grounds",
    )


def _overdue(row: Ground, orders: Orders, at: datetime) -> Held:
    last = _last_of_each(orders)
    if in_vain := [order for order in last if _is_in_vain(order, at)]:
        return True, _line(in_vain[-1])
    return False, _short(
        last, "最后一天还没有过" if last and last[-1].state == State.NOT_DONE else "不是到期没有完成"
    )


def _refused(row: Ground, orders: Orders, at: datetime) -> Held:
    """Whether it is a refusal a person judges, before the day or after it; there has to be something to refuse."""
    last = _last_of_each(orders)
    if left := [order for order in last if order.state not in (State.DONE, State.VOID)]:
        return True, _line(left[-1])
    return False, _short(last, "没有拒不整改")


def _often(row: Ground, orders: Orders, at: datetime) -> Held:
    enough = row.number is not None and holds(row.comparator, len(orders), row.number)
    wanted = f"{row.get_comparator_display()} {row.number} 次"
    return enough, f"一共责令限期整改 {len(orders)} 次，{'' if enough else '没有'}{wanted}"


def _short(last: Orders, why: str) -> str:
    return f"{_line(last[-1])}，{why}" if last else "平台上没有责令过限期整改"


def _last_of_each(orders: Orders) -> Orders:
    """Whoever was given another day has that one to keep."""
    return list({order.case_id: order for order in orders}.values())


def _is_in_vain(order: RectificationOrder, at: datetime) -> bool:
    is_over = order.deadline is None or at >= order.deadline.closes_at
    return order.state == State.OVERDUE or (order.state == State.NOT_DONE and is_over)


def _line(order: RectificationOrder) -> str:
    day = f"，最后一天 {full_day(order.deadline.closes_on)}" if order.deadline else ""
    return f"{order}（{order.case}，{order.article}）{day}，{order.get_state_display()}"


RESTS: dict[str, Callable[[Ground, Orders, datetime], Held]] = {
    "rectification_overdue": _overdue,
    "rectification_refused": _refused,
    "rectification_orders": _often,
}
