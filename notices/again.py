"""A document that was withdrawn for what it said, issued again: what was decided stands, how it was told is put right."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from cases import confidential
from cases.desk import Waiting
from cases.errors import Problem, Refused
from cases.models import Case
from cities.models import Procedure
from notices import acts, issuing, kinds, measures, obstacles, queries, templates, wording
from notices.models import Notice, NoticeLink, NoticeTemplate
from records.words import full_moment

Does = NoticeLink.Does


def why_not(notice: Notice) -> str:
    """Why a document cannot be issued again; empty where it can."""
    if notice.state != Notice.State.WITHDRAWN:
        return f"{notice}没有撤回，不用重新发。先撤回，再重新发。"
    if not notice.facts or notice.kind in acts.WITHDRAWING:
        return f"{notice}的内容不是由字段写成的，不能照样重新发。"
    if _ended_with_its_case(notice) or _standing(notice.followed_by.filter(does=Does.REVOKES)).exists():
        return f"{notice}的决定已经撤销，不再发。"
    if link := _standing(notice.followed_by.filter(does=Does.CORRECTS)).select_related("notice").first():
        return f"{notice}已经重新发为{link.notice}。"
    return ""


def _ended_with_its_case(notice: Notice) -> bool:
    """What tells of the end of a case stands when the case has ended."""
    is_revoked = notice.case is not None and notice.case.result == Case.Result.REVOKED
    return is_revoked and notice.kind not in measures.REVOKING


def says(notice: Notice) -> dict[str, str]:
    """By its name each field that the wording in force has, as the document filled it."""
    return {name: notice.facts.get(name, "") for name in wording.fields_of(_template(notice))}


@transaction.atomic
def issue(notice: Notice, said: Mapping[str, str], *, by: Any, at: datetime) -> Notice:
    """Under a number of its own, in the wording in force; the table stays as it was. Raises Refused."""
    notice = acts.own(notice, by)
    if why := why_not(notice):
        raise Refused(why)
    facts = {**notice.facts, **{name: text.strip() for name, text in said.items()}}
    words = wording.of(_template(notice), facts, _table(notice))
    _refuse_wrong(notice, facts, words)
    return issuing.issue(
        _template(notice),
        words,
        by=by,
        at=at,
        facts=facts,
        is_public=notice.is_public,
        earlier={Does.CORRECTS: [notice], **_revoked_by(notice)},
        concerns=notice.concerns.all(),
        case=notice.case,
        batch=notice.batch,
        period=notice.period,
        edition=notice.edition,
    )


def _revoked_by(notice: Notice) -> dict[Does, list[Notice]]:
    """What it revoked is revoked by what takes its place."""
    rows = notice.about.filter(does=Does.REVOKES).select_related("earlier")
    return {Does.REVOKES: [link.earlier for link in rows]}


def owed(programmes: list[int]) -> QuerySet[Notice]:
    """What a text wants announced, was withdrawn and has not been announced again, though the removal stands."""
    rows = Notice.objects.filter(
        programme__in=programmes,
        state=Notice.State.WITHDRAWN,
        is_public=True,
        case__procedure__announcement__in=(Procedure.Announcement.REQUIRED, Procedure.Announcement.NAMED),
    )
    told = NoticeLink.objects.filter(earlier=OuterRef("pk"), does__in=(Does.CORRECTS, Does.REVOKES))
    rows = rows.filter(~Exists(_standing(told))).exclude(kind=acts.WITHDRAWAL)
    return rows.exclude(case__registration__removals__lifted_at__isnull=False)


def waits(programmes: list[int], today: date) -> list[Waiting]:
    count = owed(programmes).count()
    address = f"{reverse('admin:notices_notice_changelist')}?state__exact={Notice.State.WITHDRAWN}"
    return [Waiting(f"{count} 份应当公告的公文撤回以后还没有重新发", address, count)] if count else []


def left(case: Case) -> list[Waiting]:
    """Of a closed case: what is not out, or was withdrawn and has to be told again."""
    made = Notice.objects.filter(case=case, state=Notice.State.ISSUING).order_by("decided_at")
    waiting = [Waiting(f"《{one.title}》{_unmade(one)}", _page(one)) for one in made]
    again = [
        Waiting(
            f"《{one.title}》应当公告，{full_moment(one.withdrawn_at)} 撤回以后还没有重新发", _page(one), 1
        )
        for one in owed([case.programme_id]).filter(case=case).order_by("withdrawn_at")
        if one.withdrawn_at
    ]
    return [*again, *waiting]


def _unmade(notice: Notice) -> str:
    return f"还没有成文：{notice.last_error}" if notice.last_error else "正在成文，一般几分钟"


def _page(notice: Notice) -> str:
    return reverse("admin:notices_notice_change", args=[notice.pk])


def _standing(links: QuerySet[NoticeLink]) -> QuerySet[NoticeLink]:
    return links.exclude(notice__state=Notice.State.WITHDRAWN)


def _template(notice: Notice) -> NoticeTemplate:
    return templates.in_force(notice.programme, notice.kind) or notice.template


def _table(notice: Notice) -> wording.Table | None:
    one = notice.attachments[0] if notice.attachments else None
    return wording.Table(tuple(one["heads"]), one["rows"]) if one else None


def _refuse_wrong(notice: Notice, facts: Mapping[str, str], words: wording.Words) -> None:
    # What stood there was looked at when it was decided; who objected may be one of the units that it names.
    fresh = [text for name, text in facts.items() if text != notice.facts.get(name)]
    confidential.refuse_telling(queries.cases_of(notice), "", *fresh)
    kind = kinds.of(notice.kind)
    lacking = [name for name in (kind.needed if kind else ()) if not facts.get(name)]
    problems = [Problem(name, f"写明{name}，不能留空") for name in lacking]
    if why := obstacles.in_text(words.text):
        problems.append(Problem("", why))
    if problems:
        raise Refused("还不能重新发。", problems=problems)
