"""What a provider's pages say of a case while it stands in publicity."""

from datetime import datetime

from django.urls import reverse

from cases.models import Case, Deadline
from publicity.stage import showing
from records import words


class ProviderNote:
    """Never who objected nor to what: the page is the one of the party complained of."""

    asks = False

    def words(self, case: Case, deadline: Deadline | None, at: datetime) -> str:
        if deadline is None:
            return "待开始公示" if case.waiting_for == "clerk" else ""
        days = f"公示期 {words.full_day(deadline.opens_on)} 至 {words.full_closes(deadline.closes_at)}"
        if deadline.state == Deadline.State.HELD:
            return f"{days}；收到异议，处理完以前不往下办"
        return f"{days}，已期满，等系统办理" if deadline.closes_at <= at else days

    def link(self, case: Case) -> tuple[str, str] | None:
        item = showing(case)
        return (reverse("period", args=[item.period_id]), f"看公示 {item.period}") if item else None
