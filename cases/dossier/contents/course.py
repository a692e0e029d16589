"""How the case was judged and within which days."""

from collections.abc import Iterable
from typing import Any

from cases.checks import Check
from cases.deadlines import telling
from cases.dossier.hands import name_of
from cases.dossier.parts import Asked, Block, Facts, Heading, Part, Table, Text
from cases.meetings import meeting_words
from cases.models import Case, Deadline, Decision
from records import faces, words
from records.words import full_closes, full_day, second


def checks(case: Case, asked: Asked) -> Iterable[Part]:
    """Every run as it was kept, the first one first; nothing is asked again."""
    blocks: list[Block] = []
    for run in case.check_runs.order_by("at", "pk"):
        found = [Check.from_json(data) for data in run.checks]
        blocks += [
            Heading(f"{run.get_moment_display()}：{run.get_purpose_display()}"),
            Text(f"{second(run.at)}，{faces.tally(found) or '没有要查的'}", is_note=True),
        ]
        if found:
            blocks.append(Table(["查验", "结果", "情况", "条款"], [_check(one) for one in found]))
    if blocks:
        yield Part("查验", blocks)


def _check(one: Check) -> list[str]:
    return [
        one.title,
        faces.VERDICTS[one.state],
        "\n".join([one.message, *one.evidence, one.advice]).strip(),
        one.article,
    ]


def decisions(case: Case, asked: Asked) -> Iterable[Part]:
    blocks: list[Block] = []
    given = case.decisions.select_related("stage__article", "outcome", "by").order_by("at", "pk")
    if rows := [_decision(one) for one in given]:
        blocks.append(Table(["时间", "环节", "结果", "办理人", "意见"], rows))
    waived = case.waivers.select_related("limit__article", "by").order_by("at", "pk")
    if consents := [
        [second(one.at), str(one.limit), one.value_text, one.by.display_name, one.reason] for one in waived
    ]:
        blocks += [
            Heading("同意突破"),
            Table(["时间", "限制", "对多少有效", "同意人", "理由"], consents),
        ]
    if blocks:
        yield Part("办理意见", blocks)


def _decision(one: Decision) -> list[str]:
    held = {"met_on": one.met_on.isoformat(), "minutes": one.minutes} if one.met_on else {}
    said = words.lines(meeting_words(held), one.opinion)
    stage = f"{one.stage}（{one.stage.article.number}）"
    return [second(one.at), stage, str(one.outcome.label), one.by.display_name, said]


def deadlines(case: Case, asked: Asked) -> Iterable[Part]:
    rows = case.deadlines.select_related("stage", "case__stage").prefetch_related(
        "changes__by", "changes__deadline__stage"
    )
    blocks = [block for deadline in rows.order_by("started_at", "pk") for block in _deadline(deadline, case)]
    if blocks:
        yield Part("期限", blocks)


def _deadline(deadline: Deadline, case: Case) -> list[Block]:
    days = words.count(deadline.number, deadline.unit) if deadline.number else "由人指定最后一天"
    blocks: list[Block] = [
        Heading(deadline.stage.label),
        Facts(
            [
                ("依据", f"{deadline.article}，{days}"),
                ("由主管部门确定的依据", deadline.basis),
                ("起算时刻", second(deadline.started_at)),
                ("首日、截止", f"{full_day(deadline.opens_on)} 至 {full_closes(deadline.closes_at)}"),
                ("状态", deadline.get_state_display()),
                ("办结时间", second(deadline.done_at) if deadline.done_at else ""),
                ("日历", "含尚未公布的年份，暂定" if deadline.certainty != "official" else ""),
            ]
        ),
    ]
    if deadline.counted:
        blocks.append(Table(["日期", "星期", "怎样计", "说明"], counted(deadline)))
    if ledger := [_change(change) for change in deadline.changes.all()]:
        blocks += [Text("变动"), Table(["时间", "变动", "原因", "依据", "办理人"], ledger)]
    return blocks


def counted(span: Any) -> list[list[str]]:
    """The days one by one. `span` has counted, unit and closes_at."""
    strip = faces.day_strip(span.counted, None, span.unit, span.closes_at)
    return [[full_day(day.date), words.weekday(day.date), day.place, _why(day)] for day in strip]


def _why(day: faces.DayFace) -> str:
    """Its note mostly says already what its mark stands for."""
    return day.note if day.mark_words in day.note else "，".join(filter(None, [day.mark_words, day.note]))


def _change(change: Any) -> list[str]:
    return [
        second(change.at),
        telling.did(change),
        change.reason,
        telling.basis(change),
        name_of(change.by),
    ]
