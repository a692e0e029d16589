"""Rule rows in plain Chinese, for pages. `select_related` what a row names, or each costs a query."""

import re
from functools import singledispatch

from django.urls import reverse

from cities import keys, limits
from cities.models import (
    Category,
    CitedRow,
    Condition,
    CountingRule,
    Dimension,
    EvaluationScheme,
    GradeBand,
    Ground,
    Limit,
    Outcome,
    Procedure,
    Provision,
    Quota,
    ReportingDuty,
    RequiredMaterial,
    Rulebook,
    RuleRow,
    Stage,
    TextRule,
)
from records.files import DEFAULT_PAGES
from records.reads import shared
from records.words import full_day

UNITS = {"calendar": "个自然日", "working": "个工作日", "month": "个月", "thirty": "个月（每月三十天）"}
FIRST_DAYS = {"same": "自当日起算", "next": "自次日起算", "next_working": "自次一工作日起算"}
UNREGULATED = "未规定期限"


def citation(row: CitedRow) -> tuple[str, str]:
    """The article a row rests on, and where this very version of it is shown."""
    return row.article.number, article_url(row.rulebook, row.article.number)


def article_url(rulebook: Rulebook, number: str) -> str:
    return f"{_page(rulebook.programme.slug)}?version={rulebook.version}#{anchor(number)}"


@shared
def _page(slug: str) -> str:
    """Every check of a round cites the same version; Django takes longer to find an address than most of them to be asked."""
    return reverse("rulebook", args=[slug])


def anchor(number: str) -> str:
    return f"a-{number}"


@singledispatch
def describe(row: CitedRow) -> str:
    """One sentence that says what the row makes the portal do."""
    raise TypeError(f"no words for {type(row).__name__}")


@describe.register
def _counting_rule(row: CountingRule) -> str:
    hour = f"{row.closing_hour:%H:%M}" if row.closing_hour else "24:00"
    return f"{row.get_unit_display()}，{FIRST_DAYS[row.first_day]}，{row.get_roll_display()}，最后一天 {hour} 截止"


@describe.register
def _text_rule(row: TextRule) -> str:
    return f"{row.key}：{row.get_kind_display()}，{row.get_checkable_display()}{f'（{row.why_not}）' if row.why_not else ''}"


@describe.register
def _category(row: Category) -> str:
    return row.name


@describe.register
def _limit(row: Limit) -> str:
    parts = [row.get_per_display()]
    if row.categories:
        parts.append(f"只限{'、'.join(_category_names(row))}")
    if row.after:
        parts.append(f"办结{'、'.join(_procedures_before(row))}之后")
    if row.window == Limit.Window.SPAN:
        parts.append(within(row))
    elif row.window != Limit.Window.NONE:
        parts.append(row.get_window_display())
    # 每个公历年不超过 is one phrase; 只限甲类 needs its pause before what follows.
    pause = "，" if row.window == Limit.Window.NONE and (row.categories or row.after) else ""
    sentence = f"{row.get_measure_display()}：{'，'.join(parts)}{pause}{_number(row)}"
    remarks = [*_what_counts(row), *_how_far(row), f"{_asked(row)}查"]
    return in_own_terms(f"{sentence}（{'；'.join(remarks)}）", row)


def within(row: Limit) -> str:
    """36 个月内; empty where the row sets no time."""
    if row.span_number is None or row.counting_rule is None:
        return ""
    return f"{row.span_number} {UNITS[row.counting_rule.unit]}内"


def _how_far(row: Limit) -> list[str]:
    rule = row.counting_rule
    counted = [f"{FIRST_DAYS[rule.first_day]}，{rule.get_roll_display()}"] if rule and row.span_number else []
    return counted + (["在别的项目退出的也计"] if row.elsewhere else [])


def _number(row: Limit) -> str:
    """None at all is said so: 累计一次也不能, not 累计不超过 0 次."""
    if (row.comparator, row.number) != (Limit.Comparator.AT_MOST, 0):
        return limits.wording(row)
    return limits.strictly(row, f"一{row.get_unit_display()}也不能")


def _asked(row: Limit) -> str:
    """Only a case that changes the list is shown and published."""
    changes_list = set(keys.LIMITS[row.measure].kinds) & set(keys.CHANGE_THE_LIST)
    if row.asked == Limit.Asked.STATE and not changes_list:
        return "提交和每次办理时"
    return row.get_asked_display()


def _category_names(row: Limit) -> list[str]:
    """From the rulebook's categories, which a page prefetches, as it does the procedures."""
    names = {category.key: category.name for category in row.rulebook.categorys.all()}
    return [names.get(key, key) for key in row.categories]


def _procedures_before(row: Limit) -> list[str]:
    titles = {procedure.key: procedure.title for procedure in row.rulebook.procedures.all()}
    return [titles.get(key, key) for key in row.after]


def _what_counts(row: Limit) -> list[str]:
    remarks = []
    if row.measured_from != Limit.MeasuredFrom.NONE:
        remarks.append(f"从上一次{row.get_measured_from_display()}量到这一次提交")
    if row.counts != Limit.Counts.NONE:
        remarks.append(f"计{row.get_counts_display()}{_with_or_without(row)}")
    return remarks


def _with_or_without(row: Limit) -> str:
    """Which applications are counted along, said only where the row counts applications."""
    if row.counts != Limit.Counts.SUBMITTED:
        return "，责令变更的也计" if row.counts_ordered else "，责令变更的不计"
    asked = {"未通过的": row.counts_refused, "撤回的": row.counts_withdrawn, "责令变更的": row.counts_ordered}
    along = "、".join(words for words, counted in asked.items() if counted)
    aside = "、".join(words for words, counted in asked.items() if not counted)
    return (f"，{along}也计" if along else "") + (f"，{aside}不计" if aside else "")


@describe.register
def _procedure(row: Procedure) -> str:
    windows = "、".join(written.replace("/", " 至 ") for written in row.review_windows)
    return f"{row.title}：每年 {windows} 收到的集中审核" if windows else row.title


@describe.register
def _stage(row: Stage) -> str:
    parts = [_span(row, silent=_silence(row)), extension(row)]
    if row.kind != "publicity" and row.actor != "system":
        parts.append(f"由{row.get_actor_display()}办理")
    if row.requires != Stage.Requires.ALWAYS:
        parts.append(row.get_requires_display())
    parts += ["不能与前面的经办人是同一人"] if row.four_eyes else []
    parts += ["可以重复"] if row.may_repeat else []
    parts += ["须有会议日期和纪要编号"] if row.actor == "council" else []
    parts += [f"在{row.get_channel_display()}", row.get_release_display()] if row.channel else []
    parts += _objections(row)
    told = "，".join(part for part in parts if part) or f"由{row.get_actor_display()}办理"
    return f"{row.label}：{in_own_terms(told, row)}"


def _objections(row: Stage) -> list[str]:
    """What may be raised and what must come with it, where the row says so."""
    titles = {key: told.title for key, told in keys.OBJECTION_FIELDS.items()} | keys.OBJECTION_KINDS
    columns = (row.objection_kinds, row.objection_required, row.objection_optional)
    # A draft may still hold a word that is none; the check before publication says so.
    kinds, must, may = ("、".join(titles.get(key, key) for key in column) for column in columns)
    days = f"{row.objection_days} {UNITS[row.objection_counting.unit]}" if row.objection_counting else ""
    said = {"收": kinds, "须有": must, "可附": may, "处理时限 ": days}
    return [f"{word}{value}" for word, value in said.items() if value]


def _silence(row: Stage) -> str:
    """What a stage without a number of days says of itself; filing and publishing never have one to give."""
    if row.last_day:
        return f"{full_day(row.last_day)} 24:00 截止"
    if row.span_set_by_office:
        return "天数未规定，由主管部门确定"
    return UNREGULATED if row.kind not in ("submission", "publication") else ""


def _span(row: Stage | Outcome | ReportingDuty, *, silent: str = "") -> str:
    if row.span_number is None or row.counting_rule is None:
        return silent
    rule = row.counting_rule
    return f"{row.span_number} {UNITS[rule.unit]}，{FIRST_DAYS[rule.first_day]}，{rule.get_roll_display()}"


def extension(row: Stage | Outcome) -> str:
    """How far the days may be extended; empty where the text lets nobody extend them."""
    if row.extend_by_most is None:
        return ""
    unit = UNITS[row.counting_rule.unit] if row.counting_rule else UNITS["calendar"]
    return f"可延长 {row.extend_times} 次，一次最多 {row.extend_by_most} {unit}"


@describe.register
def _outcome(row: Outcome) -> str:
    onward = f"转“{row.next_stage.label}”" if row.next_stage else f"办结，{row.get_result_display()}"
    parts = [onward, _span(row), extension(row)]
    parts += [row.get_effect_display()] if row.effect != Outcome.Effect.NONE else []
    parts += ["须写理由"] if row.needs_reason else []
    parts += ["须写明到哪一天"] if row.names_day else []
    parts += ["留下情形，另行立案"] if row.notes_ground else []
    return f"{row.stage.label}“{row.label}”：{'，'.join(part for part in parts if part)}"


@describe.register
def _material(row: RequiredMaterial) -> str:
    parts = [f"{row.asked}（{row.condition}）" if row.condition else row.asked]
    parts += [f"只限{row.category}"] if row.category else []
    parts += [f"至少 {row.at_least} 份"] if row.at_least > 1 else []
    parts += [in_own_terms(row.get_per_display(), row)] if row.per != RequiredMaterial.Per.APPLICATION else []
    parts += ["须盖章"] if row.sealed else []
    parts += ["含个人信息，不公开"] if row.sensitive else []
    parts.append(f"{'、'.join(kind.upper() for kind in row.file_kinds)}，{row.max_megabytes} MB 以内")
    parts += [f"{row.max_pages} 页以内"] if row.max_pages != DEFAULT_PAGES else []
    return f"{row.label}：{'，'.join(parts)}"


@describe.register
def _condition(row: Condition) -> str:
    parts: list[object] = [row.get_strictness_display(), row.get_judged_display()]
    parts += [f"{_held_against(row)} {row.unit}"] if row.number is not None else []
    parts += [f"只限{row.category}"] if row.category else []
    parts += [f"只对{row.only_for}"] if row.only_for else []
    parts += ["同组符合其一即可"] if row.either_or else []
    parts += [f"看最近 {row.lookback_months} 个月"] if row.lookback_months else []
    return f"{row.label}：{'，'.join(str(part) for part in parts)}"


@describe.register
def _quota(row: Quota) -> str:
    return f"{row.category}：{row.get_per_display()}拟 {row.at_least} 至 {row.at_most} 家，只显示，不拦"


@describe.register
def _scheme(row: EvaluationScheme) -> str:
    parts = [row.get_rhythm_display(), f"由{row.get_evaluator_display()}评价"]
    parts += [f"满分 {row.full_mark} 分"] if row.full_mark else []
    parts += [f"{row.pass_mark} 分达标"] if row.pass_mark else []
    parts += ["达标线未规定，由主管部门确定"] if row.pass_mark_set_by_office and not row.pass_mark else []
    parts += ["权重未规定，由主管部门确定"] if row.weights_set_by_office else []
    return in_own_terms(f"{row.label}：{'，'.join([*parts, row.get_results_display()])}", row)


@describe.register
def _dimension(row: Dimension) -> str:
    weight = f"权重 {row.weight}%" if row.weight else ""
    told = "，".join(part for part in (row.get_source_display(), weight) if part)
    return f"{row.label}：{in_own_terms(told, row)}"


@describe.register
def _band(row: GradeBand) -> str:
    return f"{row.label}：{_held_against(row)} 分" if row.number is not None else f"{row.label}：未规定分数"


@describe.register
def _ground(row: Ground) -> str:
    parts = [consequence(row), row.get_detector_display()]
    if row.number is not None:
        parts.append(
            f"{'' if row.window == Ground.Window.NONE else row.get_window_display()}{_held_against(row)}"
        )
    return f"{row.label}：{in_own_terms('，'.join(parts), row)}"


@describe.register
def _duty(row: ReportingDuty) -> str:
    by_office = "天数未规定，由主管部门确定" if row.span_set_by_office else "天数未规定"
    parts = [f"由{row.get_reporter_display()}报", f"{row.get_timing_display()} {_span(row)}".strip()]
    parts += [] if row.span_number else [by_office]
    parts += ["合作伙伴的也由其报"] if row.for_partners else []
    parts += [row.get_handling_display()] if row.handling != ReportingDuty.Handling.REPORT else []
    return f"{row.label}（{row.occasions}）：{in_own_terms('，'.join(parts), row)}"


def consequence(row: Ground) -> str:
    """What follows from a ground, in the text's own word: 应当清退, 可以取消资格."""
    return f"{row.get_force_display()}{row.term or in_own_terms(row.get_consequence_display(), row)}"


def _held_against(row: Condition | GradeBand | Ground) -> str:
    if (row.comparator, row.number) == (Limit.Comparator.AT_MOST, 0):
        return "不能有，即 0"
    return f"{row.get_comparator_display()} {row.number}"


@describe.register
def _provision(row: Provision) -> str:
    return row.summary


def in_own_terms(text: str, row: RuleRow) -> str:
    """A sentence of ours with the programme's words; a district's authority is not the programme's own."""
    programme = row.rulebook.programme
    own = {
        # A partner that leaves is not removed; what a unit applies for keeps its name.
        "(?<!合作伙伴)(?<!申请)退出": programme.clearance_term,
        "合作伙伴": programme.partner_term,
        "入库单位": programme.registrant_term,
        "(?<!区市)主管部门": programme.office_term,
        "警示": programme.warning_term,
    }
    for general, term in own.items():
        if term:
            text = re.sub(general, term, text)
    return text
