"""What a decider can do to the deadline on the case page: hold it, let it go on, extend it, put it right."""

from abc import abstractmethod
from datetime import datetime
from typing import Any

from cases import deadlines, desk
from cases.admin.deadline_forms import ChangeForm, CorrectForm, ExtendForm
from cases.deadlines import acts
from cases.deadlines.telling import told
from cases.desk import ANYWHERE, DeskAction, DeskForm, Done
from cases.errors import Refused
from cases.models import Case, Deadline
from cities.permissions import DECIDE_CASES
from records.words import UNIT_WORDS, count

DAYS_OF_A_HOLD = "暂停当日和恢复当日都不计，当天恢复的也会顺延"


class ChangeDeadline(DeskAction):
    """Of an open deadline that nobody was told of in public; the form is good for the deadline as it was shown."""

    permission = DECIDE_CASES
    is_folded = True
    form_class: type[DeskForm] = ChangeForm
    states: tuple[str, ...] = (Deadline.State.RUNNING,)

    def fits(self, case: Case) -> bool:
        deadline = deadlines.open_of(case)
        return deadline is not None and deadline.state in self.states and self.suits(deadline)

    def suits(self, deadline: Deadline) -> bool:
        return not deadlines.is_told(deadline)

    def form(self, case: Case, user: Any, at: datetime, data: Any = None, initial: Any = None) -> DeskForm:
        deadline = deadlines.open_of(case)
        assert deadline is not None
        start = {**(initial or {}), "seen": deadline.stamp}
        return self.form_class(data, initial=start, auto_id=f"{self.key}-%s", **self.asking(deadline))

    def asking(self, deadline: Deadline) -> dict[str, Any]:
        return {}

    def perform(self, case: Case, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        deadline = deadlines.open_of(case)
        if deadline is None or deadline.stamp != cleaned.pop("seen"):
            raise Refused(acts.MOVED_ON)
        return Done(f"{case} 的{told(self.act(case, by=by, at=at, **cleaned))}。")

    @abstractmethod
    def act(self, case: Case, **how: Any) -> Any:
        """What `cases.deadlines.acts` does and gives back. Raises Refused."""


class Hold(ChangeDeadline):
    key = "hold"
    label = "暂停期限"

    def form(self, case: Case, user: Any, at: datetime, data: Any = None, initial: Any = None) -> DeskForm:
        form = super().form(case, user, at, data, initial)
        form.fields["reason"].help_text = f"{DAYS_OF_A_HOLD}。{form.fields['reason'].help_text}"
        return form

    def act(self, case: Case, **how: Any) -> Any:
        return acts.hold(case, **how)


class Resume(ChangeDeadline):
    key = "resume"
    label = "恢复期限"
    states = (Deadline.State.HELD,)

    def act(self, case: Case, **how: Any) -> Any:
        return acts.resume(case, **how)


class Extend(ChangeDeadline):
    key = "extend"
    label = "延长期限"
    form_class = ExtendForm

    def suits(self, deadline: Deadline) -> bool:
        return super().suits(deadline) and acts.may_be_extended(deadline)

    def form(self, case: Case, user: Any, at: datetime, data: Any = None, initial: Any = None) -> DeskForm:
        form = super().form(case, user, at, data, initial)
        deadline = deadlines.open_of(case)
        assert deadline is not None
        form.fields["number"].label = f"延长多少{UNIT_WORDS[deadline.unit]}"
        form.fields["number"].help_text = _bounds(deadline)
        return form

    def act(self, case: Case, **how: Any) -> Any:
        return acts.extend(case, **how)


class Correct(ChangeDeadline):
    key = "correct"
    label = "更正期限"
    form_class = CorrectForm

    def asking(self, deadline: Deadline) -> dict[str, Any]:
        if deadline.number is None:
            return {"label": "正确的最后一天", "hint": "到这一天 24:00 止。原来填错了才用"}
        days = count(deadline.number, deadline.unit)
        return {
            "label": "正确的起算日",
            "hint": f"从这一天重新数 {days}（{deadline.article}），按现在的上班日历",
        }

    def act(self, case: Case, **how: Any) -> Any:
        return acts.correct(case, **how)


def _bounds(deadline: Deadline) -> str:
    row = deadline.row
    if row.extend_by_most is None:
        return "最后一天是工作人员定的，规则没有写可以延长多少"
    most = count(row.extend_by_most, deadline.unit)
    return f"一次最多 {most}，可延长 {row.extend_times} 次（{row.article}）"


def register() -> None:
    for action in (Hold(), Resume(), Extend(), Correct()):
        desk.register(ANYWHERE, action)
