"""Between a request and its page: sessions that are too old end, who must have a second factor is led to it, and what was typed
when a session was over is kept."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from accounts.login import kept, second, sessions
from accounts.models import User
from records import clock
from records.answers import WRONG

OVER = "您的登录已到时间，自动退出了。重新登录后接着办。"
OVER_AND_KEPT = "您的登录已到时间，自动退出了。刚才填写的内容留着（不含文件），重新登录后接着办。"
ENDED_ELSEWHERE = "这次登录已在别处结束，刚才填写的内容没有保存。重新登录后再填。"
# Open to whoever has still to set it up; nothing else is.
BEFORE_SECOND = ("second_factor", "logout", "admin:logout", "large_type", "healthz", "readyz", "metrics")


def gate(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def answer(request: HttpRequest) -> HttpResponseBase:
        lapsed = _end_too_old(request)
        if _must_set_up(request):
            return HttpResponseRedirect(reverse("second_factor"))
        response = get_response(request)
        if _asks_to_log_in(request, response):
            _tell(request, lapsed)
        elif _sends_again(request, response) and isinstance(request.user, User):
            kept.drop(request.user)
        return response

    return answer


def _end_too_old(request: HttpRequest) -> User | None:
    """Whose session has just ended."""
    user = request.user
    if not isinstance(user, User) or not sessions.is_too_old(request):
        return None
    sessions.end_too_old(request, user, clock.now())
    request.user = AnonymousUser()
    return user


def _must_set_up(request: HttpRequest) -> bool:
    user = request.user
    if not isinstance(user, User) or not second.is_required(user) or request.session.get(sessions.SECOND):
        return False
    return request.path not in {reverse(name) for name in BEFORE_SECOND}


def _asks_to_log_in(request: HttpRequest, response: HttpResponseBase) -> bool:
    doors = (reverse("login"), reverse("admin:login"))
    where = response.headers.get("Location", "").partition("?")[0]
    return where in doors and not request.user.is_authenticated


def _tell(request: HttpRequest, lapsed: User | None) -> None:
    """Whose session it was, why the log-in is asked for again; what he had typed is kept."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    user = lapsed or sessions.whose(key)
    if user is not None and user.is_active:
        is_kept = request.method == "POST" and kept.keep(request, user)
        messages.info(request, OVER_AND_KEPT if is_kept else OVER)
    elif user is None and request.method == "POST" and key and sessions.is_gone(key):
        messages.warning(request, ENDED_ELSEWHERE)


def _sends_again(request: HttpRequest, response: HttpResponseBase) -> bool:
    """And the page has what was typed: it did it, or shows it with what is to be mended."""
    took = response.status_code < 400 or response.status_code == WRONG
    return took and request.method == "POST" and kept.MARK in request.POST
