"""What a sanction or a removal is held against whenever it goes on: that the unit is still there to be dealt with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.checks import Check
from cases.models import Case
from cities.models import Procedure
from cities.rulebooks.describe import citation
from clearance import documents, fallen, queries
from providers.models import Organisation, Registration
from records.words import full_moment

# The stages at which nothing has been ordered yet.
BEFORE = ("submission", "review")
CHOICES = {
    True: "移出以后公告单位名称和原因",
    False: "移出以后不公告，只通知单位",
    None: "条文没有规定，由主管部门决定，还没有登记",
}


@dataclass(frozen=True)
class Question:
    case: Case
    at: datetime

    @property
    def partner(self) -> Organisation | None:
        return self.case.measure.partner

    @property
    def registration(self) -> Registration:
        assert self.case.registration is not None
        return self.case.registration


def state_checks(question: Question) -> list[Check]:
    return [_listed(question), *_standing(question.case)]


def _listed(question: Question) -> Check:
    case, unit = question.case, question.registration
    gone = f"{case.organisation}已于 {full_moment(unit.valid_to)} 移出名单" if unit.valid_to else ""
    return _check(
        case,
        key="listed",
        title="单位在名单内",
        passed=not gone,
        message=gone or f"{case.organisation}现在在名单内",
        evidence=[f"入库 {unit.entered_on:%Y-%m-%d}"],
        advice="不用再办，写明原因结案" if gone else "",
    )


def _standing(case: Case) -> list[Check]:
    """Only where a ground stands no more: nothing can be decided over it."""
    gone = [(one, why) for one in queries.taken_up(case) if (why := fallen.why(one))]
    return [
        _check(
            case,
            key=f"stands-{one.pk}",
            title="情形仍然成立",
            passed=False,
            message=f"{one}：{why}",
            advice="移出这种情形；没有别的情形的，写明理由，不采取措施",
            anchor="grounds",
        )
        for one, why in gone
    ]


def announcement_checks(question: Question) -> list[Check]:
    """Where the text leaves it open, whether the public is told is the office's choice: what was put on record, or that nothing was."""
    case = question.case
    if case.procedure.announcement != Procedure.Announcement.CHOICE:
        return _required(case)
    chosen = case.measure.announced
    return [
        _check(
            case,
            key="announcement",
            title="移出以后公告与否",
            passed=None if chosen is None else True,
            message=CHOICES[chosen],
            evidence=[f"理由：{case.measure.announced_why}"] if case.measure.announced_why else [],
            advice="作决定时一并选；也可以先由审定人在“登记公告与否”中登记" if chosen is None else "",
        )
    ]


def _required(case: Case) -> list[Check]:
    """Nothing where a document says it."""
    if not (lacking := documents.lacks_wording(case)):
        return []
    article, url = citation(queries.announced_by(case.procedure))
    return [
        Check(
            key="announcement",
            title="移出以后公告",
            passed=None,
            message=f"条文要求公告，平台没有“{lacking}”的文书样式，不会自动公告",
            article=article,
            article_url=url,
            advice="在“文书样式”里设好再决定，或者由主管部门另行公告",
        )
    ]


def partner_checks(question: Question) -> list[Check]:
    """Before the order the partner has to be there; when the list is looked at again it has to have gone."""
    partner, stage = question.partner, question.case.stage
    if partner is None or (stage is not None and stage.kind not in (*BEFORE, "recheck")):
        return []
    return [_partner(question, partner, has_to_be_gone=stage is not None and stage.kind == "recheck")]


def _partner(question: Question, partner: Organisation, *, has_to_be_gone: bool) -> Check:
    stands, term = queries.stands(question.registration, partner), question.case.programme.partner_term
    is_right = stands != has_to_be_gone
    advice = "名单上还有的，写明还差什么，退回继续办" if has_to_be_gone else "不用责令，写明原因结案"
    return _check(
        question.case,
        key="partner",
        title=f"{term}{'已不在' if has_to_be_gone else '在'}名单上",
        passed=is_right,
        message=f"{partner}现在{'是' if stands else '不是'}{question.case.organisation}的{term}",
        advice="" if is_right else advice,
    )


def _check(case: Case, **what: Any) -> Check:
    """It rests on the article of the procedure."""
    article, url = citation(case.procedure)
    return Check(article=article, article_url=url, **what)
