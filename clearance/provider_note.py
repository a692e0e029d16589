"""What a provider's pages say of a case while it is asked for an answer."""

from datetime import datetime

from django.urls import reverse

from cases.models import Case, Deadline
from cases.unit_notes import carrier
from clearance import queries, serving
from records import words


class AnswerNote:
    asks = True

    def words(self, case: Case, deadline: Deadline | None, at: datetime) -> str:
        if case.stage and case.stage.kind == serving.SERVES:
            return "打开通知并确认收到"
        if going := carrier(case):
            return f"正由 {going} 办理（{going.stage}），发布以后自动转核对"
        does = "变更名单" if case.procedure.kind == queries.PARTNER_REMOVAL else "答复"
        last = f"，{words.full_closes(deadline.closes_at)} 前" if deadline else ""
        if case.waiting_for == "provider":
            return f"等您单位{does}{last}"
        return f"先打开通知、确认收到，再{does}{last}"

    def link(self, case: Case) -> tuple[str, str] | None:
        if notice := serving.letter_of(case):
            return reverse("my_letter", args=[notice.pk]), "打开通知"
        if going := carrier(case):
            return reverse("case", args=[going.pk]), f"看 {going}"
        if case.procedure.kind == queries.PARTNER_REMOVAL:
            return reverse("ordered_change", args=[case.pk]), "去变更"
        return reverse("answer", args=[case.pk]), "去答复"
