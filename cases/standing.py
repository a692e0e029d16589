"""Who could see a case at a past moment, and who could act on it at the desk it was at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts import standing
from accounts.known_then import accounts_then
from accounts.models import Grant
from accounts.standing import Held
from cases.districts import DISTRICT
from cases.models import Case
from cases.people import DESK_PERMISSION, hands_before
from cities.models import District
from cities.permissions import HANDLE_CASES, REVIEW_DISTRICT, VIEW_CASES
from providers.models import Registration
from providers.permissions import FILE_APPLICATIONS, VIEW_OWN
from records.models import Letter


@dataclass(frozen=True)
class Reach:
    """A grant and what it gave on a case."""

    held: Held
    could_see: bool
    could_act: bool
    barred: bool  # by four eyes alone
    # How the account was known to be that of an earlier hand; empty where it is that hand's own.
    one_with: str = ""


def as_it_was(case: Case, at: datetime) -> Case | None:
    """The case's own row at that moment, from its history; nothing before there was one."""
    row = case.history.filter(history_date__lte=at).order_by("-history_date", "-history_id").first()
    return row.instance if row else None


def of_case(seen: QuerySet[Grant], case: Case, at: datetime) -> list[Reach]:
    """Whoever could see it or act on it, through which grant; each of a day's grants that reached it is named."""
    then = as_it_was(case, at)
    if then is None:
        return []
    places: list[standing.Place] = [case.programme, case.organisation]
    if district := _district(then, at):
        places.append(district)
    earlier = accounts_then(_hands(then, at), at) if then.stage and then.stage.four_eyes else {}
    told = _was_told(then, at)
    reaches = [_reach(held, then, earlier, told) for held in standing.on(seen, places, at)]
    return [one for one in reaches if one.could_see or one.could_act or not one.held.counts]


def _reach(held: Held, then: Case, earlier: Mapping[int, str], told: bool) -> Reach:
    could_see, may_act = _could_see(held, then, told), _could_act(held, then)
    barred = may_act and held.grant.user_id in earlier
    one_with = earlier.get(held.grant.user_id, "") if barred else ""
    return Reach(held, could_see or may_act, may_act and not barred, barred, one_with)


def _could_see(held: Held, then: Case, told: bool) -> bool:
    """As cases.access says of the present."""
    if held.grant.district_id:
        return held.gave(REVIEW_DISTRICT)
    if held.grant.organisation_id:
        return held.gave(VIEW_OWN) and told
    return held.gave(VIEW_CASES) and (then.submitted_at is not None or then.is_written_by_office)


def _was_told(then: Case, at: datetime) -> bool:
    """Whether the unit knew of it: what it files itself it does, what the office begins once it is written to."""
    if then.channel != Case.Channel.OFFICE:
        return True
    rows = Letter.objects.filter(case=then.pk, organisation=then.organisation_id, written_at__lte=at)
    return rows.filter(audience=Letter.Audience.UNIT).exists()


def _could_act(held: Held, then: Case) -> bool:
    if then.is_editable:
        writes = HANDLE_CASES if then.is_written_by_office else FILE_APPLICATIONS
        return held.gave(writes)
    desk = then.waiting_for if then.status == Case.Status.OPEN else ""
    if desk not in DESK_PERMISSION:
        return False
    return held.gave(DESK_PERMISSION[desk])


def _hands(then: Case, at: datetime) -> Iterable[int | None]:
    return hands_before(then, then.stage, at) if then.stage else ()


def _district(then: Case, at: datetime) -> District | None:
    """Of the unit as it was registered then, once the case had come to its desk."""
    if then.registration_id is None or not _came_to_a_district(then, at):
        return None
    rows = Registration.history.filter(id=then.registration_id, history_date__lte=at)
    row = rows.select_related("district").order_by("-history_date", "-history_id").first()
    return row.district if row else None


def _came_to_a_district(then: Case, at: datetime) -> bool:
    if then.stage and then.stage.actor == DISTRICT:
        return True
    return then.decisions.filter(stage__actor=DISTRICT, at__lte=at).exists()
