from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError

from cities import decisions
from cities.calendar import SHANGHAI, CalendarMissing, Counting, SpanError
from cities.management.chinese import ChineseCommand, wrong_argument
from cities.management.questions import Question, as_json, as_text, to_last_day
from cities.models import CountingRule, Procedure, Programme, Stage
from cities.queries import rulebook_in_force
from records import words

STAGE_OPTIONS = {"programme": "--programme", "procedure": "--procedure", "stage": "--stage"}
RULE_OPTIONS = {"days": "--days", "unit": "--unit", "first_day": "--first-day", "roll": "--roll"}
ALLOWED = {
    "unit": CountingRule.Unit.values,
    "first_day": CountingRule.FirstDay.values,
    "roll": CountingRule.Roll.values,
}


class Command(ChineseCommand):
    help = "计算一个期限：起止、逐日和依据"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--programme", help="项目代码，与 --procedure、--stage 一起用")
        parser.add_argument("--procedure", help="程序代码")
        parser.add_argument("--stage", help="环节代码")
        parser.add_argument("--days", help="天数，与 --unit、--first-day、--roll 一起用")
        parser.add_argument("--unit", help="calendar（自然日）或 working（工作日）")
        parser.add_argument("--first-day", help="same（当日起算）、next（次日）或 next_working（次一工作日）")
        parser.add_argument(
            "--roll", help="none（最后一天不顺延，不写即是）、forward（顺延）或 backward（提前）"
        )
        parser.add_argument(
            "--from", dest="start", help="起算时刻，如 2026-09-28T10:00；用 --before 时是办理日"
        )
        parser.add_argument("--before", action="store_true", help="从办理日往回数：最晚哪天报告")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *, json: bool, **options: Any) -> None:
        question = _question(options)
        try:
            answer = question.answer()
        except SpanError as error:
            raise wrong_argument(str(error)) from error
        except OverflowError as error:
            raise wrong_argument(
                "算出的日期超出了公历的范围（0001 年到 9999 年）：改小 --days，或改 --from"
            ) from error
        except CalendarMissing as missing:
            if json:
                self.stdout.write(as_json(question, None))
            raise CommandError(str(missing)) from missing
        self.stdout.write(as_json(question, answer) if json else "\n".join(as_text(question, answer)))


def _question(options: dict[str, Any]) -> Question:
    of_stage = _given(STAGE_OPTIONS, options)
    of_rule = _given(RULE_OPTIONS, options)
    if of_stage and of_rule:
        raise wrong_argument(
            f"{'、'.join(of_stage)} 和 {'、'.join(of_rule)} 不能一起用：天数和算法要么取自规则，要么全部写明"
        )
    start = _moment(options["start"])
    if of_stage:
        return _stage_question(options, start)
    return _explicit_question(options, start)


def _given(names: dict[str, str], options: dict[str, Any]) -> list[str]:
    return [flag for name, flag in names.items() if options[name] is not None]


def _explicit_question(options: dict[str, Any], start: datetime) -> Question:
    if options["roll"] is None:
        options = {**options, "roll": CountingRule.Roll.NONE.value}
    _refuse_missing(RULE_OPTIONS, options)
    for name, allowed in ALLOWED.items():
        if options[name] not in allowed:
            raise wrong_argument(f"{RULE_OPTIONS[name]} 是“{options[name]}”，只能是 {'、'.join(allowed)}")
    rule = Counting(options["unit"], options["first_day"], options["roll"])
    return Question(_number(options["days"]), rule, start, options["before"])


def _stage_question(options: dict[str, Any], start: datetime) -> Question:
    _refuse_missing(STAGE_OPTIONS, options)
    row = _stage(options["programme"], options["procedure"], options["stage"], start)
    stage = decisions.settled(row, start)
    about: dict[str, Any] = {
        "article": stage.article.number,
        "about": f"{stage.rulebook.programme}，{stage.procedure}，{stage}（{stage.rulebook}）",
        "decided": decisions.words(stage),
    }
    if stage.last_day:
        if options["before"]:
            raise wrong_argument(f"“{stage}”有写明的最后一天，不往回数：去掉 --before")
        return to_last_day(stage.last_day, start, **about)
    if stage.span_number is None or stage.counting_rule is None:
        raise CommandError(_silence(stage))
    return Question(stage.span_number, stage.counting_rule, start, options["before"], **about)


def _silence(stage: Stage) -> str:
    sentence = (
        f"{stage.rulebook.programme}“{stage.procedure}”的“{stage}”没有期限：{stage.article.number}未规定"
    )
    if not stage.span_set_by_office:
        return sentence
    entered = "登记的决定还没有由另一人确认" if decisions.waiting(stage, "span") else "还没有登记决定"
    return f"{sentence}，由{stage.rulebook.programme.office_term}确定，{entered}"


def _stage(programme_slug: str, procedure_key: str, stage_key: str, at: datetime) -> Stage:
    programme = Programme.objects.select_related("city").filter(slug=programme_slug).first()
    if programme is None:
        raise _unknown("--programme", programme_slug, Programme.objects.values_list("slug", flat=True))
    rulebook = rulebook_in_force(programme, at)
    if rulebook is None:
        raise wrong_argument(f"{programme}在 {words.full_day(at)}没有现行规则：改 --from，或先载入规则")
    procedures = Procedure.objects.filter(rulebook=rulebook)
    procedure = procedures.filter(key=procedure_key).first()
    if procedure is None:
        raise _unknown("--procedure", procedure_key, procedures.values_list("key", flat=True))
    stages = Stage.objects.filter(procedure=procedure)
    whole = stages.select_related("article", "counting_rule", "procedure", "rulebook__programme__city")
    stage = whole.filter(key=stage_key).first()
    if stage is None:
        raise _unknown("--stage", stage_key, stages.values_list("key", flat=True))
    return stage


def _unknown(flag: str, value: str, known: Iterable[str]) -> CommandError:
    return wrong_argument(f"{flag} 没有“{value}”，现在有：{'、'.join(known) or '（一个也没有，先载入规则）'}")


def _refuse_missing(names: dict[str, str], options: dict[str, Any]) -> None:
    missing = [flag for name, flag in names.items() if options[name] is None]
    if missing:
        raise wrong_argument(
            f"缺少 {'、'.join(missing)}：写 --programme、--procedure、--stage，或写 --days、--unit、--first-day、--roll"
        )


def _number(written: str) -> int:
    # More digits than any number of days has, and int() would refuse the very long ones in English.
    if not (written.isascii() and written.isdigit() and len(written) <= 9):
        raise wrong_argument(f"--days 是“{written}”，要写成 5 这样的正整数")
    return int(written)


def _moment(written: str | None) -> datetime:
    """Without an offset the moment is meant in Shanghai."""
    if written is None:
        raise wrong_argument("缺少 --from：写起算时刻，如 --from 2026-09-28T10:00")
    try:
        moment = datetime.fromisoformat(written)
        return moment.astimezone(SHANGHAI) if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    except (ValueError, OverflowError) as error:
        raise wrong_argument(f"--from 是“{written}”，要写成 2026-09-28T10:00 或 2026-09-28") from error
