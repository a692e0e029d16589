"""What the portal does by a version of the rules, in one sentence for its page."""

from datetime import datetime

from django.utils import timezone

from cities.models import Rulebook
from records.words import full_day


def effect(rulebook: Rulebook, at: datetime) -> str:
    matters = f"{rulebook.programme.city}{rulebook.programme.name}的事项"
    if rulebook.is_in_force(at):
        return f"平台按下面的规则办理{matters}。"
    if rulebook.standing != Rulebook.Standing.PUBLISHED:
        return "这份文本没有效力，平台不据此办理任何事项。"
    begins = full_day(rulebook.begins)
    if timezone.localtime(at).date() < rulebook.begins:
        return f"从 {begins} 起，平台按下面的规则办理{matters}；在那以前不据此办理。"
    assert rulebook.effective_to is not None
    return f"存档：这一版从 {begins} 到 {full_day(rulebook.effective_to)}（含当日）有效，之后提交的事项不按它办理。"
