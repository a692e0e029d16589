"""What these tests share."""

from typing import Any

from cases import steps
from cases.models import Case
from providers import districts
from providers.models import Registration
from tests.conftest import NOW
from tests.rulebooks import stage


def a_district(**fields: Any) -> Any:
    """The unit's district looks at an application before the clerk does; `after` puts it behind the clerk's desk."""
    after = fields.pop("after", "submit")

    def change(content: dict[str, Any]) -> None:
        content["city"]["districts"] = ["示例东区", "示例西区"]
        stages = content["procedures"][0]["stages"]
        before = stage(content, after)
        onward = before["outcomes"][0]
        stages.insert(stages.index(before) + 1, _desk(onward["next_stage"], fields))
        onward["next_stage"] = "district"

    return change


def _desk(next_stage: str, fields: dict[str, Any]) -> dict[str, Any]:
    ways: list[dict[str, Any]] = [
        {"key": "recommend", "label": "同意上报", "next_stage": next_stage},
        {
            "key": "return",
            "label": "退回补正",
            "role": "return",
            "needs_reason": True,
            "next_stage": "submit",
        },
        {"key": "reject", "label": "不同意", "role": "refuse", "needs_reason": True, "result": "refused"},
    ]
    return {
        "key": "district",
        "article": "第十五条（二）",
        "kind": "review",
        "label": "区市审核",
        "actor": "district_reviewer",
        "outcomes": [{**way, "article": "第十五条（二）"} for way in ways],
        **fields,
    }


def placed(unit: Registration, district: Any) -> Registration:
    districts.record(unit, district, by=None, at=NOW)
    return Registration.objects.get(pk=unit.pk)


def verified(case: Case, by: Any) -> Case:
    for material in case.materials.filter(replaced_at=None, seal_checked_at=None):
        steps.verify_seal(material, by=by, at=NOW)
    return case


def recommended(case: Case, reviewer: Any) -> Case:
    return steps.decide(verified(case, reviewer), "recommend", by=reviewer, at=NOW, opinion="属实")
