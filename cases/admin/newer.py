"""What the page of a case says where a newer version of the rules takes it over."""

from datetime import datetime
from typing import Any

from accounts import access
from cases.admin.repin import page_of
from cases.models import Case
from cases.versions import takers
from cities.permissions import DECIDE_CASES


class NewerVersionNote:
    template = "admin/cases/desk/newer_version.html"

    def context(self, case: Case, user: Any, at: datetime) -> dict[str, Any]:
        if case.status != Case.Status.OPEN or case.rulebook_id is None:
            return {}
        newer = takers(case.programme, at).get(case.rulebook_id)
        if newer is None:
            return {}
        may_move = access.may(user, DECIDE_CASES, case.programme)
        return {"newer": newer, "url": page_of(case.programme) if may_move else ""}
