"""What is announced in a document today, and when: each in the transaction that decides on it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cases import announcing
from cases import kinds as case_kinds
from cases.errors import Refused
from cases.models import Case
from notices import acts, asking, facts, issuing, kinds, lists, obstacles, templates, wording
from notices.kinds import NoticeKind
from notices.models import Notice, NoticeLink, NoticeTemplate
from providers.models import ListEdition
from publicity.models import PublicityItem, PublicityPeriod

PUBLICITY, CHANGE, CORRECTION, WITHDRAWAL = "publicity", "change", "correction", "withdrawal"

_OF_PERIOD = {
    "公示标题": "公示的标题",
    "公示编号": "公示的编号",
    "公示首日": "公示的第一天",
    "公示末日": "公示的最后一天",
    "公示截止": "公示截止的时刻",
    "公示天数": "公示几天或几个工作日",
    "受理部门": "受理异议的部门",
    "受理电话": "受理电话",
    "受理地址": "受理地址",
    "监督电话": "监督电话",
}
_OF_EDITION = {"版次": "名单的版次", "发布日期": "名单发布的日期"}
_OF_EARLIER = {"原文书": "所更正或撤回的文书的标题和文号"}
_WITHDRAWAL = NoticeKind(
    WITHDRAWAL,
    "撤回公告",
    {**_OF_EARLIER, "撤回理由": "为什么撤回", "原主送": "所撤回的文书主送谁"},
)
KINDS = (
    NoticeKind(PUBLICITY, "公示", _OF_PERIOD),
    NoticeKind(CHANGE, "变更公告", {**_OF_PERIOD, **_OF_EDITION}),
    NoticeKind(
        CORRECTION,
        "更正公告",
        {**_OF_PERIOD, **_OF_EDITION, **_OF_EARLIER, "更正版次": "更正哪一版名单", "更正理由": "哪里有误"},
    ),
    _WITHDRAWAL,
    kinds.to_unit(_WITHDRAWAL),
)
# What the edition's kind is announced as; an import has been announced elsewhere.
OF_EDITIONS = {ListEdition.Kind.CHANGE: CHANGE, ListEdition.Kind.ERRATUM: CORRECTION}


def register() -> None:
    for kind in (*KINDS, lists.KIND):
        kinds.register(kind)
    announcing.register("opened", opened)
    announcing.register("taken_down", taken_down)
    announcing.register("published", published)


def opened(period: PublicityPeriod, cases: Sequence[Case], *, by: Any, at: datetime) -> None:
    """What the documents of this publicity and of its result say must be sayable before anybody is told anything."""
    programme = cases[0].programme
    template = None if period.external_url else templates.in_force(programme, PUBLICITY)
    announced_as = OF_EDITIONS.get(ListEdition.Kind(case_kinds.of(cases[0]).edition_kind))
    follows = templates.in_force(programme, announced_as) if announced_as else None
    if not template and not follows:
        return
    table = facts.table(facts.differences_of_items(_items(period)))
    said = {**facts.of_cases(cases), **facts.of_period(period)}
    announced = template and wording.of(template, said, table)
    names = [case.organisation.name for case in cases]
    if why := obstacles.in_text("\n".join([*names, table.text, announced.text if announced else ""])):
        raise Refused(f"还不能公示：{why}。")
    if template and announced:
        issuing.issue(
            template,
            announced,
            by=by,
            at=at,
            facts=said,
            concerns=facts.concerned(cases, facts.differences_of_items(_items(period))),
            period=period,
            batch=period.batch,
            case=facts.only(cases),
        )


def _items(period: PublicityPeriod) -> Any:
    rows = PublicityItem.objects.filter(period=period)
    return rows.select_related("case__organisation").order_by("case__number")


def taken_down(period: PublicityPeriod, cases: Sequence[Case], *, by: Any, at: datetime) -> None:
    rows = Notice.objects.select_for_update(of=("self",)).filter(period=period, kind=PUBLICITY)
    for notice in rows.exclude(state=Notice.State.WITHDRAWN):
        acts.withdraw_for(notice, reason=period.taken_down_reason, by=by, at=at)


def published(edition: ListEdition, cases: Sequence[Case], *, by: Any, at: datetime) -> None:
    """What its kind of case wants, and one document for all that is left of the edition. Nothing is refused here: what was decided
    stands, and its document waits until it can be made."""
    wanted = asking.wanted_of(edition, cases) or []
    for one in wanted:
        asking.issue(one, by=by, at=at, edition=edition)
    told = {case.pk for one in wanted if not one.besides for case in one.cases}
    if cases := [case for case in cases if case.pk not in told]:
        _announce(edition, cases, by=by, at=at)


def _announce(edition: ListEdition, cases: Sequence[Case], *, by: Any, at: datetime) -> None:
    kind = OF_EDITIONS.get(ListEdition.Kind(edition.kind))
    template = templates.in_force(edition.programme, kind) if kind else None
    if template is None:
        return
    earlier = _of_corrected(edition)
    said = _said(edition, cases, earlier)
    issuing.issue(
        template,
        wording.of(template, said, facts.table(facts.differences_of_edition(edition))),
        by=by,
        at=at,
        facts=said,
        earlier={NoticeLink.Does.CORRECTS: earlier},
        concerns=facts.concerned(cases, facts.differences_of_edition(edition)),
        edition=edition,
        batch=cases[0].batch,
        case=facts.only(cases),
    )


def _of_corrected(edition: ListEdition) -> list[Notice]:
    """The documents of the editions that this one corrects."""
    wrong = edition.errata.values("corrects")
    rows = Notice.objects.filter(edition__in=wrong).exclude(state=Notice.State.WITHDRAWN)
    return list(rows.order_by("decided_at"))


def _said(edition: ListEdition, cases: Sequence[Case], earlier: Sequence[Notice]) -> dict[str, str]:
    period = facts.shown_last(cases)
    shown = facts.of_period(period) if period else {}
    said = {**facts.of_cases(cases), **shown, **facts.of_edition(edition)}
    return {**said, **facts.of_errata(edition, earlier)}


def preview(template: NoticeTemplate, at: datetime) -> wording.Words | None:
    """As it would read of what was last announced so; None where there has been nothing of the kind yet."""
    if template.kind == lists.LIST:
        return lists.preview(template, at)
    if template.kind == PUBLICITY:
        return _preview_period(template)
    if template.kind in OF_EDITIONS.values():
        return _preview_edition(template)
    if template.kind in acts.WITHDRAWING:
        rows = Notice.objects.filter(programme=template.programme, is_public=template.kind == WITHDRAWAL)
        notice = rows.order_by("-decided_at").first()
        return wording.of(template, acts.said_of(notice, "（撤回的理由）")) if notice else None
    return asking.preview(template)


def _preview_period(template: NoticeTemplate) -> wording.Words | None:
    rows = PublicityPeriod.objects.filter(batch__programme=template.programme, taken_down_at=None)
    period = rows.select_related("batch__programme__city").order_by("-opened_at").first()
    if period is None:
        return None
    items = list(
        _items(period).select_related("case__programme__city", "case__rulebook", "case__procedure__article")
    )
    said = {**facts.of_cases([item.case for item in items]), **facts.of_period(period)}
    return wording.of(template, said, facts.table(facts.differences_of_items(items)))


def _preview_edition(template: NoticeTemplate) -> wording.Words | None:
    wanted = [kind for kind, announced in OF_EDITIONS.items() if announced == template.kind]
    edition = (
        ListEdition.objects.filter(programme=template.programme, kind__in=wanted).order_by("-number").first()
    )
    if edition is None:
        return None
    rows = Case.objects.filter(edition=edition).order_by("submitted_at", "number")
    cases = list(
        rows.select_related("programme__city", "rulebook", "procedure__article", "organisation", "batch")
    )
    said = _said(edition, cases, _of_corrected(edition))
    return wording.of(template, said, facts.table(facts.differences_of_edition(edition)))
