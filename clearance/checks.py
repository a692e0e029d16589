"""What a sanction or a removal is held against whenever it goes on: that the unit is still there to be dealt with."""

from dataclasses import dataclass
from datetime import datetime

from cases.checks import Check
from cases.models import Case
from cities.rulebooks.describe import citation
from providers.models import Registration
from records.words import full_moment


@dataclass(frozen=True)
class Question:
    case: Case
    at: datetime

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
