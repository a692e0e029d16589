"""Whether every rule of the text has its place, and every one that data can decide a row that decides it."""

from cities import keys
from cities.rulebooks.draft import Draft, Part, Row


def check_rules(draft: Draft) -> None:
    """A file without its list of rules cannot be traced, and is loaded all the same."""
    carriers: dict[str, list[Part]] = {}
    for part in (draft.rulebook, *draft.rows):
        for rule in part.get("rules") or []:
            carriers.setdefault(rule, []).append(part)
    for rule in draft.of("rules"):
        _placed(draft, rule, carriers.get(rule.key, []))


def _placed(draft: Draft, rule: Row, carriers: list[Part]) -> None:
    if not rule.key:
        return
    if not carriers:
        draft.problems.add(
            rule.line, rule.path, "没有一行执行它（应写进某一行的 rules，或加一条 provisions）"
        )
    elif (
        rule.get("checkable") == "yes"
        and not rule.get("why_not")
        and all(_only_said(draft, one) for one in carriers)
    ):
        draft.problems.add(
            rule.line, f"{rule.path}.why_not", f"数据可以判断，却只写成了说明{_expected(carriers)}"
        )


def _expected(carriers: list[Part]) -> str:
    """What would have it decided: a procedure that asks the row that is there, else a row that is no provision."""
    unasked = next((one for one in carriers if isinstance(one, Row) and _asked_in(one)), None)
    if unasked is None:
        return "（应由限制、程序等执行，或写 why_not：为什么不由平台查验）"
    kinds = "、".join(_asked_in(unasked))
    return f"：没有程序用到 {unasked.path}（应有 kind 是 {kinds} 的程序，或写 why_not：为什么不由平台查验）"


def _only_said(draft: Draft, part: Part) -> bool:
    """A provision, or a row that no procedure of the file asks."""
    if not isinstance(part, Row):
        return False
    asked_in = _asked_in(part)
    kinds = {str(row.get("kind")) for row in draft.of("procedures")}
    return part.section.name == "provisions" or bool(asked_in and kinds.isdisjoint(asked_in))


def _asked_in(row: Row) -> tuple[str, ...]:
    """The kinds of procedure that ask a row which names none."""
    if row.get("procedure_key"):
        return ()
    if row.section.name == "limits" and (measure := keys.LIMITS.get(str(row.get("measure")))):
        return measure.kinds
    if row.section.name == "duties":
        return (keys.reported_in(str(row.get("timing"))),)
    return ("entry",) if row.section.name == "categories" else ()
