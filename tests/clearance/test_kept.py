"""What was typed when the log-in was over: shown under its labels, and nothing is filed by a click elsewhere."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.login import kept
from cases import steps as case_steps
from cases.models import Case
from cities.queries import procedure_in_force
from clearance.models import Answer
from tests.accounts.login.kept_page import rows, send_again
from tests.clearance.conftest import filed
from tests.conftest import NOW


@pytest.fixture
def keep(rf: Any, provider: Any, client: Any, stopped_clock: Any) -> Any:
    stopped_clock(NOW)
    client.force_login(provider)
    return lambda path, **typed: kept.keep(rf.post(path, typed), provider)


def shown(client: Any) -> str:
    return str(client.get("/my/kept/").content.decode())


@pytest.mark.parametrize("do", ["submit", "discard", "save"])
def test_application_to_leave_is_only_saved(
    keep: Any, client: Any, registration: Any, provider: Any, do: str
) -> None:
    row = procedure_in_force(registration.programme, "exit", NOW)
    assert row
    draft = case_steps.draft(row, registration, by=provider, at=NOW)
    keep(reverse("exit_request", args=[draft.pk]), do=do, facts="业务调整", acknowledged="on")

    page = shown(client)
    assert ("为什么退出", "业务调整") in rows(page)
    send_again(client, page)

    draft.refresh_from_db()
    assert (draft.status, draft.measure.facts) == (Case.Status.DRAFT, "业务调整")


def test_answer_is_shown_to_copy_and_sent_from_its_own_page_alone(
    keep: Any, client: Any, registration: Any, clerk: Any, decider: Any
) -> None:
    case = filed(registration, clerk, "ground_fraud")
    case_steps.decide(case, "hear", by=decider, at=NOW, named_day=NOW.date())
    keep(reverse("answer", args=[case.pk]), text="情况属实，已经改好")

    page = shown(client)
    assert rows(page) == [("答复", "情况属实，已经改好")]
    assert f"{case}：答复" in page
    assert kept.MARK not in page
    assert not Answer.objects.exists()
