"""Rule rows in plain Chinese, for pages. `select_related` what a row names, or each costs a query."""

from functools import singledispatch

from django.urls import reverse

from cities import limits
from cities.models import (
    Category,
    CountingRule,
    Limit,
    Outcome,
    Procedure,
    Provision,
    RequiredMaterial,
    Rulebook,
    RuleRow,
    Stage,
)

UNITS = {"calendar": "个自然日", "working": "个工作日"}
FIRST_DAYS = {"same": "自当日起算", "next": "自次日起算", "next_working": "自次一工作日起算"}
UNREGULATED = "未规定期限"


def citation(row: RuleRow) -> tuple[str, str]:
    """The article a row rests on, and where this very version of it is shown."""
    return row.article.number, article_url(row.rulebook, row.article.number)


def article_url(rulebook: Rulebook, number: str) -> str:
    address = reverse("rulebook", args=[rulebook.programme.slug])
    return f"{address}?version={rulebook.version}#{anchor(number)}"


def anchor(number: str) -> str:
    return f"a-{number}"


@singledispatch
def describe(row: RuleRow) -> str:
    """One sentence that says what the row makes the portal do."""
    raise TypeError(f"no words for {type(row).__name__}")


@describe.register
def _counting_rule(row: CountingRule) -> str:
    hour = f"{row.closing_hour:%H:%M}" if row.closing_hour else "24:00"
    return (
        f"{row.get_unit_display()}，{FIRST_DAYS[row.first_day]}，{row.get_roll_display()}，末日 {hour} 截止"
    )


@describe.register
def _category(row: Category) -> str:
    return row.name


@describe.register
def _limit(row: Limit) -> str:
    parts = [row.get_per_display()]
    if row.window != Limit.Window.NONE:
        parts.append(row.get_window_display())
    sentence = f"{row.get_measure_display()}：{'，'.join(parts)}{limits.wording(row)}"
    remarks = [*_what_counts(row), f"{row.get_asked_display()}查"]
    return _in_own_terms(f"{sentence}（{'；'.join(remarks)}）", row)


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
    return row.title


@describe.register
def _stage(row: Stage) -> str:
    parts = [_span(row, silent=_silence(row))]
    if row.kind != "publicity" and row.actor != "system":
        parts.append(f"由{row.get_actor_display()}办理")
    if row.requires != Stage.Requires.ALWAYS:
        parts.append(row.get_requires_display())
    parts += ["不能与前面的经办人是同一人"] if row.four_eyes else []
    parts += ["可以重复"] if row.may_repeat else []
    parts += [f"在{row.get_channel_display()}", row.get_release_display()] if row.channel else []
    return f"{row.label}：{'，'.join(part for part in parts if part) or f'由{row.get_actor_display()}办理'}"


def _silence(row: Stage) -> str:
    """What a stage without a number of days says of itself; filing and publishing never have one to give."""
    if row.span_set_by_office:
        return "天数由专班确定"
    return UNREGULATED if row.kind not in ("submission", "publication") else ""


def _span(row: Stage | Outcome, *, silent: str = "") -> str:
    if row.span_number is None or row.counting_rule is None:
        return silent
    rule = row.counting_rule
    return f"{row.span_number} {UNITS[rule.unit]}，{FIRST_DAYS[rule.first_day]}，{rule.get_roll_display()}"


@describe.register
def _outcome(row: Outcome) -> str:
    onward = f"转“{row.next_stage.label}”" if row.next_stage else f"办结，{row.get_result_display()}"
    parts = [onward, _span(row)]
    parts += [row.get_effect_display()] if row.effect != Outcome.Effect.NONE else []
    parts += ["须写理由"] if row.needs_reason else []
    return f"{row.stage.label}“{row.label}”：{'，'.join(part for part in parts if part)}"


@describe.register
def _material(row: RequiredMaterial) -> str:
    parts: list[object] = [
        f"{row.get_need_display()}（{row.condition}）" if row.condition else row.get_need_display()
    ]
    parts += [row.get_per_display()] if row.per != RequiredMaterial.Per.APPLICATION else []
    parts += ["同组任选其一"] if row.either_or else []
    parts += ["须盖章"] if row.sealed else []
    parts += ["含个人信息，不公开"] if row.sensitive else []
    parts.append(f"{'、'.join(kind.upper() for kind in row.file_kinds)}，{row.max_megabytes} MB 以内")
    return f"{row.label}：{'，'.join(str(part) for part in parts)}"


@describe.register
def _provision(row: Provision) -> str:
    return row.summary


def _in_own_terms(text: str, row: RuleRow) -> str:
    programme = row.rulebook.programme
    return text.replace("合作伙伴", programme.partner_term or "合作伙伴").replace(
        "入库单位", programme.registrant_term
    )
