"""What somebody sees of his own log-ins, and what was typed when one was over."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from accounts.landing import landing
from accounts.login import again, kept, second, sessions
from accounts.models import LoginSession, SecondFactor
from records import clock


@never_cache
@login_required
@require_safe
def logins(request: HttpRequest) -> HttpResponse:
    user = access.acting(request)
    factor = SecondFactor.objects.filter(user=user).first()
    page = {
        "logins": [_shown(row, request) for row in sessions.current(user)],
        "factor": factor,
        "codes_left": len(factor.recovery_digests) if factor else 0,
        "is_required": second.is_required(user),
        "onward": landing(user),
    }
    return render(request, "accounts/login/logins.html", page)


@login_required
@require_POST
def end(request: HttpRequest, number: UUID) -> HttpResponse:
    if not sessions.end(access.acting(request), number, at=clock.now()):
        access.refuse_stranger()
    if not request.session.exists(request.session.session_key or ""):
        request.session.flush()  # it was this one
        return redirect("login")
    messages.success(request, "那个登录已退出。不是您本人登录的，再修改密码。")
    return redirect("my_logins")


@login_required
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    user = access.acting(request)
    key = request.session.session_key
    count = sessions.end_all(user, why="by_hand", at=clock.now(), by=user, but=key)
    told = f"已退出其他 {count} 个登录。" if count else "没有其他登录。"
    messages.success(request, told)
    return redirect("my_logins")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def kept_form(request: HttpRequest) -> HttpResponse:
    """Shows what was kept, to copy or to send again; a POST throws it away."""
    user = access.acting(request)
    if request.method == "POST":
        kept.drop(user)
        messages.success(request, "留着的内容已删去。")
        return redirect(landing(user))
    found = kept.of(user)
    if found is None:
        return redirect(landing(user))
    page = {
        "path": found.path,
        "shown": again.shown(user, found),
        "kept_at": sessions.shown(found.row.kept_at),
        "mark": kept.MARK,
    }
    return render(request, "accounts/login/kept.html", page)


def _shown(row: LoginSession, request: HttpRequest) -> dict[str, Any]:
    return {
        "number": row.number,
        "device": row.device,
        "address": row.address,
        "began_at": sessions.shown(row.began_at) if row.began_at else None,
        "seen_at": sessions.shown(row.seen_at),
        "is_this": row.session_key == request.session.session_key,
    }
