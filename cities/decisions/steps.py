"""An office decision is proposed by one person and confirmed by another; from then on it stands."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from cities.decisions.matters import Matter
from cities.models import OfficeDecision, Programme
from records import events
from records.personal import gate
from records.words import full_day


class WrongDecision(ValueError):
    """Why something cannot be decided like this, in a user's words."""


def propose(
    programme: Programme,
    matter: Matter,
    *,
    value: dict[str, Any],
    wording: str,
    basis: str,
    decided_on: date,
    effective_from: date,
    by: Any,
    at: datetime,
) -> OfficeDecision:
    """Record what the office has decided of a matter; it counts once somebody else has confirmed it.

    `value` holds the columns of the row as decided, empty where only a later version can carry it out.
    """
    if not basis.strip():
        raise WrongDecision("写明依据的文件或会议，不能留空。")
    if found := gate({"依据": basis, "确定的内容": wording}):
        raise WrongDecision(f"{found[0]}。这会公开，删去后再登记。")
    if effective_from < decided_on:
        raise WrongDecision(f"不能早于确定的日期 {full_day(decided_on)}。")
    decision = OfficeDecision.objects.create(
        programme=programme,
        section=matter.section,
        place=matter.place,
        matter=matter.name,
        article=matter.article,
        value=value,
        wording=wording,
        basis=basis.strip(),
        decided_on=decided_on,
        effective_from=effective_from,
        proposed_at=at,
        proposed_by=by,
    )
    _record("propose_decision", f"登记决定：{decision}", decision, by=by, at=at)
    return decision


def confirm(decision: OfficeDecision, *, by: Any, at: datetime) -> OfficeDecision:
    return _settle(decision, True, "", by=by, at=at)


def decline(decision: OfficeDecision, *, because: str, by: Any, at: datetime) -> OfficeDecision:
    if not because.strip():
        raise WrongDecision("写明为什么退回，不能留空。")
    return _settle(decision, False, because.strip(), by=by, at=at)


def _settle(decision: OfficeDecision, yes: bool, because: str, *, by: Any, at: datetime) -> OfficeDecision:
    with transaction.atomic():
        locked = OfficeDecision.objects.select_for_update().select_related("programme__city")
        current = locked.get(pk=decision.pk)
        if current.settled_at:
            raise WrongDecision(f"“{current}”已经{'确认' if current.is_confirmed else '退回'}过。")
        if hand := by.acted_as([current.proposed_by_id]):
            said = "登记的人" if hand == "您" else f"这项决定是{hand}登记的，您"
            raise WrongDecision(f"{said}不能确认自己登记的决定：由另一个人确认。")
        current.is_confirmed, current.declined_because = yes, because
        current.settled_at, current.settled_by = at, by
        current.save()
        verb, said = ("confirm_decision", "确认") if yes else ("decline_decision", "退回")
        _record(verb, f"{said}决定：{current}{f'（{because}）' if because else ''}", current, by=by, at=at)
    return current


def _record(verb: str, summary: str, decision: OfficeDecision, *, by: Any, at: datetime) -> None:
    programme = decision.programme
    data = {"section": decision.section, "place": decision.place, "value": decision.value}
    events.record(
        verb,
        summary,
        at=at,
        by=by,
        article=decision.article,
        data=data,
        programme=programme,
        city=programme.city,
    )
