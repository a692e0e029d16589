"""An opinion that was written when the log-in was over is shown with its case, and decided on the case's own page only."""

import pytest

from accounts.login import kept
from tests.accounts.login.kept_page import rows
from tests.cases.desk.page import url

pytestmark = pytest.mark.django_db
TYPED = {
    "action": "decide",
    "stage": "3",
    "since": "2026-09-17T02:30:00+00:00",
    "outcome": "support",
    "opinion": "材料齐全",
}


def shown(client, rf, user, case, **typed):
    kept.keep(rf.post(url(case), TYPED | typed), user)
    client.force_login(user)
    return client.get("/my/kept/").content.decode()


def test_opinion_is_shown_with_case_choice_and_button_and_is_not_sent(client, rf, verified_case, clerk):
    page = shown(client, rf, clerk, verified_case)
    outcome = verified_case.stage.outcomes.get(key="support")
    assert [value for _, value in rows(page)] == [outcome.label, "材料齐全"]
    assert str(verified_case) in page
    assert f'href="{url(verified_case)}"' in page
    assert kept.MARK not in page
    assert "2026-09-17T" not in page


@pytest.mark.parametrize("action", ["", "nothing"])
def test_opinion_without_a_form_of_today_is_still_there(action, client, rf, verified_case, clerk):
    page = shown(client, rf, clerk, verified_case, action=action)
    assert "材料齐全" in page
    assert str(verified_case) in page


def test_case_of_another_city_is_not_named(client, rf, verified_case, other_clerk):
    page = shown(client, rf, other_clerk, verified_case)
    assert "材料齐全" in page
    assert str(verified_case) not in page
