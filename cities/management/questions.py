"""A span that was asked for on the command line, and the two ways it is printed."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cities.calendar import BackSpan, Counting, CountingRuleSpec, Day, Span, report_by, span, until
from cities.models import CalendarYear, CountingRule
from records import words


@dataclass(frozen=True)
class Question:
    """`decided` is what an office has decided of it. Where the text names the last day itself nothing else is counted."""

    number: int
    rule: CountingRuleSpec
    start: datetime
    is_before: bool
    article: str | None = None
    about: str = ""
    decided: str = ""
    last_day: date | None = None

    def answer(self) -> Span:
        if self.last_day:
            return until(self.last_day, self.start)
        if self.is_before:
            return report_by(self.number, self.rule, self.start.date())
        return span(self.number, self.rule, self.start)


def to_last_day(last_day: date, start: datetime, **about: str) -> Question:
    """Which days are left, the first and the last included."""
    rule = Counting(CountingRule.Unit.CALENDAR, CountingRule.FirstDay.SAME, CountingRule.Roll.NONE)
    return Question(0, rule, start, is_before=False, last_day=last_day, **about)


def as_json(question: Question, answer: Span | None) -> str:
    facts: dict[str, Any] = {
        "opens_on": answer and answer.opens_on.isoformat(),
        "closes_on": answer and answer.closes_on.isoformat(),
        "closes_at": answer and _written(answer.closes_at),
        "counted": [day.isoformat() for day in answer.counted] if answer else [],
        "unit": question.rule.unit,
        "certainty": answer.certainty if answer else "missing",
        "article": question.article,
    }
    if question.is_before:
        facts["report_by"] = answer.report_by.isoformat() if isinstance(answer, BackSpan) else None
    return json.dumps(facts, ensure_ascii=False)


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds" if moment.second else "minutes")


def as_text(question: Question, answer: Span) -> list[str]:
    return [
        *([question.about] if question.about else []),
        f"期限：{_length(question)}",
        *(_back_ends(question, answer) if isinstance(answer, BackSpan) else _ends(question, answer)),
        f"依据：{question.article or '无，按写明的参数计算'}{f'；{question.decided}' if question.decided else ''}",
        f"日历：{CalendarYear.Status(answer.certainty).label}",
        "逐日：",
        *(_day_line(day, answer) for day in answer.days),
    ]


def _length(question: Question) -> str:
    if question.last_day:
        return f"到写明的最后一天 {words.full_day(question.last_day)} 为止"
    rule = question.rule
    ways = [
        CountingRule.Unit(rule.unit).label,
        CountingRule.FirstDay(rule.first_day).label,
        CountingRule.Roll(rule.roll).label,
    ]
    return f"{words.count(question.number, rule.unit)}（{'，'.join(ways)}）"


def _ends(question: Question, answer: Span) -> list[str]:
    return [
        f"起算：{_day(question.start)} {question.start:%H:%M}",
        f"第一天：{_day(answer.opens_on)}",
        f"最后一天：{_day(answer.closes_on)}，{words.closing_hour(answer.closes_at)} 截止",
    ]


def _back_ends(question: Question, answer: BackSpan) -> list[str]:
    return [
        f"办理日：{_day(question.start)}（当日不计）",
        f"最晚报告：{_day(answer.report_by)}，{words.closing_hour(answer.report_before)} 截止",
        f"计入的第一天：{_day(answer.opens_on)}",
        f"计入的最后一天：{_day(answer.closes_on)}",
    ]


def _day(value: date) -> str:
    return f"{words.full_day(value)}（{words.weekday(value)}）"


def _day_line(day: Day, answer: Span) -> str:
    unit = words.UNIT_WORDS[answer.unit][0]
    place = "不计" if day.ordinal is None else f"第 {day.ordinal} {unit}"
    parts = [words.full_day(day.date), words.weekday(day.date), place, day.mark, day.note]
    return "  " + "  ".join(part for part in parts if part)
