"""What a correction is held against: that it fits the list, and that something is put right. No limit is asked of it: it
makes the list what it should have been."""

from datetime import datetime
from functools import cached_property
from typing import Self

from cases.checks import Check
from cases.models import Case
from cases.operations import fitting, question
from cities.rulebooks.describe import citation
from corrections import queries
from providers import along, mending, returning, snapshots
from providers.operations import Action, ListOperation


class Question(question.Question):
    @classmethod
    def of(cls, case: Case, at: datetime) -> Self:
        return cls(case, at, queries.operations_of(case))

    @cached_property
    def misfit(self) -> str:
        """What does not go together with the list or with what is known of whom it names; empty where all does."""
        if wrong := self.stale or self._not_restored_alone:
            return wrong
        if self.operations and not snapshots.differences(self.list_now, self.list_then):
            return "各项合起来，名单和现在一样，没有更正"
        wrong_code = next(filter(None, map(self._no_code, self.operations)), "")
        itself = fitting.joins_itself(self.operations, self.registration, self.case.programme)
        return wrong_code or itself or fitting.misnamed(self.operations, fitting.names_of(self.operations))

    @property
    def restores(self) -> bool:
        return any(one.action == Action.RESTORE_UNIT for one in self.operations)

    @property
    def _not_restored_alone(self) -> str:
        """A removal is undone by itself and as a whole; of a unit that has left nothing else can be put right."""
        unit, correction = self.registration, self.case.correction
        if not self.restores:
            return f"{unit.organisation}已移出名单，只能恢复" if unit.valid_to and self.operations else ""
        if why := returning.why_not(unit):
            return why
        if len(self.operations) > 1:
            return "恢复误移出的单位要单独立案，其他的更正在恢复以后另办"
        edition = queries.removed_by(unit)
        if edition and correction.corrects not in (None, edition):
            return f"{unit.organisation}由{edition}移出，更正的应是{edition}"
        return ""

    @cached_property
    def others(self) -> list[along.Along]:
        """What is put right of other units with it."""
        return along.of(self.registration, self.operations, self.at)

    @cached_property
    def unshown(self) -> list[str]:
        """Other units that it has come to concern since it was filed: nobody has been shown them."""
        if self.case.is_editable or "others" not in self.case.submission:
            return []
        shown = {one["unit"]["code"] for one in self.case.submission["others"]}
        names = {one.registration.organisation for one in self.others}
        return sorted(one.name for one in names if one.credit_code not in shown)

    def _no_code(self, operation: ListOperation) -> str:
        if operation.action != Action.MEND_UNIT:
            return ""
        return mending.why_no_code(self.registration.organisation, operation.unit_code)


def state_checks(question: Question) -> list[Check]:
    wrong, case = question.misfit or _unshown(question), question.case
    article, url = citation(case.procedure)
    base = case.base_edition
    return [
        Check(
            key="fits",
            title="与现行名单衔接",
            passed=not wrong,
            message=wrong or "更正的内容与现行名单衔接",
            article=article,
            article_url=url,
            evidence=[f"底稿：{base}" if base else "底稿：尚无名单版本"],
            advice=_advice(question) if wrong else "",
            anchor="operations",
        )
    ]


def _unshown(question: Question) -> str:
    if not question.unshown:
        return ""
    return f"提交以后，{'、'.join(question.unshown)}的名单上也有了要改名的单位，提交的内容里没有"


def _advice(question: Question) -> str:
    return "按现行名单重新填写这一项" if question.misfit else "退回修改，由经办人重新提交"
