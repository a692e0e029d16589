"""An upload whose sender goes away in the middle."""

import io
from pathlib import Path

import pytest
from django.test import RequestFactory
from django.urls import reverse

from portal.wsgi import application
from records.models import StoredFile
from tests.changes.conftest import upload

pytestmark = pytest.mark.django_db
TOKEN = "a" * 32


def send(client, draft, cut):
    """As a web server hands it over: the length that was promised, and what has come."""
    typed = {
        "reason": "打了很久的字",
        "csrfmiddlewaretoken": TOKEN,
        "do": "save",
        "material-application": upload(),
    }
    request = RequestFactory().post(reverse("change", args=[draft.pk]), typed)
    body, cookies = request.body, {"csrftoken": TOKEN, "sessionid": client.cookies["sessionid"].value}
    environ = {
        **request.environ,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "wsgi.input": io.BytesIO(body[: len(body) - cut]),
    }
    answers = []
    answer = application(environ, lambda status, headers, trouble=None: answers.append(status))
    answer.close()
    return answers[0][:3]


@pytest.mark.parametrize("cut", [1, 60, 200, 500])
def test_a_request_cut_off_leaves_nothing_and_the_same_again_is_taken(
    client, draft, provider, stopped_clock, settings, cut
):
    client.force_login(provider)
    assert send(client, draft, cut) in {"400", "403"}
    assert StoredFile.objects.count() == 0
    assert [path for path in Path(settings.PRIVATE_FILES_ROOT).rglob("*") if path.is_file()] == []
    assert send(client, draft, 0) == "302"
    assert draft.materials.get().key == "application"
    draft.partner_change.refresh_from_db()
    assert draft.partner_change.reason == "打了很久的字"


def test_a_file_that_cannot_be_filed_leaves_no_bytes(page, draft, settings, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the database went away")

    monkeypatch.setattr("changes.views.case_steps.add_material", fail)
    with pytest.raises(RuntimeError, match="went away"):
        page.press("save", reason="打了很久的字", **{"material-application": upload()})
    assert StoredFile.objects.count() == 0
    assert [path for path in Path(settings.PRIVATE_FILES_ROOT).rglob("*") if path.is_file()] == []
    draft.partner_change.refresh_from_db()
    assert draft.partner_change.reason == "打了很久的字"
