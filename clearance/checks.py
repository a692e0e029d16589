"""What a sanction or a removal is held against whenever it goes on: that the unit is still there to be dealt with."""

from dataclasses import dataclass
from datetime import datetime

from cases.checks import Check
from cases.models import Case
from cities.rulebooks.describe import citation
from clearance import queries
from providers.models import Organisation, Registration
from records.words import full_moment

# The stages at which nothing has been ordered yet.
BEFORE = ("submission", "review")


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
    case, unit = question.case, question.registration
    article, url = citation(case.procedure)
    gone = f"{case.organisation}已于 {full_moment(unit.valid_to)} 移出名单" if unit.valid_to else ""
    return [
        Check(
            key="listed",
            title="单位在名单内",
            passed=not gone,
            message=gone or f"{case.organisation}现在在名单内",
            article=article,
            article_url=url,
            evidence=[f"入库 {unit.entered_on:%Y-%m-%d}"],
            advice="不用再办，写明原因结案" if gone else "",
        )
    ]


def partner_checks(question: Question) -> list[Check]:
    """Before the order the partner has to be there; when the list is looked at again it has to have gone."""
    partner, stage = question.partner, question.case.stage
    if partner is None:
        return []
    is_looked_at = stage is not None and stage.kind == "recheck"
    if not is_looked_at and stage is not None and stage.kind not in BEFORE:
        return []
    stands = queries.stands(question.registration, partner)
    term = question.case.programme.partner_term
    article, url = citation(question.case.procedure)
    here = f"{partner}现在{'是' if stands else '不是'}{question.case.organisation}的{term}"
    advice = "名单上还有的，写明还差什么，退回继续办" if is_looked_at else "不用责令，写明原因结案"
    return [
        Check(
            key="partner",
            title=f"{term}{'已不在' if is_looked_at else '在'}名单上",
            passed=stands != is_looked_at,
            message=here,
            article=article,
            article_url=url,
            advice="" if stands != is_looked_at else advice,
        )
    ]
