"""Who acts for an organisation: its own page."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access, grants, handing, invitations, keepers, letters, links, queries, roles
from accounts.errors import Refused
from accounts.forms import HandoverForm, InviteForm, ReasonForm
from accounts.landing import landing
from accounts.login import again
from accounts.models import Grant, Invitation, User
from providers.models import Organisation
from providers.permissions import MANAGE_MEMBERS, VIEW_OWN
from records import clock
from records.answers import WRONG


def _inviting(user: User, typed: dict[str, str]) -> again.Page:
    return again.Page("办事人员：邀请一个人", InviteForm(), "发送邀请")


@again.described_by(_inviting)
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest) -> HttpResponse:
    """Who acts for an organisation; its managers also invite, revoke and withdraw here."""
    mine = list(access.organisations_for(request.user, VIEW_OWN).order_by("name"))
    organisation = _chosen(request, mine)
    manages = access.may(request.user, MANAGE_MEMBERS, organisation)
    form = InviteForm(_posted(request))
    if request.method == "POST":
        if not manages:
            access.refuse_stranger()
        if form.is_valid() and _invited(request, organisation, form):
            return _to_members(organisation.pk)
    now = clock.now()
    pending = list(queries.pending_invitations(organisation, now)) if manages else []
    mail = letters.mail_of(pending)
    page = {
        "organisation": organisation,
        "organisations": mine,
        "manages": manages,
        "members": _members(organisation, now, by=access.acting(request) if manages else None),
        "invitations": [(offer, mail.get(offer.pk, "")) for offer in pending],
        "form": form,
    }
    return render(request, "accounts/members.html", page, status=WRONG if form.errors else 200)


def _members(organisation: Organisation, at: datetime, *, by: User | None) -> list[tuple[Grant, str]]:
    """Each with why it could not be withdrawn, for who manages them."""
    rows = queries.members_of(organisation, at)
    return [(held, keepers.why_not_withdrawn(held, at=at, by=by) if by else "") for held in rows]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_member(request: HttpRequest, pk: int) -> HttpResponse:
    held = access.one_or_404(_managed_grants(request.user), pk=pk)
    form = ReasonForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            grants.withdraw(
                held, at=clock.now(), by=access.acting(request), reason=form.cleaned_data["reason"]
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已收回 {held.user.display_name} 的{held.get_role_display()}授权。")
            if held.user == request.user:
                return redirect(landing(request.user))
            return _to_members(held.organisation_id)
    page = {"organisation": held.organisation, "grant": held, "form": form}
    return render(request, "accounts/withdraw_member.html", page, status=WRONG if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """A manager gives way to another, for whoever holds this very grant."""
    held = access.one_or_404(_managed_grants(request.user).filter(user=request.user.pk), pk=pk)
    organisation = held.organisation
    if organisation is None or held.role != roles.PROVIDER_MANAGER:
        access.refuse_stranger()
    members = list(queries.members_of(organisation, clock.now()))
    form = HandoverForm(_posted(request), held=members, by=access.acting(request))
    if request.method == "POST" and form.is_valid() and (told := handing.hand_over(request, form)):
        messages.success(request, told)
        is_still_there = access.may(request.user, VIEW_OWN, organisation)
        return _to_members(organisation.pk) if is_still_there else redirect(landing(request.user))
    page = {"organisation": organisation, "form": form}
    return render(request, "accounts/hand_over.html", page, status=WRONG if form.errors else 200)


@login_required
@require_POST
def revoke_invitation(request: HttpRequest, pk: str) -> HttpResponse:
    managed = access.organisations_for(request.user, MANAGE_MEMBERS)
    offer = access.one_or_404(
        Invitation.objects.filter(organisation__in=managed).select_related("organisation"), pk=pk
    )
    try:
        invitations.revoke(offer, at=clock.now(), by=access.acting(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已收回给 {offer.email} 的邀请，链接不能再用。")
    return _to_members(offer.organisation_id)


def _chosen(request: HttpRequest, mine: list[Organisation]) -> Organisation:
    """The one the address names, otherwise the first."""
    wanted = request.GET.get("organisation")
    fitting = [row for row in mine if wanted in (None, str(row.pk))]
    return fitting[0] if fitting else access.refuse_stranger()


def _invited(request: HttpRequest, organisation: Organisation, form: InviteForm) -> bool:
    base = links.base_url(request)
    try:
        offer, token = invitations.invite(
            organisation, **form.cleaned_data, by=access.acting(request), at=clock.now(), base_url=base
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, invitations.invited_words(offer, links.invitation(token, base)))
    return True


def _managed_grants(user: access.Person) -> QuerySet[Grant]:
    managed = access.organisations_for(user, MANAGE_MEMBERS)
    held = Grant.objects.active(clock.now()).filter(organisation__in=managed, role__in=roles.PROVIDER_ROLES)
    return held.select_related("user", "organisation")


def _to_members(organisation: int | None) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('my_members')}?organisation={organisation}")


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
