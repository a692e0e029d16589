"""The whole list as a document, issued by who signs: the edition that stands, with every unit in a table."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import access
from cases.errors import Refused
from cities.models import Programme
from cities.permissions import ISSUE_NOTICES
from cities.queries import rulebook_in_force
from notices import facts, issuing, obstacles, templates, wording
from notices.kinds import NoticeKind
from notices.models import Notice, NoticeTemplate
from providers import downloads, listing, registry
from providers.downloads import Listed
from providers.models import Organisation

LIST = "list"
KIND = NoticeKind(
    LIST, "名单公告", {"版次": "名单的版次", "发布日期": "名单发布的日期"}, needed=("版次", "家数")
)


def why_not(programme: Programme, at: datetime) -> str:
    """Why its list cannot be issued now; empty where it can."""
    view = listing.view(programme, now=at)
    if templates.in_force(programme, LIST) is None:
        return "还没有“名单公告”的文书样式"
    if view.edition is None:
        return "还没有名单"
    rows = Notice.objects.filter(kind=LIST, edition=view.edition).exclude(state=Notice.State.WITHDRAWN)
    if told := rows.first():
        return f"{view.edition}名单已经发过（{told}）"
    return ""


@transaction.atomic
def issue(programme: Programme | None, *, by: Any, at: datetime) -> Notice:
    """Under the programme's lock, so that the edition is the one that stands. Raises Refused."""
    if programme is None:
        raise Refused("先选一个项目。")
    if not access.may(by, ISSUE_NOTICES, programme):
        raise Refused("名单公告由公告签发人发布，您没有这个角色。")
    registry.lock(programme)
    if why := why_not(programme, at):
        raise Refused(f"{programme}{why}。")
    template = templates.in_force(programme, LIST)
    assert template is not None
    view = listing.view(programme, now=at)
    units = downloads.units(view)
    said = _said(view, units, at)
    words = wording.of(template, said, _table(programme, units))
    if why := obstacles.in_text(words.text):
        raise Refused(f"还不能发名单公告：{why}。")
    named = Organisation.objects.filter(credit_code__in=[unit.code for unit in units])
    return issuing.issue(template, words, by=by, at=at, facts=said, concerns=named, edition=view.edition)


def preview(template: NoticeTemplate, at: datetime) -> wording.Words | None:
    """Of the list that stands; None where there is none."""
    view = listing.view(template.programme, now=at)
    if view.edition is None:
        return None
    units = downloads.units(view)
    return wording.of(template, _said(view, units, at), _table(template.programme, units))


def _said(view: listing.View, units: Sequence[Listed], at: datetime) -> dict[str, str]:
    assert view.edition is not None
    rulebook = rulebook_in_force(view.programme, at)
    return {
        **facts.of_programme(view.programme),
        **facts.of_edition(view.edition),
        "办法": facts.regulation(rulebook) if rulebook else "",
        "单位": facts.named([unit.name for unit in units]),
        "家数": str(len(units)),
    }


def _table(programme: Programme, units: Sequence[Listed]) -> wording.Table:
    """Without a column that nobody has anything in."""
    heads = ["序号", programme.registrant_term, "统一社会信用代码", "行业"]
    rows = [
        [str(place), unit.name, unit.code, "、".join(unit.industries)]
        for place, unit in enumerate(units, start=1)
    ]
    kept = len(heads) if any(unit.industries for unit in units) else len(heads) - 1
    return wording.Table(tuple(heads[:kept]), [row[:kept] for row in rows])
