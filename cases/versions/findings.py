"""The checks of a case under two versions of its rules."""

from collections.abc import Iterator
from datetime import datetime

from cases import kinds
from cases.checks import Check
from cases.models import Case
from cases.versions.differences import Difference, Side
from cases.versions.rows import Line
from cities import limits
from cities.models import Limit
from records.faces import VERDICTS

NOT_CHECKED = "不查"


def changed_checks(case: Case, old: Line, other: Case, new: Line, at: datetime) -> Iterator[Difference]:
    """Those whose verdict or message differs between a case and itself under the other version."""
    was, now = asked(case, at), asked(other, at)
    for key in dict.fromkeys([*was, *now]):
        before, after = was.get(key), now.get(key)
        limit = _limit(after, new) or _limit(before, old)
        difference = Difference(
            f"查验：{(after or was[key]).title}",
            _side(before, old),
            _side(after, new),
            unnamed=f"查验：{limit.get_measure_display()}" if limit else "查验",
        )
        if difference.is_there:
            yield difference


def asked(case: Case, at: datetime) -> dict[str, Check]:
    """Both kinds of checks by their keys; those of filing as of the moment it was filed."""
    kind = kinds.of(case)
    filing = kind.filing_checks(case, at=case.submitted_at or at)
    return {check.key: check for check in [*filing, *kind.state_checks(case, at=at)]}


def _side(check: Check | None, line: Line) -> Side:
    if check is None:
        return Side(NOT_CHECKED)
    verdict, limit = VERDICTS[check.state], _limit(check, line)
    unnamed = f"{verdict}，{limits.wording(limit)}" if limit else verdict
    return Side(f"{verdict}：{check.message}", check.article, unnamed=unnamed)


def _limit(check: Check | None, line: Line) -> Limit | None:
    return line.limits.get(check.limit_id) if check else None
