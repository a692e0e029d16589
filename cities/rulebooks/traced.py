"""Whether every rule of the text has its place, and every one that data can decide a row that decides it."""

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
    elif rule.get("checkable") == "yes" and not rule.get("why_not") and all(map(_only_said, carriers)):
        draft.problems.add(
            rule.line,
            f"{rule.path}.why_not",
            "数据可以判断，却只写成了说明（应由限制、程序等执行，或写 why_not：为什么不由平台查验）",
        )


def _only_said(part: Part) -> bool:
    return isinstance(part, Row) and part.section.name == "provisions"
