"""The documents of a sanction or a removal: asked for in the transaction that decides (docs/decisions/0059)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases import deadlines
from cases.errors import Refused
from cases.inbox import of_case
from cases.models import Case
from cases.queries import is_desk
from cities.calendar.dates import local_day
from cities.models import Ground, Outcome, Procedure
from clearance import ending, queries
from notices import acts, asking, facts, kinds, measures, revoking, templates
from notices.asking import Wanted
from notices.measures import GroundSaid
from notices.models import Notice, NoticeLink
from notices.queries import of_case as documents
from notices.wording import Words
from providers import bars
from providers.models import ListEdition
from records.words import full_closes


@dataclass(frozen=True)
class Foreseen:
    """`words` is None where the programme has no wording; `why_not` is why it could not be issued yet."""

    words: Words | None
    why_not: str
    title: str


FIRST = (measures.CRITICISM, measures.WARNING)
NOT_CARRIED_OUT = {"rectification_overdue": "到期没有完成", "rectification_refused": "拒不整改"}
ORDERING = (*FIRST, measures.RECTIFICATION, measures.PARTNER_REMOVAL)


def follow(
    case: Case, outcome: Outcome, *, by: Any, at: datetime, named_day: date | None, opinion: str
) -> None:
    """Whatever an outcome of a desk has to be put in writing for. Raises Refused where its document could not be made."""
    if not is_desk(outcome.stage):
        return
    last = _last_day(case, named_day)
    leads = outcome.next_stage.kind if outcome.next_stage else ""
    if leads in ("rectification", "service"):
        _announce_order(case, outcome, by=by, at=at, last=last)
    elif queries.removes(outcome):
        _refuse_unsayable(case, at)
    elif not leads and outcome.role == Outcome.Role.REFUSE and of_case(case).exists():
        _announce_not_cleared(case, opinion, by=by, at=at)


def of_edition(edition: ListEdition, cases: Sequence[Case]) -> list[Wanted]:
    """A removal: its unit is told, and everybody where the text or the office says so."""
    return [one for case in cases for one in _removal(case, edition.published_at)]


def revoke(case: Case, reason: str, *, by: Any, at: datetime) -> None:
    """What was issued is revoked by a document, or withdrawn where the programme has no wording for that; what was not issued
    yet is not. Raises Refused where it could not be said."""
    rows = Notice.objects.filter(case=case, kind__in=ORDERING).exclude(state=Notice.State.WITHDRAWN)
    made = list(rows.filter(state=Notice.State.ISSUED).order_by("decided_at"))
    after = "已经按原决定变更的名单不自动恢复" if case.measure.partner else ""
    wanted = revoking.wanted(case, made, reason=reason, restores=_not_asked, after=after, at=at)
    for one in rows.exclude(pk__in=[told.pk for told in revoking.revoked_by(wanted)]):
        acts.withdraw_for(one, reason=reason, by=by, at=at)
    for each in wanted:
        asking.announce(each, by=by, at=at)


def _not_asked(unit: str) -> str:
    return f"原决定要求{unit}办的事项不再办理"


def foreseen(case: Case, at: datetime) -> list[Foreseen]:
    """The documents of a removal as they would read if it were decided now."""
    return [
        Foreseen(asking.foreseen(one), asking.why_not(one), kinds.title(one.kind, case.programme))
        for one in _removal(case, at)
    ]


def must_be_announced(procedure: Procedure) -> bool:
    return procedure.announcement != Procedure.Announcement.CHOICE


def _announce_order(case: Case, outcome: Outcome, *, by: Any, at: datetime, last: date | None) -> None:
    kind = _kind_of_order(case)
    if kind is None:
        return
    partner = case.measure.partner
    measure = _measure(case, at, asks=case.measure.demands, due_on=last, follows=_follows(case))
    wanted = Wanted(
        kind,
        [case],
        measures.says(measure, 条款=outcome.article.number, **_of_kind(case, kind)),
        is_public=False,
        earlier=_earlier(case),
        concerns=[partner] if partner else [],
    )
    asking.announce(wanted, by=by, at=at)


def _of_kind(case: Case, kind: str) -> dict[str, str]:
    """What only this kind of order says."""
    if kind == measures.RECTIFICATION:
        return {"次数": _which(case)}
    partner = case.measure.partner
    return {"伙伴": partner.name} if kind == measures.PARTNER_REMOVAL and partner else {}


def _kind_of_order(case: Case) -> str | None:
    if case.procedure.kind == queries.PARTNER_REMOVAL:
        return measures.PARTNER_REMOVAL
    if case.orders.count() > 1:
        return measures.RECTIFICATION
    return next((kind for kind in FIRST if templates.in_force(case.programme, kind)), None)


def lacks_wording(case: Case) -> str:
    """What must be announced and has no wording here, by its title; empty where there is one, or it need not be announced."""
    kind = _kind_of_removal(case)
    if not must_be_announced(case.procedure) or templates.in_force(case.programme, kind):
        return ""
    return kinds.title(kind, case.programme)


def announced_elsewhere(case: Case) -> str:
    """What is left to the office to announce by other means, as it is listed; empty where a document says it, or nothing is."""
    kind = _kind_of_removal(case)
    if not _is_public(case) or templates.in_force(case.programme, kind):
        return ""
    article = queries.announced_by(case.procedure).article.number
    return f"向社会公告这次{kinds.title(kind, case.programme)}（{article}）：平台没有这种文书样式，由主管部门另行公告"


def unannounced(case: Case) -> str:
    """Of a removal that no public document tells of: whether one is to come, or none."""
    if not _is_public(case):
        return "没有向社会公告，只通知单位"
    if announced_elsewhere(case):
        return f"由{case.programme.authority}另行公告"
    return "要向社会公告，公告还没有发布"


def _refuse_unsayable(case: Case, at: datetime) -> None:
    """An office that issues no document here at all announces elsewhere; the check on the page says so."""
    if (lacking := lacks_wording(case)) and templates.are_used(case.programme):
        article = queries.announced_by(case.procedure).article.number
        raise Refused(
            f"还不能决定：{article}要求公告，“{lacking}”还没有文书样式。在“文书样式”里起草，启用以后再决定。"
        )
    if why := next(filter(None, map(asking.why_not, _removal(case, at))), ""):
        raise Refused(f"还不能决定：文书发不出来，{why}。")


def _announce_not_cleared(case: Case, opinion: str, *, by: Any, at: datetime) -> None:
    if case.procedure.kind != queries.CLEARANCE:
        return
    said = measures.says(_measure(case, at), 理由=opinion)
    asking.announce(Wanted(measures.NOT_CLEARED, [case], said, is_public=False), by=by, at=at)


def _removal(case: Case, at: datetime) -> list[Wanted]:
    to_unit = _to_unit(case, at)
    return [to_unit, _to_everybody(case, at)] if _is_public(case) else [to_unit]


def _to_unit(case: Case, at: datetime) -> Wanted:
    """All of it, in words to it alone."""
    kind = kinds.key_to_unit(_kind_of_removal(case))
    said = _said_of_removal(case, revoking.UNIT, at)
    return Wanted(kind, [case], said, is_public=False, earlier=_earlier(case))


def _to_everybody(case: Case, at: datetime) -> Wanted:
    """Of what was served on the unit alone the public is not even told the title."""
    said, earlier = _said_of_removal(case, case.organisation.name, at, **_withheld(case)), _earlier(case)
    shown = [one for rows in earlier.values() for one in rows if one.is_public]
    said["原文书"] = "、".join(map(facts.entitled, shown))
    return Wanted(_kind_of_removal(case), [case], said, earlier=earlier)


def _said_of_removal(case: Case, unit: str, at: datetime, **withheld: Any) -> dict[str, str]:
    """`unit` is what it is called there."""
    return measures.says(
        _measure(case, at, meeting=ending.meeting(case), **withheld),
        再次申请=_reentry(case, unit, at),
        后续=ending.after(case, "其" if unit != revoking.UNIT else unit),
    )


def _withheld(case: Case) -> dict[str, Any]:
    """Of a removal of which the public is told the name and the article alone."""
    is_withheld = case.procedure.announcement == Procedure.Announcement.NAMED
    return {"found": ""} if is_withheld else {}


def _kind_of_removal(case: Case) -> str:
    """The text's own word for it, where it has one besides the programme's usual; who leaves by his own wish is not removed."""
    if queries.is_own(case):
        return measures.LEAVING
    has_wording = case.procedure.term and templates.in_force(case.programme, measures.DISQUALIFICATION)
    return measures.DISQUALIFICATION if has_wording else measures.CLEARANCE


def _is_public(case: Case) -> bool:
    return must_be_announced(case.procedure) or bool(case.measure.announced)


def _measure(case: Case, at: datetime, **more: Any) -> measures.Measure:
    grounds = [GroundSaid(one["article"], one["label"]) for one in case.submission.get("grounds", [])]
    remedy = ending.remedy(case.programme, case.procedure.rulebook)
    about = {"grounds": grounds, "found": case.submission.get("facts", ""), "remedy": remedy}
    return measures.Measure(decided_on=local_day(at), **(about | more))


def _last_day(case: Case, named_day: date | None) -> date | None:
    deadline = deadlines.open_of(case)
    return named_day or (deadline.closes_on if deadline else None)


def _follows(case: Case) -> str:
    """What the rules let happen where an order is not carried out."""
    rows = Ground.objects.filter(rulebook=case.procedure.rulebook_id, detector__in=NOT_CARRIED_OUT)
    terms = [(row, row.term or case.programme.clearance_term) for row in rows.select_related("article")]
    if case.procedure.kind != queries.SANCTION:
        return ""
    return "；".join(
        f"{NOT_CARRIED_OUT[row.detector]}的，{row.get_force_display()}{term}（{row.article}）"
        for row, term in terms
    )


def _which(case: Case) -> str:
    """It runs by now, and is the last of those that stand."""
    assert case.registration is not None
    return f"第{queries.orders_of(case.registration, case.procedure.kind).count()}次"


def _reentry(case: Case, unit: str, at: datetime) -> str:
    limit = queries.reentry_after(case.procedure, at)
    if limit is None:
        return ""
    until = bars.barred_until(limit, at)
    within = f"在{full_closes(until)}以前" if until else ""
    return f"{unit}{within}{queries.reentry_words(limit)}（{limit.article}）".replace(" ", "")


def _earlier(case: Case) -> dict[Any, list[Any]]:
    """The last document of this case; else that of the order which a removal rests on."""
    found = list(documents(case))
    if not found and (order := queries.order_behind(case)):
        found = list(documents(order.case))
    return {NoticeLink.Does.FOLLOWS: found[-1:]} if found else {}
