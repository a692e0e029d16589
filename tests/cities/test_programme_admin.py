"""What an office keeps of its programme in the admin: when its providers are reminded."""

import pytest
from django.urls import reverse

from accounts import roles
from tests.conftest import office

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, programme, stopped_clock):
    client.force_login(office("editor", "方编辑", roles.RULEBOOK_EDITOR, programme))
    return client


def send(desk, programme, days, **other):
    """The form as it stands, with other days of reminders."""
    url = reverse("admin:cities_programme_change", args=[programme.pk])
    page = desk.get(url).context
    fields = {name: value for name, value in page["adminform"].form.initial.items() if value is not None}
    formset = page["inline_admin_formsets"][0].formset
    rows = {f"{formset.prefix}-{name}": count for name, count in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))}
    answer = desk.post(url, {**fields, **rows, "reminder_days": days, **other})
    programme.refresh_from_db()
    return answer


@pytest.mark.parametrize(("written", "kept"), [("[5, 2]", [5, 2]), ("[]", []), ("", [])])
def test_office_sets_on_which_days_its_providers_are_reminded(desk, programme, written, kept):
    assert send(desk, programme, written).status_code == 302
    assert programme.reminder_days == kept


@pytest.mark.parametrize("written", ["[1, 3]", "[3, 3]", "[0]", '["7"]', "7", '{"a": 1}', "七天"])
def test_days_that_do_not_fall_are_refused_with_what_was_typed(desk, programme, written):
    answer = send(desk, programme, written)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["reminder_days"]
    assert programme.reminder_days == [7, 3, 1]


def test_number_that_everybody_reads_is_an_offices(desk, programme):
    assert send(desk, programme, "[5]", objection_phone="0769-22831234").status_code == 302
    answer = send(desk, programme, "[5]", objection_phone="13812341234")
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["objection_phone"] == [
        "这里会公开，不能有手机号码（《个人信息保护法》第二十五条）。写单位的联系方式"
    ]
    assert programme.objection_phone == "0769-22831234"
