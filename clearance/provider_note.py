"""What a provider's pages say of a case while it is asked for an answer; before it has confirmed what asks it, they say less
(`clearance.receipts`)."""

from datetime import datetime

from django.urls import reverse

from cases.models import Case, Deadline
from cases.unit_notes import carrier
from clearance import queries
from records import words


class AnswerNote:
    asks = True

    def words(self, case: Case, deadline: Deadline | None, at: datetime) -> str:
        if case.waiting_for == "clerk":
            return "待单位确认收到"
        if going := carrier(case):
            return f"正由 {going} 办理（{going.stage}），发布以后由工作人员核对名单"
        last = f"，{words.full_closes(deadline.closes_at)} 前" if deadline else ""
        return f"等您单位{queries.asked_to(case)}{last}"

    def link(self, case: Case) -> tuple[str, str] | None:
        if going := carrier(case):
            return reverse("case", args=[going.pk]), f"看 {going}"
        if case.procedure.kind == queries.PARTNER_REMOVAL:
            return reverse("ordered_change", args=[case.pk]), "去变更"
        return reverse("answer", args=[case.pk]), "去答复"
