"""The meeting that has decided at a council's desk: its day and the number of its minutes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cases.errors import Problem
from cases.models import Case
from cases.people import COUNCIL
from cities.models import Outcome
from records.words import full_day


@dataclass(frozen=True)
class Meeting:
    """Empty where nobody met."""

    on: date | None = None
    minutes: str = ""

    def to_json(self) -> dict[str, str]:
        """As it stands in the data of the decision's event; nothing where nobody met."""
        return {"met_on": self.on.isoformat(), "minutes": self.minutes} if self.on else {}


def needs_meeting(outcome: Outcome) -> bool:
    """What a council decides, it has met for; to send a case back for correction nobody need meet."""
    return outcome.stage.actor == COUNCIL and outcome.role != Outcome.Role.RETURN


def meeting_problems(case: Case, outcome: Outcome, held: Meeting, at: datetime) -> list[Problem]:
    """What the record of the meeting lacks, at the fields of the decision."""
    if case.stage is None or not needs_meeting(outcome):
        return []
    found = {"met_on": _wrong_day(case, held.on, at), "minutes": "" if held.minutes else "写明纪要编号"}
    return [Problem(field, why, case.stage.article.number) for field, why in found.items() if why]


def _wrong_day(case: Case, on: date | None, at: datetime) -> str:
    today, filed = timezone.localtime(at).date(), case.filed_on
    if on is None:
        return "写明哪一天开的会"
    if on > today:
        return f"会议日期 {full_day(on)} 还没有到，今天是 {full_day(today)}"
    if filed and on < filed:
        return f"会议日期 {full_day(on)} 早于这件提交的那天（{full_day(filed)}），核对纪要"
    return ""


def meeting_words(data: dict[str, Any]) -> str:
    """The meeting of a decision's event in a sentence; empty where there was none."""
    if not data.get("met_on"):
        return ""
    return f"{full_day(date.fromisoformat(data['met_on']))}会议，纪要 {data['minutes']}"
