"""How long the office has sensitive files kept."""

from cities import decisions
from cities.decisions import retention as decided
from cities.models.decision import KEEP_SENSITIVE
from tests.conftest import NOW, person


def decide(programme, days, moment=NOW):
    rulebook = programme.rulebooks.get()
    matter = next(one for one in decisions.matters(rulebook, moment) if one.name == KEEP_SENSITIVE)
    value, wording = decided.keep_value(days)
    number = f"{days}-{moment:%d%H%M}"
    made = decisions.propose(
        programme,
        matter,
        value=value,
        wording=wording,
        basis="示例纪要第 1 号",
        decided_on=moment.date(),
        effective_from=moment.date(),
        by=person(f"p{number}", "登记人"),
        at=moment,
    )
    return decisions.confirm(made, by=person(f"c{number}", "确认人"), at=moment)
