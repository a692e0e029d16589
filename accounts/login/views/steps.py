"""Logging in in two steps."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.errors import Refused
from accounts.landing import landing
from accounts.login import kept, new_codes, pending, sealing, second, sessions
from accounts.login.forms import CodeForm, Counted, LoginForm, SetUpForm
from accounts.models import User
from records import clock
from records.answers import TOO_MANY, WRONG

SECRET = "second_factor_secret"  # noqa: S105 -- where the session has it until a code of it was shown

CODES_GONE = "新的恢复码显示到按“存好了”为止，最多 10 分钟，现在看不到了。没有存下来的，再换一次新恢复码。"


@method_decorator(never_cache, name="dispatch")
class Login(LoginView):
    """The first step; whoever has a second factor is logged in by the second."""

    authentication_form = LoginForm

    def form_valid(self, form: Any) -> HttpResponse:
        user, onward = form.get_user(), self.get_redirect_url()
        if second.is_set(user):
            pending.begin(self.request, user, onward)
            return redirect("login_second")
        sessions.enter(self.request, user, second=False, at=clock.now())
        return HttpResponseRedirect(after_login(user, onward))

    def form_invalid(self, form: Any) -> HttpResponse:
        status = TOO_MANY if form.is_locked else 200
        return self.render_to_response(self.get_context_data(form=form), status=status)


def after_login(user: User, onward: str = "") -> str:
    """First what was typed when the last session was over; then where somebody wanted to go, or has work."""
    return reverse("kept_form") if kept.of(user) else onward or landing(user)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def login_second(request: HttpRequest) -> HttpResponse:
    waiting = pending.of(request)
    if waiting is None:
        return redirect("login")
    form = CodeForm(_posted(request), user=waiting.user, request=request)
    if not form.is_valid():
        return _asked(request, "accounts/login/second.html", form)
    sessions.enter(request, waiting.user, second=True, at=clock.now())
    pending.end(request)
    return HttpResponseRedirect(after_login(waiting.user, waiting.onward))


@never_cache
@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    user = access.acting(request)
    if second.is_set(user):
        return _already_set(request)
    secret = _secret(request)
    form = SetUpForm(_posted(request), user=user, request=request, secret=secret)
    page = {
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "picture": second.picture(user, secret),
        "is_required": second.is_required(user),
    }
    if not form.is_valid():
        return _asked(request, "accounts/login/set_up.html", form, **page)
    try:
        codes = second.set_up(
            user, secret, form.cleaned_data["code"], at=clock.now(), session=request.session.session_key
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("my_logins")
    del request.session[SECRET]
    request.session[sessions.SECOND] = True
    new_codes.keep(request, codes, are_first=True)
    return redirect("new_codes")


def _secret(request: HttpRequest) -> str:
    """The one that this session offers to scan."""
    if SECRET not in request.session:
        request.session[SECRET] = sealing.seal(second.new_secret())
    return sealing.unseal(request.session[SECRET])


def _already_set(request: HttpRequest) -> HttpResponse:
    """A session that began without the second step, of somebody who has it, is none."""
    if request.session.get(sessions.SECOND):
        return redirect("my_logins")
    logout(request)
    return redirect("login")


@never_cache
@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New ones, for whoever shows a code."""
    user = access.acting(request)
    if not second.is_set(user):
        return redirect("second_factor")
    form = CodeForm(_posted(request), user=user, request=request)
    if not form.is_valid():
        return _asked(request, "accounts/login/renew_codes.html", form)
    new_codes.keep(request, second.renew_recovery(user, at=clock.now()), are_first=False)
    return redirect("new_codes")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_codes(request: HttpRequest) -> HttpResponse:
    """What was just made, until a POST says that it is put away."""
    found = new_codes.of(request)
    if request.method == "POST":
        new_codes.put_away(request)
        return redirect(landing(request.user))
    if found is None:
        messages.info(request, CODES_GONE)
        return redirect("my_logins")
    return render(request, "accounts/login/recovery_codes.html", {"new": found})


@never_cache
@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest) -> HttpResponse:
    """For whoever shows a code; who must have a second factor sets it up anew at once."""
    user = access.acting(request)
    if not second.is_set(user):
        return redirect("second_factor")
    form = CodeForm(_posted(request), user=user, request=request)
    if not form.is_valid():
        return _asked(request, "accounts/login/remove.html", form, is_required=second.is_required(user))
    second.remove(user, at=clock.now())
    request.session[sessions.SECOND] = False
    messages.success(request, "两步登录已关闭。")
    return redirect("second_factor" if second.is_required(user) else "my_logins")


def _asked(request: HttpRequest, template: str, form: Counted, **page: Any) -> HttpResponse:
    status = 200 if not form.is_bound else TOO_MANY if form.is_locked else WRONG
    return render(request, template, {"form": form, **page}, status=status)


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
