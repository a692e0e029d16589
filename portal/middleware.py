"""Which request is which, from the proxy's log to the last task that it started; what a browser is told with every answer; and what one page
reads, it reads once."""

import re
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from portal import logs
from records import personal, reads
from records.unseen import seen

HEADER = "X-Request-ID"
# Nothing of a visitor's machine is asked for, nothing of ours may be built into another site, and nothing of another into ours.
_UNUSED = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)
FENCES = {
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _UNUSED),
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_LOOKS_LIKE_ONE = re.compile(r"[0-9A-Za-z-]{16,64}")


def request_ids(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Django logs an answer of 4xx after the last middleware: so the id stays until the request is finished."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        request_id = _taken(request.headers.get(HEADER, "")) or uuid4().hex
        logs.enter(request_id)
        response = get_response(request)
        response.headers[HEADER] = request_id
        return response

    return answer


def fences(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """On every answer, also a redirect to https, a static file or an error."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in FENCES.items():
            response.headers[name] = value
        return response

    return answer


def nothing_kept(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """What was answered to somebody logged in is in no cache, nor behind the back button of whoever sits there next."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return answer


def reads_once(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """What a page only shows changes nothing: its roles and rules are read once for all that ask."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        with reads.kept():
            return get_response(request)

    return answer


class SeenOnly:
    """What somebody types holds no letter that cannot be seen or that turns the text around: a reason of such letters would be
    none, and a name with them would pass for another. After the token was looked at, which reads the form anyhow."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        if request.method != "POST" or all(
            value.isascii() for _, values in request.POST.lists() for value in values
        ):
            return
        typed = request.POST.copy()
        for name in filter(_is_words, request.POST):
            typed.setlist(name, [seen(str(one)) for one in request.POST.getlist(name)])
        request.POST = typed  # type: ignore[assignment]  # as Django sets it itself


def _is_words(name: str) -> bool:
    """A password is what it is."""
    return "password" not in name.lower()


FEEDS = ("application/xml", "application/atom+xml")


def nothing_personal(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """The last fence: what a form should have refused is masked where it is shown. Of a page that answers a form nothing is, for
    it gives back what was typed."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method in ("GET", "HEAD") and isinstance(response, HttpResponse) and _is_text(response):
            text = response.content.decode()
            kinds = personal.NOWHERE if request.user.is_authenticated else frozenset(personal.Kind)
            has_tags = response.headers["Content-Type"].startswith(("text/html", *FEEDS))
            bare = (personal.shown_in_page if has_tags else personal.shown)(text, kinds)
            if bare != text:
                response.content = bare.encode()
        return response

    return answer


def _is_text(response: HttpResponse) -> bool:
    kind = response.headers.get("Content-Type", "")
    return not response.streaming and kind.startswith(("text/html", "text/csv", "application/json", *FEEDS))


def _taken(given: str) -> str:
    """What stands in a header goes into every line: only what can be nothing but an id."""
    return given if _LOOKS_LIKE_ONE.fullmatch(given) and not personal.found_in(given) else ""
