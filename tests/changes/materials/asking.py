"""What these tests share."""

from typing import Any

from tests.conftest import PARTNERS

GUANGZHOU = "guangzhou-lead-units"

FRESH, OTHER, SHARED = (PARTNERS[key][0] for key in ("fresh", "other", "shared"))


def for_each_partner(content: dict[str, Any]) -> None:
    """A licence of each partner, and its audited accounts or its sealed statements."""
    rows: dict[str, dict[str, Any]] = {
        "licence": {"label": "营业执照"},
        "audit": {"label": "审计报告", "either_or": "accounts"},
        "sheets": {"label": "财务报表", "either_or": "accounts", "sealed": True},
    }
    common = {"article": "第十五条（一）", "need": "always", "per": "partner", "max_megabytes": 5}
    content["procedures"][0]["materials"] += [
        {"key": key, "file_kinds": ["pdf"], **common, **row} for key, row in rows.items()
    ]
