"""How often, and how soon after the last."""

from datetime import date

from cases.checks import Check
from cases.operations import words
from changes import offered, queries
from changes.checks.question import Question, limit_check, way_out
from changes.queries import Filed
from cities import limits
from cities.calendar import add_months
from cities.models import Limit
from cities.rulebooks.describe import citation
from records.words import full_day

PERIOD_NAMES = {Limit.Window.ROLLING_YEAR: "近十二个月"}


def operations_offered(question: Question) -> list[Check]:
    """Asked where the row names operations: a draft may have been begun under a version that took others."""
    procedure = question.case.procedure
    if not procedure.operations:
        return []
    article, url = citation(procedure)
    wrong = offered.why_not(procedure, [operation.action for operation in question.operations])
    return [
        Check(
            key="operations_offered",
            title="办哪些变更",
            passed=not wrong,
            message=wrong or "所写的变更都在办理范围内",
            article=article,
            article_url=url,
            advice="撤销不办的几项，再提交" if wrong else "",
            anchor="operations",
        )
    ]


def allowance(question: Question, limit: Limit) -> list[Check]:
    return [_allowance(question, limit, subject) for subject in _counted_apart(question, limit)]


def interval(question: Question, limit: Limit) -> list[Check]:
    return [_interval(question, limit, subject) for subject in _counted_apart(question, limit)]


def _counted_apart(question: Question, limit: Limit) -> list[str]:
    """One joint allowance, or one for each subject the change touches."""
    return [""] if limit.joint else words.subjects(question.operations)


def _earlier(question: Question, limit: Limit, subject: str) -> list[Filed]:
    procedure = question.case.procedure.key
    filed = queries.earlier(question.registration, procedure, limit, but=question.case)
    return queries.touching(filed, subject)


def _allowance(question: Question, limit: Limit, subject: str) -> Check:
    case, day = question.case, question.day
    start, end = queries.window_start(limit, day), queries.window_end(limit, day)
    used = [one for one in _earlier(question, limit, subject) if start <= one.on <= end]
    is_free = case.ordered and not limit.counts_ordered
    value = len(used) + (0 if is_free else 1)
    yearly = limit.window == Limit.Window.CALENDAR_YEAR
    period = f"{day.year} 年" if yearly else PERIOD_NAMES.get(Limit.Window(limit.window), "累计")
    return limit_check(
        limit,
        f"changes_per_window{subject}",
        title=f"申请次数{offered.counted_apart(subject, case.procedure)}",
        passed=limits.holds(limit.comparator, value, limit.number),
        message=f"责令变更，不占次数；{period}已申请 {value} 次"
        if is_free
        else f"{period}第 {value} 次申请，{limits.wording(limit)}",
        value=value,
        value_text=f"{value} 次",
        evidence=[f"第 {n} 次：{one.case.number}，{full_day(one.on)}" for n, one in enumerate(used, 1)],
        advice=way_out(limit, _again(limit, used, day)),
        anchor="operations",
    )


def _again(limit: Limit, used: list[Filed], day: date) -> str:
    """When the window has room for one more, if it ever has."""
    if limit.window == Limit.Window.CALENDAR_YEAR:
        return f"{full_day(date(day.year + 1, 1, 1))} 起可以再申请"
    if limit.window == Limit.Window.ROLLING_YEAR and (last := _last_to_leave(limit, used)):
        return f"{full_day(queries.leaves_window(limit, last.on))} 起可以再申请"
    return "次数用完，不能再申请"


def _last_to_leave(limit: Limit, used: list[Filed]) -> Filed | None:
    """The application after which the rest leave room for one more; there is none where no number is small enough."""
    rest = (len(used) - place for place in range(1, len(used) + 1))
    fitting = (
        place for place, left in enumerate(rest) if limits.holds(limit.comparator, left + 1, limit.number)
    )
    place = next(fitting, None)
    return None if place is None else used[place]


def _interval(question: Question, limit: Limit, subject: str) -> Check:
    counted, day = _earlier(question, limit, subject), question.day
    key = f"change_interval{subject}"
    title = f"两次变更间隔{offered.counted_apart(subject, question.case.procedure)}"
    if question.case.ordered and not limit.counts_ordered:
        return limit_check(limit, key, title=title, passed=True, message="责令变更，不受间隔限制")
    if not counted:
        return limit_check(limit, key, title=title, passed=True, message="此前没有变更过")
    last = counted[-1]
    day = max(day, last.on)  # paper received before the last change was published: no time has passed at all
    earliest = queries.earliest_next(limit, last.on)
    value_text = elapsed(last.on, day)
    measured = limit.get_measured_from_display()
    return limit_check(
        limit,
        key,
        title=title,
        passed=limits.holds(limit.comparator, (day - earliest).days, 0),
        message=f"间隔 {value_text}，{limits.wording(limit)}",
        value=(day - last.on).days,
        value_text=value_text,
        evidence=[f"上次 {last.case.number}，{full_day(last.on)} {measured}", f"本次 {full_day(day)}"],
        advice=way_out(limit, f"{full_day(earliest)} 起满足间隔，到时再申请"),
        anchor="explanation" if limit.strictness == Limit.Strictness.IN_PRINCIPLE else "operations",
    )


def elapsed(start: date, end: date) -> str:
    """Whole calendar months and the days left over, e.g. 5 个月 2 天."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if add_months(start, months) > end:
        months -= 1
    days = (end - add_months(start, months)).days
    return f"{months} 个月 {days} 天" if months else f"{days} 天"
