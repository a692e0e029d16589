"""What the text says must be done can end otherwise only with a reason."""

import pytest

from cities.rulebooks.checks import check
from cities.rulebooks.draft import read_draft_bytes
from tests.conftest import RULEBOOK

HUANGSHI = RULEBOOK.with_name("huangshi-providers.yaml").read_text()
WARNING = "label: 情形不成立，不警告, role: refuse, needs_reason: true"
CLEARANCE = "label: 不予清退, role: refuse, needs_reason: true"
MUST = "procedure: clearance\n    consequence: clearance\n    force: {}"


@pytest.mark.parametrize(
    ("said", "force", "is_refused"),
    [(WARNING, "may", True), (CLEARANCE, "may", False), (CLEARANCE, "must", True)],
)
def test_must_is_not_done_only_with_a_reason(said: str, force: str, is_refused: bool) -> None:
    """Of the procedures whose grounds leave no choice alone; told at the line of the outcome."""
    bare = said.replace(", needs_reason: true", "")
    text = HUANGSHI.replace(said, bare).replace(MUST.format("may"), MUST.format(force), 1)
    assert bare in text
    draft, _ = read_draft_bytes(text.encode(), "changed.yaml")
    assert draft is not None
    check(draft)

    found = [(error.line, error.reason) for error in draft.problems.errors]
    line = next(n for n, one in enumerate(text.splitlines(), 1) if bare in one)
    expected = [(line, "条文写的是应当，不照办的要写明理由（应写 needs_reason: true）")]
    assert found == (expected if is_refused else [])
