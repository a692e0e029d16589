"""A list and what keeps one off it, in the programme's own words; nothing of what its rules know nothing of."""

from collections.abc import Mapping
from typing import Any

from cities.models import Procedure, Programme, Rulebook
from providers.bars import Elsewhere, Standing
from providers.lineage import Steps
from providers.models import Removal
from providers.operations import Action
from records import words

PARTNER = "合作伙伴"
ON_CATALOGUE = {Action.ADD_ITEM, Action.EDIT_ITEM, Action.END_ITEM}


def size(programme: Programme, counts: Mapping[str, Any]) -> str:
    """2 家，合作伙伴 4 家次，目录 1 项."""
    parts = [f"{counts['units']} 家"]
    if has_partners(programme, counts["partners"]):
        parts.append(f"{programme.partner_term or PARTNER} {counts['partners']} 家次")
    if has_catalogue(programme, counts["items"]):
        parts.append(f"目录 {counts['items']} 项")
    return "，".join(parts)


def removal(row: Removal, steps: Steps) -> str:
    """于2026年3月1日在〔某市 · 某项目〕被清退（依据第十条，编号）, in the word of what it left by; whose, where it was that of one
    before."""
    where = row.registration.programme
    whose = f"所承继的{row.registration.organisation}" if steps else ""
    return (
        f"{whose}于{words.full_day(row.at)}在〔{where}〕{left(row)}（依据{row.article}，{row.case_number}）"
    )


def undone(row: Removal) -> str:
    """；2026年4月1日 09:00 已撤销：更正的编号和理由; empty of one that stands."""
    if row.lifted_at is None:
        return ""
    return f"；{words.full_moment(row.lifted_at)} 已撤销，不再计算：{row.lifted_reason}"


def left(row: Removal) -> str:
    """被清退, 被取消资格, or 退出名单 of its own accord: the procedure's word, else the programme's."""
    term = row.procedure.term or row.registration.programme.clearance_term
    return "退出名单" if term == "退出" else f"被{term}"


def bar(one: Standing) -> str:
    """Why it may not enter, and until when."""
    how_long = f"{words.full_closes(one.until)} 以前" if one.until else ""
    return f"{one.organisation}{removal(one.removal, one.steps)}，{how_long}不得再申请入库"


def elsewhere(one: Elsewhere) -> str:
    """For staff: that another list removed it, and what this list's rules make of that."""
    return f"{removal(one.removal, one.steps)}，本项目规则{'计入，不得再申请入库' if one.counts else '不计'}"


def elsewhere_of_partner(one: Elsewhere) -> str:
    """For staff: what is said of coming back is said of units, and not of who stands behind one."""
    return f"{removal(one.removal, one.steps)}，供审核时了解"


def after_bar(one: Standing) -> str:
    """What the organisation can do about it."""
    office = one.limit.rulebook.programme.office_term
    wrong = f"认为当时的决定有误的，向{office}提出"
    return wrong if one.until is None else f"{words.full_closes(one.until)} 以后可以再申请；{wrong}"


def has_partners(programme: Programme, listed: int) -> bool:
    return bool(programme.partner_term or listed)


def has_catalogue(programme: Programme, listed: int) -> bool:
    """Whether there is anything to say of it: something stands on it, or the rules let a unit change it."""
    return bool(listed) or _changes_catalogue(programme)


def _changes_catalogue(programme: Programme) -> bool:
    """A procedure for changing the list that names no operations takes all. One query."""
    rows = Procedure.objects.filter(rulebook__programme=programme, kind="partner_change")
    known = rows.exclude(rulebook__standing=Rulebook.Standing.DRAFT).values_list("operations", flat=True)
    return any(not named or ON_CATALOGUE & set(named) for named in known)
