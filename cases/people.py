"""Who works on the cases of a programme: at which desk who may, and on what he must hold it."""

from datetime import datetime
from typing import Any

from django.db import models

from accounts import access
from accounts.models import User
from accounts.same_person import accounts_of
from cases.districts import DISTRICT, district_of
from cases.models import Case
from cities.models import District, Programme, Stage
from cities.permissions import DECIDE_CASES, HANDLE_CASES, REVIEW_DISTRICT

COUNCIL = "council"  # of cities.keys.ACTORS; what a meeting has decided the clerks record
DESK_PERMISSION = {
    "clerk": HANDLE_CASES,
    "decider": DECIDE_CASES,
    COUNCIL: HANDLE_CASES,
    DISTRICT: REVIEW_DISTRICT,
}
BY_WHOM = {
    "clerk": "由经办人办理",
    "decider": "由审定人办理",
    COUNCIL: "由会议审议、经办人登记",
    DISTRICT: "由单位所属区市的区市审核人办理",
}


def may_work(user: Any, case: Case, actor: str) -> bool:
    """Whether somebody works for the case at the desks of this actor."""
    on = _held_on(case, actor)
    return on is not None and access.may(user, DESK_PERMISSION[actor], on)


def _held_on(case: Case, actor: str) -> Programme | District | None:
    """What the permission of a desk is held on; nothing, at a district's desk, where the unit names none."""
    return district_of(case) if actor == DISTRICT else case.programme


def workers(case: Case) -> models.QuerySet[User]:
    """Who may work at the desk the case is at; with four eyes not those who have given an opinion before."""
    on = _held_on(case, case.waiting_for)
    if on is None:
        return User.objects.none()
    people = access.holders(on, DESK_PERMISSION[case.waiting_for]).order_by("full_name", "pk")
    if case.stage is None or not case.stage.four_eyes:
        return people
    return people.exclude(pk__in=accounts_of(hands_before(case, case.stage)))


def why_not(user: Any, case: Case) -> str:
    """Why this person may not work on a case at its present desk, and who may; empty if he may."""
    if case.stage is None or case.waiting_for not in DESK_PERMISSION:
        return f"{case} 现在不等工作人员办理。"
    if not may_work(user, case, case.waiting_for):
        return f"“{case.stage}”{BY_WHOM[case.waiting_for]}，您没有这个角色。{_named(case)}"
    if case.stage.four_eyes and (hand := earlier_hand(case, case.stage, user)):
        return f"“{case.stage}”须由另一人办理：前面的意见是{hand}出的（{case.stage.article}）。{_named(case)}"
    return ""


def earlier_hand(case: Case, stage: Stage, by: Any) -> str:
    """As whom this person has already given an opinion at another desk of this case; empty if he has not."""
    return str(by.acted_as(hands_before(case, stage)))


def hands_before(case: Case, stage: Stage, until: datetime | None = None) -> set[int | None]:
    """Who gave an opinion at another desk, till a moment or ever. Who files has given one, but for whoever only enters what
    came on paper."""
    decisions = case.decisions.exclude(stage__key=stage.key)
    if until:
        decisions = decisions.filter(at__lte=until)
    hands: set[int | None] = set(decisions.values_list("by", flat=True))
    return hands if case.channel == Case.Channel.PAPER else hands | {case.submitted_by_id}


def _named(case: Case) -> str:
    names = [person.display_name for person in workers(case)]
    return f"可以办理的：{'、'.join(names)}。" if names else "现在没有人可以办理，联系授权管理员。"
