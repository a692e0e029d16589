"""What a change of partners and catalogue is held against. Every number comes from a row, with its article."""

from collections.abc import Iterable
from datetime import date, datetime

from cases.checks import Check
from cases.models import Case
from changes import queries
from changes.queries import Filed, Standing
from cities import limits
from cities.calendar import add_months
from cities.models import Limit
from cities.queries import limits_of
from cities.rulebooks.describe import citation
from providers import snapshots
from providers.models import Registration
from providers.operations import ListOperation
from providers.queries import snapshot
from providers.snapshots import StaleOperation
from records.words import full_day


def filing_checks(case: Case, *, at: datetime) -> list[Check]:
    """How often and how soon after the last: asked of the day the application was filed."""
    rows = limits_of(case.procedure)
    touched = queries.subjects(queries.operations_of(case))
    day = queries.filing_day(case, at)
    found = []
    if limit := rows.get("changes_per_window"):
        found += [_allowance(case, limit, subject, day) for subject in _counted_apart(limit, touched)]
    if limit := rows.get("change_interval"):
        found += [_interval(case, limit, subject, day) for subject in _counted_apart(limit, touched)]
    return found


def state_checks(case: Case, *, at: datetime) -> list[Check]:
    """How the list would stand after the change; asked again whenever it might have moved."""
    rows = limits_of(case.procedure)
    operations = queries.operations_of(case)
    industries = dict(case.programme.industries.values_list("key", "name"))
    found = [_single(case), _fits(case, operations, at)]
    if limit := rows.get("partners_per_registration"):
        found.append(_size(case, limit, operations, at))
    joining = [operation for operation in operations if operation.action in queries.JOINING_ACTIONS]
    standing = queries.standings(case.programme, {operation.partner_code for operation in joining})
    for operation in joining:
        found += candidate_checks(case, operation, standing[operation.partner_code], rows, industries)
    return found


def candidate_checks(
    case: Case,
    operation: ListOperation,
    standing: Standing,
    rows: dict[str, Limit],
    industries: dict[str, str],
) -> list[Check]:
    """Whether an organisation may become a partner of this unit in this industry."""
    found = []
    if limit := rows.get("registrations_per_partner"):
        found.append(_spread(case, limit, operation, standing, industries[operation.industry]))
    if limit := rows.get("registrant_as_partner"):
        found.append(_not_a_registrant(case, limit, operation, standing))
    return found


def _counted_apart(limit: Limit, touched: Iterable[str]) -> list[str]:
    """One joint allowance, or one for each subject the change touches."""
    return [""] if limit.joint else list(touched)


SUBJECT_NAMES = {"": "", "partners": "（合作伙伴）", "catalogue": "（产品和服务目录）"}


def _touching(filed: Iterable[Filed], subject: str) -> list[Filed]:
    return [one for one in filed if not subject or subject in one.subjects]


def _allowance(case: Case, limit: Limit, subject: str, day: date) -> Check:
    counted = _touching(queries.earlier(_registration(case), case.procedure.key, limit, but=case), subject)
    start, end = queries.window_start(limit, day), queries.window_end(limit, day)
    used = [one for one in counted if start <= one.on <= end]
    value = len(used) + (0 if case.ordered and not limit.counts_ordered else 1)
    period = {"calendar_year": f"{day.year} 年", "rolling": "近十二个月"}.get(limit.window, "累计")
    return _limit_check(
        limit,
        f"changes_per_window{subject}",
        title=f"申请次数{SUBJECT_NAMES[subject]}",
        passed=limits.holds(limit.comparator, value, limit.number),
        message=f"{period}第 {value} 次申请，{limits.wording(limit)}",
        value=value,
        value_text=f"{value} 次",
        evidence=[f"第 {n} 次：{one.case.number}，{full_day(one.on)}" for n, one in enumerate(used, 1)],
        advice=_when_again(limit, day),
        anchor="operations",
    )


def _when_again(limit: Limit, day: date) -> str:
    if limit.window == Limit.Window.CALENDAR_YEAR:
        return f"{day.year + 1}年1月1日 起可以再申请"
    return "等前面的申请移出期间后再申请"


def _interval(case: Case, limit: Limit, subject: str, day: date) -> Check:
    counted = _touching(queries.earlier(_registration(case), case.procedure.key, limit, but=case), subject)
    key, title = f"change_interval{subject}", f"两次变更间隔{SUBJECT_NAMES[subject]}"
    if not counted:
        return _limit_check(limit, key, title=title, passed=True, message="此前没有变更过")
    last = counted[-1]
    earliest = queries.earliest_next(limit, last.on)
    value_text = elapsed(last.on, day)
    return _limit_check(
        limit,
        key,
        title=title,
        passed=limits.holds(limit.comparator, (day - earliest).days, 0),
        message=f"间隔 {value_text}，{limits.wording(limit)}",
        value=(day - last.on).days,
        value_text=value_text,
        evidence=[
            f"上次 {last.case.number}，{full_day(last.on)} {limit.get_measured_from_display()}",
            f"本次 {full_day(day)}",
        ],
        advice=f"{full_day(earliest)} 起满足间隔；在此之前申请，写明理由，由审定人决定",
        anchor="explanation",
    )


def elapsed(start: date, end: date) -> str:
    """Whole calendar months and the days left over, e.g. 5 个月 2 天."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if add_months(start, months) > end:
        months -= 1
    days = (end - add_months(start, months)).days
    return f"{months} 个月 {days} 天" if months else f"{days} 天"


def _single(case: Case) -> Check:
    """One change at a time for a unit, so that each is decided on the list it will change."""
    others = Case.objects.filter(
        registration=case.registration, procedure__key=case.procedure.key, status=Case.Status.OPEN
    ).exclude(pk=case.pk)
    other = others.select_related("stage").first()
    return Check(
        key="single",
        title="没有在办的同类申请",
        passed=other is None,
        message=f"{other.number} 正在办理（{other.stage}）" if other else "没有在办的同类申请",
        advice="等这件办结，或先撤回它，再提交" if other else "",
        anchor="operations",
    )


def _fits(case: Case, operations: list[ListOperation], at: datetime) -> Check:
    """Whether the list still is what the change takes it to be."""
    article, url = citation(case.procedure)
    try:
        snapshots.after(snapshot(_registration(case), at), operations)
    except StaleOperation as stale:
        message, passed = str(stale), False
    else:
        message, passed = "变更的内容与现行名单衔接", True
    base = f"底稿：{case.base_edition}" if case.base_edition else "底稿：尚无名单版本"
    return Check(
        key="fits",
        title="与现行名单衔接",
        passed=passed,
        message=message,
        article=article,
        article_url=url,
        evidence=[base],
        advice="" if passed else "按现行名单重新填写这一项",
        anchor="operations",
    )


def _size(case: Case, limit: Limit, operations: list[ListOperation], at: datetime) -> Check:
    now = snapshot(_registration(case), at)
    try:
        after = snapshots.after(now, operations)
    except StaleOperation:
        after = now  # `_fits` already says what is wrong
    before, value = _parties(now), _parties(after)
    return _limit_check(
        limit,
        "partners_per_registration",
        title="合作伙伴数量",
        passed=limits.holds(limit.comparator, value, limit.number),
        message=f"变更后 {value} 家，{limits.wording(limit)}",
        value=value,
        value_text=f"{value} 家",
        evidence=[f"现在 {before} 家；同一家在几个行业只计 1 家"],
        advice="减少新增，或写明理由，由审定人决定",
        anchor="explanation",
    )


def _parties(state: snapshots.Snapshot) -> int:
    return len({partner["code"] for partner in state["partners"]})


def _spread(case: Case, limit: Limit, operation: ListOperation, standing: Standing, industry: str) -> Check:
    within = limit.per == Limit.Per.PARTNER_INDUSTRY
    elsewhere = [place for place in standing.behind if place.registration_id != case.registration_id]
    others = sorted({place.unit for place in elsewhere if place.industry == operation.industry or not within})
    value = len(others) + 1
    passed = limits.holds(limit.comparator, value, limit.number)
    where = f"在{industry}行业" if within else "在各行业合计"
    term = case.programme.registrant_term
    message = (
        f"{operation.partner_name}{where}变更后是 {value} 家{term}的合作伙伴，{limits.wording(limit)}"
        if passed
        else f"不能新增{operation.partner_name}：{where}已是 {len(others)} 家{term}的合作伙伴，{limits.wording(limit)}"
    )
    return _limit_check(
        limit,
        f"registrations_per_partner:{operation.industry}:{operation.partner_code}",
        title=f"{operation.partner_name}：支持几家{term}",
        passed=passed,
        message=message,
        value=value,
        value_text=f"{value} 家",
        evidence=[f"现在：{'、'.join(others)}"] if others else ["现在没有支持别的单位"],
        advice="换一家或换一个行业" if within else "换一家",
        anchor=f"operation-{operation.industry}-{operation.partner_code}",
    )


def _not_a_registrant(case: Case, limit: Limit, operation: ListOperation, standing: Standing) -> Check:
    value = int(standing.is_registrant)
    term = case.programme.registrant_term
    is_or_not = "本身在" if standing.is_registrant else "不在"
    return _limit_check(
        limit,
        f"registrant_as_partner:{operation.partner_code}",
        title=f"{operation.partner_name}：是不是{term}",
        passed=limits.holds(limit.comparator, value, limit.number),
        message=f"{operation.partner_name}{is_or_not}{term}名单内，{term}不得作为其他{term}的合作伙伴"
        if value
        else f"{operation.partner_name}{is_or_not}{term}名单内",
        value=value,
        value_text="在名单内" if value else "不在名单内",
        advice="换一家" if value else "",
        anchor=f"operation-{operation.industry}-{operation.partner_code}",
    )


def _registration(case: Case) -> Registration:
    assert case.registration is not None
    return case.registration


def _limit_check(
    limit: Limit,
    key: str,
    *,
    title: str,
    passed: bool,
    message: str,
    value: int | None = None,
    value_text: str = "",
    evidence: list[str] | None = None,
    advice: str = "",
    anchor: str = "",
) -> Check:
    article, url = citation(limit)
    return Check(
        key=key,
        title=title,
        passed=passed,
        message=message,
        article=article,
        article_url=url,
        strictness=limit.strictness,
        limit_id=limit.pk,
        value=value,
        value_text=value_text,
        evidence=evidence or [],
        advice="" if passed else advice,
        anchor=anchor,
    )
