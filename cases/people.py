"""Who works on the cases of a programme."""

from typing import Any

from django.db import models

from accounts import access
from accounts.models import User
from cases.models import Case
from cases.steps import DESK_PERMISSION, earlier_hand
from cities.keys import ACTORS


def workers(case: Case) -> models.QuerySet[User]:
    """Who may work at the desk the case is at; with four eyes not those who have given an opinion at another one."""
    holders = access.holders(case.programme, DESK_PERMISSION[case.waiting_for])
    people = holders.order_by("full_name", "pk")
    if case.stage is None or not case.stage.four_eyes:
        return people
    return people.exclude(pk__in=case.decisions.exclude(stage=case.stage).values("by"))


def why_not(user: Any, case: Case) -> str:
    """Why this person may not work on a case at its present desk, and who may; empty if he may."""
    if case.stage is None or case.waiting_for not in DESK_PERMISSION:
        return f"{case} 现在不等工作人员办理。"
    who = _named(case)
    if not access.may(user, DESK_PERMISSION[case.waiting_for], case.programme):
        return f"“{case.stage}”由{ACTORS[case.waiting_for]}办理，您没有这个角色。{who}"
    if case.stage.four_eyes and earlier_hand(case, case.stage, user):
        return f"“{case.stage}”须由另一人办理：前面的意见是您出的（{case.stage.article}）。{who}"
    return ""


def _named(case: Case) -> str:
    names = [person.display_name for person in workers(case)]
    return f"可以办理的：{'、'.join(names)}。" if names else "现在没有人可以办理，联系授权管理员。"
