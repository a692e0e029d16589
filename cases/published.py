"""What is about to be shown to everybody goes through one gate (`records.personal.gate`)."""

from collections.abc import Mapping
from typing import Any

from cases.errors import Problem, Refused
from cases.models import Case
from records.personal import NO_DISCLOSURE, gate

# How the keys of what is filed and shown are called on its pages.
WORDS = {
    "reason": "变更原因",
    "explanation": "说明",
    "operations": "变更内容",
    "differences": "变更前后对照",
    "waivers": "同意突破的理由",
    "before": "变更前",
    "after": "变更后",
    "name": "名称",
    "code": "编码",
    "price": "价格",
    "summary": "说明",
    "note": "备注",
    "item_code": "编码",
    "item_name": "名称",
    "item_price": "价格",
    "item_summary": "说明",
    "partner_name": "单位全称",
    "leaving_name": "退出的单位",
}
# Not shown to everybody: what a person calls the files.
_UNSHOWN = frozenset({"materials"})


def refuse_personal(case: Case, what: Mapping[str, Any], advice: str) -> None:
    """Raises Refused with each place where a person's number stands; `advice` says what to do about it."""
    shown = {key: value for key, value in what.items() if key not in _UNSHOWN}
    if found := gate(shown, WORDS):
        problems = [Problem(_field(one.place), f"{one}。删去后再提交", NO_DISCLOSURE) for one in found]
        raise Refused(
            f"{case} 要公开的内容里有个人信息（{NO_DISCLOSURE}不得公开），{advice}", problems=problems
        )


def _field(place: str) -> str:
    return "reason" if place == WORDS["reason"] else "operations"
