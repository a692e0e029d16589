"""Warnings, and the ways out of a list."""

from collections.abc import Callable

from cities.comparison import items
from cities.comparison.cells import FORCE, Line, by_procedure, cited, cites
from cities.comparison.facts import Facts
from cities.comparison.topics.publicity import shown_for
from cities.comparison.topics.topic import Group, Topic
from cities.comparison.words import limit_line, reached, span_line
from cities.models import GradeBand, Ground, Limit, Procedure
from cities.rulebooks.describe import consequence as consequence_of
from cities.rulebooks.describe import within

Consequence = Ground.Consequence


def _grounds(facts: Facts, consequence: str) -> list[Ground]:
    return [one for one in facts.of(Ground) if one.consequence == consequence]


def _how_many(consequence: str) -> Callable[[Facts], list[Line]]:
    """Counted by what follows, whichever procedure takes them up; what must follow first."""

    def answer(facts: Facts) -> list[Line]:
        groups: dict[str, list[Ground]] = {}
        for row in sorted(_grounds(facts, consequence), key=lambda one: one.force != Ground.Force.MUST):
            groups.setdefault(consequence_of(row), []).append(row)
        return [_tally(rows, follows) for follows, rows in groups.items()]

    return answer


def _tally(rows: list[Ground], follows: str) -> Line:
    tag = FORCE[Ground.Force(rows[0].force)]
    return Line(f"{items.count(rows)} 种情形", f"，{follows}", tag=tag, cites=cites(*rows))


def _bad_grades(consequence: str) -> Callable[[Facts], list[Line]]:
    def answer(facts: Facts) -> list[Line]:
        rows = [one for one in _grounds(facts, consequence) if one.detector == "grade"]
        return [_bad_grade(facts, one) for one in rows]

    return answer


def _bad_grade(facts: Facts, row: Ground) -> Line:
    band = next((one.label for one in facts.of(GradeBand) if one.key == row.grade), row.grade)
    follows = f"，{consequence_of(row)}"
    return cited(row, f"{reached(row)}“{band}”", follows, tag=FORCE[Ground.Force(row.force)])


def _other_counts(facts: Facts) -> list[Line]:
    rows = [one for one in _grounds(facts, Consequence.CLEARANCE) if one.detector != "grade"]
    return [
        cited(one, reached(one), about=one.get_detector_display(), tag=FORCE[Ground.Force(one.force)])
        for one in rows
        if one.number is not None
    ]


def _rectification(facts: Facts) -> list[Line]:
    return by_procedure(facts, ("sanction",), lambda one: map(span_line, facts.stages(one, "rectification")))


def _council(facts: Facts) -> list[Line]:
    def meetings(procedure: Procedure) -> list[Line]:
        found = [one for one in facts.stages(procedure, "review") if one.actor == "council"]
        return [cited(one, one.label) for one in found]

    return by_procedure(facts, ("clearance",), meetings)


def _announced(facts: Facts) -> list[Line]:
    """A list that changes silently is not announced: the stage has to carry out a rule of the text that says so."""

    def notices(procedure: Procedure) -> list[Line]:
        found = facts.stages(procedure, "publication")
        return [cited(one, one.label) for one in found if facts.carries_out(one, "publication")]

    return by_procedure(facts, ("clearance",), notices)


def _barred(row: Limit) -> str:
    heirs = "，承继者也不能" if row.per == Limit.Per.LINEAGE else ""
    return f"{within(row)}不能再申请{heirs}"


def _reentry(facts: Facts) -> list[Line]:
    titles = {one.key: one.title for one in facts.of(Procedure)}
    return [
        limit_line(facts, one, _barred(one), f"{'、'.join(titles.get(key, key) for key in one.after)}之后")
        for one in facts.limits("reentry_after_clearance")
    ]


GROUP = Group(
    "警示与退出",
    (
        Topic("退出前的警示", _how_many(Consequence.WARNING)),
        Topic("评价多差会警示", _bad_grades(Consequence.WARNING)),
        Topic("整改期限", _rectification),
        Topic("退出情形几种", _how_many(Consequence.CLEARANCE)),
        Topic("评价多差会退出", _bad_grades(Consequence.CLEARANCE)),
        Topic("按次数或月数退出的其他情形", _other_counts),
        Topic("退出前要不要会议审议", _council),
        Topic("退出前公示多久", shown_for("clearance")),
        Topic("退出后公告", _announced),
        Topic("退出后能否再申请", _reentry),
        Topic("责令取消合作的情形", _how_many(Consequence.PARTNER_REMOVAL)),
    ),
)
