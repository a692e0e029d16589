"""How long sensitive files are kept after their case is closed: the office's decision, and nothing where there is none."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from cities import keys
from cities.models import OfficeDecision, RequiredMaterial, Rulebook, Stage
from cities.models.decision import KEEP_SENSITIVE
from records.words import full_day

SECTION, PLACE = "rulebook", ""
DAYS = "keep_days"


def first_row(rulebook: Rulebook) -> Any:
    """The first rule by which something sensitive comes in; None where none does."""
    rows: Any = RequiredMaterial.objects.filter(rulebook=rulebook, sensitive=True).select_related("article")
    if material := rows.order_by("article__order", "pk").first():
        return material
    asked = {key for key, told in keys.OBJECTION_FIELDS.items() if told.sensitive}
    stages = Stage.objects.filter(rulebook=rulebook, kind="publicity").select_related("article")
    found = (one for one in stages if asked & {*one.objection_required, *one.objection_optional})
    return next(found, None)


def binding(at: datetime) -> dict[int, OfficeDecision]:
    """By programme, the one that binds now."""
    day = timezone.localtime(at).date()
    rows = OfficeDecision.objects.filter(
        section=SECTION, place=PLACE, matter=KEEP_SENSITIVE, is_confirmed=True, settled_at__lte=at
    ).filter(effective_from__lte=day)
    return {one.programme_id: one for one in rows.order_by("effective_from", "settled_at", "pk")}


def days(decision: OfficeDecision) -> int:
    return int(decision.value[DAYS])


def sentence(decision: OfficeDecision) -> str:
    """As files and events cite it, without a name."""
    return f"办结后保存{decision.wording}，{full_day(decision.decided_on)} 确定，{decision.basis}"


def keep_value(number: int) -> tuple[dict[str, Any], str]:
    return {DAYS: number}, f" {number} 天"
