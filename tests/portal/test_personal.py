"""What slipped through is masked on the way out, and a report of an error holds nothing that anybody typed."""

from urllib.parse import quote

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.views.debug import get_exception_reporter_class

from accounts.models import User
from portal.middleware import nothing_personal
from providers.models import ListEdition, OrganisationProfile
from tests.records.personal import made

MOBILE, IDENTITY = "13812341234", made.identity(made.seeded(7))
# A report quotes the lines of the source, so these stand far from where it is made.
NAME, SESSION = "王标记", "secret-session"


BODY = f"<p>王某 {MOBILE} {IDENTITY} 0769-22831234</p>"


def answered(user, body=BODY, *, method="GET", kind="text/html; charset=utf-8"):
    request = RequestFactory().generic(method, "/")
    request.user = user
    return nothing_personal(lambda request: HttpResponse(body, content_type=kind))(request).content.decode()


@pytest.mark.parametrize(
    "kind",
    [
        "text/html; charset=utf-8",
        "text/csv; charset=utf-8",
        "application/json",
        "application/atom+xml; charset=utf-8",
    ],
)
def test_public_answer_shows_no_number_of_a_person(kind):
    assert answered(AnonymousUser(), kind=kind) == "<p>王某 138****1234 *** 0769-22831234</p>"


def test_desk_reaches_people_and_sees_no_identity_number():
    assert answered(User(username="lin")) == f"<p>王某 {MOBILE} *** 0769-22831234</p>"


def test_answer_to_a_form_and_what_is_no_text_stay_as_they_are():
    assert IDENTITY in answered(AnonymousUser(), method="POST")
    assert IDENTITY in answered(AnonymousUser(), kind="application/pdf")


@pytest.mark.django_db
def test_lists_and_their_export_show_none(client, edition, registration, programme):
    named = OrganisationProfile.objects.filter(organisation=registration.organisation_id)
    named.update(name=f"某某 {IDENTITY} {MOBILE}")
    ListEdition.objects.update(summary=f"导入 {IDENTITY}")
    for page in (f"/lists/{programme.slug}/", "/lists/", f"/lists/{programme.slug}/list.csv"):
        answer = client.get(page)
        text = (b"".join(answer) if answer.streaming else answer.content).decode()
        assert [number for number in (IDENTITY, MOBILE) if number in text] == []
    assert "某某 *** 138****1234" in text  # in the last one, the export


@pytest.mark.parametrize("debug", [True, False])
def test_report_of_an_error_holds_nothing_typed(debug, rf):
    typed = {"name": NAME, "contact": MOBILE, "matter": IDENTITY}
    request = rf.post(f"/publicity/x/object/?q={NAME}", typed, HTTP_COOKIE=f"sessionid={SESSION}")
    request.user = User(username="wang", full_name=NAME)
    try:
        held = request.POST["name"]
        raise ImproperlyConfigured(f"{IDENTITY} {MOBILE} wrong")
    except ImproperlyConfigured as error:
        with override_settings(DEBUG=debug):
            report = get_exception_reporter_class(request)(request, type(error), error, error.__traceback__)
            told = report.get_traceback_text() + report.get_traceback_html()

    assert held == NAME
    assert "ImproperlyConfigured" in told
    assert "test_personal.py" in told
    assert [one for one in (NAME, quote(NAME), MOBILE, IDENTITY, SESSION) if one in told] == []


@pytest.mark.parametrize(
    "markup",
    [
        '<svg viewBox="0 0 24 24"><path d="M6.343 17.657l-1.414-1.414 1.414 1.414 13800138000"/></svg>',
        '<a href="/cases/13800138000/">看</a>',
        '<input type="hidden" value="13800138000">',
    ],
)
def test_drawings_addresses_and_keys_of_a_page_stay_as_they_are(markup):
    assert answered(AnonymousUser(), f"<p>{markup}</p>") == f"<p>{markup}</p>"


def test_words_that_a_tag_has_for_people_are_masked():
    given = '<b title="电话 13800138000">13800138000</b>'
    assert answered(AnonymousUser(), given) == '<b title="电话 138****8000">138****8000</b>'
