"""The office's pages of its documents: what waits and why, what is out; withdrawn, and the sealed copy kept, by who signs."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from accounts import access
from cases.admin.office import OfficeAdmin, ProgrammeFilter, take
from cases.errors import Refused
from cities.permissions import ISSUE_NOTICES
from notices import acts, again, document, kinds, lists, queries
from notices.handing import handed_out
from notices.models import Notice
from providers import listing
from records import clock
from records.answers import WRONG


class NoticeProgrammeFilter(ProgrammeFilter):
    path = "programme"


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="撤回的原因",
        help_text="公开的文书写在公开页上；只发给单位的写进撤回通知，查验的人也看得到",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=300,
        required=False,
    )


class SealedForm(forms.Form):
    scan = forms.FileField(
        label="盖章扫描件",
        help_text=f"盖好章的这一份扫描成 PDF，不超过 {acts.MOST_MEGABYTES} MB；能拿来查验，公开的文书也供下载",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={"required": "选扫描件", "empty": "这是空文件，重新选择"},
    )


class AgainForm(forms.Form):
    """A box for each field of the wording, under its own name."""

    def __init__(self, *args: Any, says: dict[str, str], meanings: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, text in says.items():
            self.fields[name] = forms.CharField(
                label=name,
                initial=text,
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 1 + len(text) // 40}),
                help_text=meanings.get(name, ""),
            )


def _said_on(notice: Notice) -> str:
    return "公开页上" if notice.is_public else "查验页上"


@admin.register(Notice)
class NoticeAdmin(OfficeAdmin):
    programme_path = "programme"
    list_display = ("number_or_code", "kind_title", "title", "project", "written_on", "standing", "pdf")
    list_display_links = ("number_or_code", "title")
    list_filter = (NoticeProgrammeFilter, "state")
    list_select_related = ("programme__city",)
    search_fields = ("number", "title", "code")
    change_list_template = "admin/notices/change_list.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return queries.marked(super().get_queryset(request)).defer("body", "attachments", "fonts")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        shown = {
            "progress": queries.progress(super().get_queryset(request)),
            "signs": access.somewhere(request.user, ISSUE_NOTICES),
        }
        return super().changelist_view(request, {**shown, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "notices_notice"
        return [
            path("", wrap(self.changelist_view), name=f"{name}_changelist"),
            path("list/", wrap(self.list_view), name=f"{name}_list"),
            path("<uuid:pk>/change/", wrap(self.document_view), name=f"{name}_change"),
            path("<uuid:pk>/file/", wrap(require_safe(self.file_view)), name=f"{name}_file"),
            path("<uuid:pk>/withdraw/", wrap(self.withdraw_view), name=f"{name}_withdraw"),
            path("<uuid:pk>/again/", wrap(self.again_view), name=f"{name}_again"),
            path("<uuid:pk>/sealed/", wrap(self.sealed_view), name=f"{name}_sealed"),
        ]

    @admin.display(description="文号", ordering="number")
    def number_or_code(self, notice: Notice) -> str:
        return notice.number or "（不编号）"

    @admin.display(description="种类", ordering="kind")
    def kind_title(self, notice: Notice) -> str:
        return notice.kind_title

    @admin.display(description="项目", ordering="programme")
    def project(self, notice: Notice) -> str:
        """Not as the column itself, which takes a whole line from the title."""
        return str(notice.programme)

    @admin.display(description="状态", ordering="state")
    def standing(self, notice: Notice) -> str:
        tag = render_to_string("notices/ended_tag.html", {"notice": notice})
        return tag if notice.state == Notice.State.WITHDRAWN else format_html("{}{}", notice.state_title, tag)

    @admin.display(description="文件")
    def pdf(self, notice: Notice) -> str:
        return render_to_string("admin/notices/file_link.html", {"notice": notice})

    def file_view(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        """Also what is not public: for who sees the cases of its programme."""
        return handed_out(self.one_or_404(request, pk), "file")

    def document_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        return self._show(request, self.one_or_404(request, pk), WithdrawForm(), SealedForm())

    def withdraw_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        notice = self._mine(request, pk)
        form = WithdrawForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                acts.withdraw(notice, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
            except Refused as refusal:
                take(form, refusal)
            else:
                messages.success(request, f"文书已撤回，{_said_on(notice)}写明原因，不再显示原文。")
        return self._answer(request, notice, form, form, SealedForm())

    def list_view(self, request: HttpRequest) -> HttpResponse:
        """The list of a programme as a document, by who signs for it."""
        mine, now, why = access.programmes_for(request.user, ISSUE_NOTICES), clock.now(), ""
        if not mine.exists():
            raise Http404
        if request.method == "POST":
            try:
                chosen = mine.filter(slug=request.POST.get("programme", "")).first()
                notice = lists.issue(chosen, by=request.user, at=now)
                messages.success(request, "名单公告已定下文号和内容，成文后公开。")
                return redirect("admin:notices_notice_change", notice.pk)
            except Refused as refusal:
                why = refusal.message
        rows = [
            (one, listing.view(one, now=now), lists.why_not(one, now)) for one in mine.select_related("city")
        ]
        context: dict[str, Any] = {"rows": rows, "why": why}
        status = WRONG if why else 200
        return self.page(request, "admin/notices/list.html", "发名单公告", status=status, **context)

    def again_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        notice = self._mine(request, pk)
        if why := again.why_not(notice):
            messages.error(request, why)
            return redirect("admin:notices_notice_change", notice.pk)
        kind = kinds.of(notice.kind)
        meanings = kind.all_fields if kind else {}
        form = AgainForm(request.POST or None, says=again.says(notice), meanings=meanings)
        if request.method == "POST" and form.is_valid():
            try:
                anew = again.issue(notice, form.cleaned_data, by=request.user, at=clock.now())
                messages.success(request, "已重新发，用新的文号，成文后公开；原来的一份写明见这一份。")
                return redirect("admin:notices_notice_change", anew.pk)
            except Refused as refusal:
                take(form, refusal)
        context: dict[str, Any] = {"notice": notice, "form": form}
        status = WRONG if form.is_bound else 200
        return self.page(request, "admin/notices/again.html", "重新发文", status=status, **context)

    def sealed_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        notice = self._mine(request, pk)
        form = SealedForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                acts.keep_sealed(notice, form.cleaned_data["scan"], by=request.user, at=clock.now())
            except Refused as refusal:
                take(form, refusal)
            else:
                messages.success(request, f"盖章扫描件已登记，{_said_on(notice)}可以查验。")
        return self._answer(request, notice, form, WithdrawForm(), form)

    def _mine(self, request: HttpRequest, pk: UUID) -> Notice:
        notice: Notice = self.one_or_404(request, pk)
        access.programme_or_404(request.user, ISSUE_NOTICES, pk=notice.programme_id)
        return notice

    def _answer(
        self, request: HttpRequest, notice: Notice, form: forms.Form, withdraw: Any, sealed: Any
    ) -> HttpResponse:
        if request.method != "POST" or not form.errors:
            return redirect("admin:notices_notice_change", notice.pk)
        return self._show(request, notice, withdraw, sealed, wrong=form, status=WRONG)

    def _show(
        self,
        request: HttpRequest,
        notice: Notice,
        withdraw: WithdrawForm,
        sealed: SealedForm,
        *,
        wrong: forms.Form | None = None,
        status: int = 200,
    ) -> HttpResponse:
        may_act = access.may(request.user, ISSUE_NOTICES, notice.programme)
        context = {
            "notice": notice,
            "doc": document.of(notice),
            "followers": queries.followers(notice),
            "is_public": notice.issued_at is not None,
            "withdraw": withdraw if may_act and notice.state != Notice.State.WITHDRAWN else None,
            "sealed": sealed if may_act and notice.state == Notice.State.ISSUED else None,
            "may_again": may_act and not again.why_not(notice),
            "wrong": wrong,
        }
        return self.page(request, "admin/notices/notice.html", notice.title, status=status, **context)
