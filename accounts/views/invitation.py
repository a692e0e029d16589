"""An offer to act for an organisation, taken up by who has its link."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import access, invitations
from accounts.errors import Refused
from accounts.forms import NewPersonForm
from accounts.landing import landing
from accounts.login import sessions
from accounts.models import Invitation, User
from records import clock
from records.answers import GONE, WRONG


@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever is logged in takes the offer up as that person; anybody else makes an account, or logs in first."""
    try:
        offer = invitations.find(token, clock.now())
    except Invitation.DoesNotExist:
        access.refuse_stranger()
    except Refused as over:
        return render(request, "accounts/invitation_over.html", {"why": over}, status=GONE)
    if isinstance(request.user, User):
        return _accept(request, offer, request.user)
    return _accept_as_new(request, offer)


def _accept(request: HttpRequest, offer: Invitation, user: User) -> HttpResponse:
    page: dict[str, Any] = {"invitation": offer}
    if request.method != "POST":
        return render(request, "accounts/invitation.html", page)
    try:
        invitations.accept(offer, user, at=clock.now())
    except Refused as refusal:
        errors = [{"href": "", "text": str(refusal)}]
        return render(request, "accounts/invitation.html", page | {"errors": errors}, status=WRONG)
    return _welcome(request, offer)


def _accept_as_new(request: HttpRequest, offer: Invitation) -> HttpResponse:
    form = NewPersonForm(_posted(request), instance=User(email=offer.email))
    page = {"invitation": offer, "form": form}
    if request.method != "POST":
        return render(request, "accounts/invitation.html", page)
    if form.is_valid():
        name, secret = form.cleaned_data["username"], form.cleaned_data["password1"]
        try:
            user = invitations.accept_as_new(
                offer,
                username=name,
                full_name=form.cleaned_data["full_name"],
                password=secret,
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            sessions.enter(request, user, second=False, at=clock.now())
            return _welcome(request, offer)
    return render(request, "accounts/invitation.html", page, status=WRONG)


def _welcome(request: HttpRequest, offer: Invitation) -> HttpResponse:
    messages.success(request, f"您已是 {offer.organisation} 的{offer.get_role_display()}。")
    return redirect(landing(request.user))


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
