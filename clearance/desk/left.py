"""What is still to do on a sanction or a removal that is closed, that its unit has it and what was listed; and what it rested on that
has fallen since."""

from django.urls import reverse

from cases import rested
from cases.desk import Waiting
from cases.models import Case
from clearance import followups, queries, serving
from records.words import full_day

# Where the page of the case says more.
PLACE = "#measure"


def left(case: Case) -> list[Waiting]:
    if not queries.is_one(case):
        return []
    listed = [
        Waiting(f"后续事项：{one}（{full_day(one.entered_at)} 列出）", PLACE)
        for one in followups.open_of(case)
    ]
    return [*_unserved(case), *listed]


def _unserved(case: Case) -> list[Waiting]:
    since = serving.owed_since(case)
    if since is None or not serving.awaits(case):
        return []
    said = f"{serving.what(case)}还没有送达：{full_day(since)} 作出，等单位确认收到，或者由经办人登记送达"
    return [Waiting(said, PLACE, late=1)]


def since(case: Case) -> list[tuple[str, str]]:
    """Which of its grounds have fallen though the decision stands, and what was begun because of it."""
    if not queries.is_one(case):
        return []
    begun = [
        (f"据此另行立案：{one} {one.procedure}", reverse("admin:cases_case_change", args=[one.pk]))
        for one in queries.led_to(case)
    ]
    fell = [(one, why) for one in rested.of(case) if one.left_at is None for why in one.since]
    return [*begun, *((f"“{one.found}”：{why}", PLACE) for one, why in fell)]
