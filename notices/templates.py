"""The wording of a programme's documents, version by version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from cases.errors import Problem, Refused
from cities.models import Programme
from notices import kinds, wording
from notices.kinds import NoticeKind
from notices.models import Issuer, NoticeTemplate
from records import events

Standing = NoticeTemplate.Standing
SAYS = ("issuers", "letterhead", "signing", "title", "addressees", "body", "attachment", "copies", "imprint")


def in_force(programme: Programme, kind: str) -> NoticeTemplate | None:
    """None: this programme issues no document of the kind."""
    rows = NoticeTemplate.objects.filter(programme=programme, kind=kind, standing=Standing.IN_FORCE)
    if template := rows.order_by("pk").first():
        template.programme = programme
    return template


def are_used(programme: Programme) -> bool:
    """Whether this programme issues documents at all."""
    return NoticeTemplate.objects.filter(programme=programme, standing=Standing.IN_FORCE).exists()


def issuers_of(template: NoticeTemplate) -> list[Issuer]:
    """In their order, the one whose number it bears first."""
    found = {one.key: one for one in Issuer.objects.filter(city=template.programme.city_id)}
    return [found[key] for key in template.issuers]


def draft(
    programme: Programme, kind: str, says: Mapping[str, Any], *, by: Any, at: datetime
) -> NoticeTemplate:
    """The next version; while there is a draft of the kind, it is that one that is written anew."""
    rows = NoticeTemplate.objects.filter(programme=programme, kind=kind)
    template = rows.filter(standing=Standing.DRAFT).first()
    if template is None:
        last = rows.order_by("-version").first()
        template = NoticeTemplate(programme=programme, kind=kind, version=last.version + 1 if last else 1)
    for column in SAYS:
        if column in says:
            setattr(template, column, says[column])
    template.drafted_at, template.drafted_by = at, by
    if problems := problems_of(template):
        raise Refused("文书样式还不能保存", problems=problems)
    template.save()
    return template


def problems_of(template: NoticeTemplate) -> list[Problem]:
    kind = kinds.of(template.kind)
    if kind is None:
        return [Problem("kind", f"没有“{template.kind}”这种文书")]
    problems = [
        Problem(column, f"没有字段“{name}”，可用的有：{'、'.join(kind.all_fields)}")
        for column, name in wording.wrong_fields(template)
    ]
    for column, asked in (("title", "写标题"), ("body", "写正文")):
        if not getattr(template, column).strip():
            problems.append(Problem(column, asked))
    return problems + _problems_of_address(kind, template) + _problems_of_issuers(template)


def _problems_of_address(kind: NoticeKind, template: NoticeTemplate) -> list[Problem]:
    """Who alone gets a document is spoken to in it; whoever else reads it is not."""
    problems = []
    if kind.for_unit and not any(one in template.addressees for one in ("{单位}", "{原主送}")):
        problems.append(Problem("addressees", "只发给单位的文书，主送写{单位}"))
    to_it_alone = template.addressees.strip().rstrip("：:") == "{单位}" and not template.copies.strip()
    if "你单位" in template.body and not to_it_alone:
        problems.append(Problem("body", "不是写给单位一家的文书，不称“你单位”，写{单位}"))
    if "{单位}" in template.body and to_it_alone:
        problems.append(Problem("body", "写给单位一家的文书，称“你单位”，不写{单位}"))
    return problems


def _problems_of_issuers(template: NoticeTemplate) -> list[Problem]:
    keys = template.issuers
    if not isinstance(keys, list) or not keys or len(set(map(str, keys))) != len(keys):
        return [Problem("issuers", '写发文机关的代码，至少一个，不重复，如 ["office"]')]
    known = set(Issuer.objects.filter(city=template.programme.city_id).values_list("key", flat=True))
    return [
        Problem("issuers", f"{template.programme.city}没有代码为“{key}”的发文机关")
        for key in keys
        if key not in known
    ]


@transaction.atomic
def put_in_force(template: NoticeTemplate, *, by: Any, at: datetime) -> None:
    """A second person does; `by=None` is a file that was loaded."""
    Programme.objects.select_for_update().get(pk=template.programme_id)
    template = NoticeTemplate.objects.select_related("programme__city").get(pk=template.pk)
    if template.standing != Standing.DRAFT:
        raise Refused(f"{template}不是草稿，不能再启用。要改措辞，另起草一版。")
    if by is not None and by == template.drafted_by:
        raise Refused("起草的人不能启用自己起草的样式，由另一名有权的人启用。")
    if problems := problems_of(template):
        raise Refused("文书样式还不能启用", problems=problems)
    for before in NoticeTemplate.objects.filter(
        programme=template.programme, kind=template.kind, standing=Standing.IN_FORCE
    ):
        before.standing = Standing.SUPERSEDED
        before.save()
    template.standing, template.in_force_at, template.in_force_by = Standing.IN_FORCE, at, by
    template.save()
    events.record(
        "notice.template",
        f"启用文书样式：{template}",
        at=at,
        by=by,
        data={"kind": template.kind, "version": template.version},
        programme=template.programme,
        city=template.programme.city,
    )
