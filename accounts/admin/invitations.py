from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST, require_safe

from accounts import access, checks, handing, invitations, letters, links, queries, roles
from accounts.admin.base import ActingForm, KeptAdmin
from accounts.errors import Refused
from accounts.forms import HandoverForm
from accounts.models import Handover, Invitation, User
from cities.permissions import INVITE_PROVIDERS, VIEW_RECORDS
from providers.models import Organisation, Registration
from records import clock, files
from records.answers import WRONG


class InvitationForm(ActingForm):
    """An organisation's manager; the manager invites everybody else."""

    credit_code = forms.CharField(
        label="统一社会信用代码",
        help_text="名单内的单位，18 位",
        error_messages={"required": "写明统一社会信用代码，不能留空"},
    )

    class Meta:
        model = Invitation
        fields = ("email",)
        error_messages = {"email": {"required": "写明邮箱，不能留空", "invalid": "邮箱写得不对，核对后重填"}}

    def clean_credit_code(self) -> Organisation:
        return invitable(self.cleaned_data["credit_code"], self.acting)


class FindForm(forms.Form):
    """Of which organisation; the same code and the same answer as for an invitation."""

    credit_code = forms.CharField(
        label="统一社会信用代码",
        help_text="名单内的单位，18 位",
        error_messages={"required": "写明统一社会信用代码，不能留空"},
    )

    def __init__(self, *args: Any, acting: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.acting = acting

    def clean_credit_code(self) -> Organisation:
        return invitable(self.cleaned_data["credit_code"], self.acting)


def invitable(code: str, acting: User) -> Organisation:
    code = code.strip().upper()
    organisation = Organisation.objects.filter(credit_code=code).first()
    if organisation is None or not checks.may_invite(acting, organisation, roles.PROVIDER_MANAGER):
        raise forms.ValidationError(
            f"{code} 不在您经办的试点项目名单内，不能邀请。核对代码，或先把单位记入名单。"
        )
    return organisation


@admin.register(Invitation)
class InvitationAdmin(KeptAdmin):
    form = InvitationForm
    add_words = "邀请单位管理员"
    change_list_template = "accounts/admin_invitations.html"
    change_form_template = "accounts/admin_invitation.html"
    list_display = ("organisation", "email", "role", "created_at", "expires_at", "standing", "invited_by")
    list_select_related = ("organisation", "invited_by", "accepted_by")
    search_fields = ("organisation__name", "organisation__credit_code", "email")
    asked = ("credit_code", "email")
    shown = (
        *("organisation", "email", "role", "standing", "mailed", "invited_by"),
        *("created_at", "expires_at", "accepted_at", "revoked_at"),
    )

    @admin.display(description="状态")
    def standing(self, invitation: Invitation) -> str:
        if invitation.accepted_at:
            return "已接受"
        if invitation.revoked_at:
            return "已收回"
        return "等对方接受" if invitation.expires_at > clock.now() else "已到期"

    @admin.display(description="邀请邮件")
    def mailed(self, invitation: Invitation) -> str:
        return letters.mail_of([invitation]).get(invitation.pk, "")

    def has_view_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return access.somewhere(request.user, INVITE_PROVIDERS)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Invitation]:
        """Offers to be a manager; whom the managers invite is the organisation's own business."""
        programmes = access.programmes_for(request.user, INVITE_PROVIDERS)
        standing = Registration.objects.current().filter(programme__in=programmes).values("organisation")
        found = Invitation.objects.filter(organisation__in=standing, role=roles.PROVIDER_MANAGER)
        return found.select_related(*self.list_select_related)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Invitation:
        base = links.base_url(request)
        facts = (form.cleaned_data["credit_code"], form.cleaned_data["email"], roles.PROVIDER_MANAGER)
        offer, token = invitations.invite(*facts, by=access.acting(request), at=clock.now(), base_url=base)
        messages.success(request, invitations.invited_words(offer, links.invitation(token, base)))
        return offer

    def response_add(
        self, request: HttpRequest, obj: Invitation, post_url_continue: str | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:accounts_invitation_change", args=[obj.pk]))

    def get_urls(self) -> list[URLPattern]:
        revoke = self.admin_site.admin_view(require_POST(self.revoke_view))
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:pk>/revoke/", revoke, name="accounts_invitation_revoke"),
            path("handover/", wrap(self.handover_view), name="accounts_invitation_handover"),
            path(
                "handover/<sealed:pk>/evidence/",
                wrap(require_safe(self.evidence_view)),
                name="accounts_handover_evidence",
            ),
            *super().get_urls(),
        ]

    def handover_view(self, request: HttpRequest) -> HttpResponse:
        """Where a manager has gone: another takes over, on the organisation's word."""
        if not self.has_view_permission(request):
            raise Http404
        find = FindForm(request.GET or None, acting=access.acting(request))
        organisation = find.cleaned_data["credit_code"] if find.is_valid() else None
        form = self._handover_form(request, organisation) if organisation else None
        if request.method == "POST" and form is None:
            raise Http404
        if (
            request.method == "POST"
            and form
            and form.is_valid()
            and (told := handing.hand_over(request, form))
        ):
            messages.success(request, told)
            return HttpResponseRedirect(reverse("admin:accounts_invitation_handover"))
        page = {
            **self.admin_site.each_context(request),
            "title": "更换单位管理员",
            "opts": self.opts,
            "find": find,
            "organisation": organisation,
            "form": form,
            "done": self._handovers(request)[:20],
            "back": reverse("admin:accounts_invitation_changelist"),
        }
        status = WRONG if find.errors or (form and form.errors) else 200
        return TemplateResponse(request, "accounts/admin_hand_over.html", page, status=status)

    def evidence_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        handover = access.one_or_404(self._handovers(request).exclude(evidence=None), pk=pk)
        assert handover.evidence is not None
        return files.download(handover.evidence)

    def _handover_form(self, request: HttpRequest, organisation: Organisation) -> HandoverForm:
        held = list(queries.members_of(organisation, clock.now(), in_use=False))
        given = (request.POST, request.FILES) if request.method == "POST" else ()
        return HandoverForm(*given, held=held, by=access.acting(request))

    def _handovers(self, request: HttpRequest) -> models.QuerySet[Handover]:
        """Those of organisations in whose programmes one invites managers, or reads the records."""
        mine = access.programmes_for(request.user, INVITE_PROVIDERS)
        read = access.programmes_for(request.user, VIEW_RECORDS)
        rows = Registration.objects.filter(models.Q(programme__in=mine) | models.Q(programme__in=read))
        found = Handover.objects.filter(organisation__in=rows.values("organisation"))
        return found.select_related("organisation", "old__user", "new__user", "by", "evidence").order_by(
            "-pk"
        )

    def revoke_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        offer = access.one_or_404(self.get_queryset(request), pk=pk)
        try:
            invitations.revoke(offer, at=clock.now(), by=access.acting(request))
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            self.log_change(request, offer, "收回邀请")
            messages.success(request, f"已收回给 {offer.email} 的邀请，链接不能再用。")
        return HttpResponseRedirect(reverse("admin:accounts_invitation_change", args=[offer.pk]))
