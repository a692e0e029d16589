"""What the pages of the calendar and an adopted text say to who comes to them first."""

from django.urls import reverse

from accounts import roles
from accounts.grants import grant
from cities.rulebooks import adopting
from tests.conftest import NOW


def test_adopted_text_keeps_no_reading_about_the_text_for_comment():
    about_it = {"question": "征求意见期间，办法管不管用？", "reading": "不管用。"}
    of_it = {"question": "几天？", "reading": "十天。"}
    assert adopting.without_readings_of_comment([about_it, of_it]) == [of_it]


def test_years_and_days_of_the_calendar_lead_to_one_another_and_say_whose_they_are(
    client, programme, django_user_model
):
    editor = django_user_model.objects.create_user(
        "editor", email="e@example.com", full_name="桂规则", password="x", is_staff=True
    )
    grant(editor, roles.RULEBOOK_EDITOR, programme, at=NOW, by=None, reason="任职")
    client.force_login(editor)
    years = reverse("admin:cities_calendaryear_changelist")
    days = reverse("admin:cities_calendarday_changelist")
    assert f'href="{days}"' in client.get(years).text
    page = client.get(days).text
    assert f'href="{years}"' in page
    assert "对所有城市都算数" in page
