"""What a removal means for the unit, as the letter that tells of it and its document say: what ends, whether it may come back, where
to turn. Nothing is said here that no row says; where the text is silent, that is what is said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cases.inbox import of_case
from cases.models import Case, Decision
from cities.models import Limit, Procedure, Programme, Rulebook, Stage
from clearance import queries
from providers import bars, wording
from providers.models import CatalogueItem, Partnership, Registration
from providers.queries import current_partnerships
from records.words import count, full_closes, full_day


@dataclass(frozen=True)
class Ended:
    partners: list[str]
    items: int
    stopped: list[Case]  # as far as the unit knows of them
    meeting: str
    bars: list[str]
    remedy: str
    is_silent: bool  # of any way to appeal


def ended(case: Case, at: datetime) -> Ended:
    """Once it has taken effect, at that moment."""
    unit = case.registration
    assert unit is not None
    partners = Partnership.objects.filter(entry__registration=unit, valid_to=at).order_by(
        "organisation__name"
    )
    stopped = Case.objects.filter(registration=unit, result=Case.Result.STOPPED, closed_at=at)
    stopped = stopped.select_related("procedure").order_by("number")
    rulebook = case.procedure.rulebook
    return Ended(
        list(dict.fromkeys(partners.values_list("organisation__name", flat=True))),
        CatalogueItem.objects.filter(registration=unit, versions__valid_to=at).distinct().count(),
        known_to_unit(stopped),
        meeting(case),
        _bars(case),
        remedy(case.programme, rulebook),
        _appeal(rulebook) is None,
    )


def foreseen(unit: Registration, procedure: Procedure, at: datetime, but: Case | None = None) -> Ended:
    """If it took effect then; `but` is the case that would bring it about. Every case that is open is named, also those that the unit
    has not heard of: this is for whoever decides, and a unit is shown its own (`known_to_unit`)."""
    partners = current_partnerships().filter(entry__registration=unit).order_by("organisation__name")
    rows = Case.objects.filter(registration=unit, status=Case.Status.OPEN)
    rows = rows.exclude(pk=but.pk) if but else rows
    rulebook = procedure.rulebook
    return Ended(
        list(dict.fromkeys(partners.values_list("organisation__name", flat=True))),
        CatalogueItem.objects.filter(registration=unit, versions__valid_to=None).distinct().count(),
        list(rows.select_related("procedure").order_by("number")),
        "",
        [
            _bar_words(limit, bars.barred_until(limit, at))
            for limit in bars.rows(rulebook.programme, at, rulebook)
            if procedure.key in limit.after and bars.forbids(limit)
        ],
        remedy(rulebook.programme, rulebook),
        _appeal(rulebook) is None,
    )


def known_to_unit(cases: Iterable[Case]) -> list[Case]:
    """Those that its unit has filed, or was written to about."""
    return [one for one in cases if queries.is_own(one) or of_case(one).exists()]


def meeting(case: Case) -> str:
    """The council that has confirmed it; empty where the rows have none."""
    held = Decision.objects.filter(case=case, met_on__isnull=False).select_related("stage")
    met = held.order_by("at").last()
    return f"{full_day(met.met_on)}{met.stage}（纪要{met.minutes}）" if met and met.met_on else ""


def after(case: Case, whose: str) -> str:
    """What ends with it, in general: a document that others read does not tell which applications of the unit were open. Nothing of
    what its list knows nothing of."""
    programme, listed = case.programme, CatalogueItem.objects.filter(registration=case.registration)
    catalogue = "产品和服务目录" if wording.has_catalogue(programme, listed.count()) else ""
    ends = "、".join(filter(None, [programme.partner_term, catalogue]))
    stop = f"{whose}名下的{ends}同时停止，" if ends else ""
    return f"{stop}{whose}尚未办结的其他申请一并终止"


def remedy(programme: Programme, rulebook: Rulebook) -> str:
    """How the text has a decision appealed against; where it is silent, to whom of the work group one can turn."""
    stage = _appeal(rulebook)
    if stage is None:
        return f"对本决定有意见的，可以向{_desk(programme)}提出"
    rule = stage.counting_rule
    within = f"在{count(stage.span_number, rule.unit)}内" if stage.span_number and rule else ""
    return f"对本决定不服的，可以{within}向{_desk(programme)}提出{stage}（{stage.article}）"


def _appeal(rulebook: Rulebook) -> Stage | None:
    rows = Stage.objects.filter(procedure__rulebook=rulebook, kind="appeal")
    return rows.select_related("article", "counting_rule").order_by("procedure__order", "order").first()


def _desk(programme: Programme) -> str:
    """As far as the office has said it."""
    phone, place = programme.city.phone, programme.city.address
    ways = [f"电话：{phone}" if phone else "", f"地址：{place}" if place else ""]
    said = "，".join(filter(None, ways))
    return f"{programme.authority}（{said}）" if said else programme.authority


def _bars(case: Case) -> list[str]:
    assert case.registration is not None
    rows = case.registration.removals.filter(case_number=str(case)).prefetch_related(
        "bars__limit__article", "bars__limit__rulebook__programme"
    )
    return [_bar_words(bar.limit, bar.until) for removal in rows for bar in removal.bars.all()]


def _bar_words(limit: Limit, until: datetime | None) -> str:
    since = f"{full_closes(until)} 以前" if until else "以后"
    return f"{since}{queries.reentry_words(limit)}（{limit.article}）"
