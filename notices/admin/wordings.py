"""The wording of documents: drafted by one, read on what was last announced, put in force by another."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path

from accounts import access
from cases.admin.office import OfficeAdmin, take
from cases.errors import Refused
from cities.models import Programme
from cities.permissions import CONFIRM_RULES, EDIT_RULES, VIEW_CASES
from notices import document, kinds, occasions, templates
from notices.models import NoticeTemplate
from records import clock, words
from records.answers import WRONG

NOT_YET = "〔年份〕×号"


class TemplateForm(forms.ModelForm):
    class Meta:
        model = NoticeTemplate
        fields = templates.SAYS
        widgets = {"body": forms.Textarea(attrs={"rows": 10}), "issuers": forms.TextInput}


class BeginForm(forms.Form):
    """Of which programme and kind a version is to be drafted."""

    programme = forms.ModelChoiceField(label="项目", queryset=Programme.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label="种类")

    def __init__(self, *args: Any, programmes: QuerySet[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]
        self.fields["kind"].choices = kinds.choices()  # type: ignore[attr-defined]


@admin.register(NoticeTemplate)
class NoticeTemplateAdmin(OfficeAdmin):
    programme_path = "programme"
    list_display = ("__str__", "programme", "standing", "title", "in_force_at")
    list_filter = ("standing",)
    list_select_related = ("programme__city",)

    def get_queryset(self, request: HttpRequest) -> Any:
        mine = access.programmes_for(request.user, VIEW_CASES) | self.edited(request)
        return NoticeTemplate.objects.filter(programme__in=mine)

    def edited(self, request: HttpRequest) -> QuerySet[Programme]:
        return access.programmes_for(request.user, EDIT_RULES)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or (
            obj is None and access.somewhere(request.user, EDIT_RULES)
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.edited(request).exists()

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "notices_noticetemplate"
        return [
            path("", wrap(self.changelist_view), name=f"{name}_changelist"),
            path("add/", wrap(self.begin_view), name=f"{name}_add"),
            path("<number:pk>/change/", wrap(self.template_view), name=f"{name}_change"),
            path("<number:pk>/put-in-force/", wrap(self.put_in_force_view), name=f"{name}_put_in_force"),
        ]

    def begin_view(self, request: HttpRequest) -> HttpResponse:
        """A draft begins as what is in force."""
        programmes = self.edited(request).select_related("city")
        if not programmes.exists():
            raise Http404
        form = BeginForm(request.POST or None, programmes=programmes)
        if request.method == "POST" and form.is_valid():
            programme, kind = form.cleaned_data["programme"], form.cleaned_data["kind"]
            draft = self._draft(request, programme, kind)
            if draft is not None:
                return redirect("admin:notices_noticetemplate_change", draft.pk)
            form.add_error("kind", "这个项目还没有发文机关。先在“发文机关”里设一个，再起草")
        status = WRONG if form.is_bound else 200
        return self.page(request, "admin/notices/begin.html", "起草文书样式", status=status, form=form)

    def _draft(self, request: HttpRequest, programme: Programme, kind: str) -> NoticeTemplate | None:
        open_draft = NoticeTemplate.objects.filter(
            programme=programme, kind=kind, standing=NoticeTemplate.Standing.DRAFT
        ).first()
        if open_draft:
            return open_draft
        before = templates.in_force(programme, kind)
        issuer = programme.city.issuers.first()
        if before is None and issuer is None:
            return None
        first = {
            "issuers": [issuer.key] if issuer else [],
            "title": "关于{单位}的公告",
            "body": "根据{办法}{条款}，",
        }
        says = {column: getattr(before, column) for column in templates.SAYS} if before else first
        return templates.draft(programme, kind, says, by=request.user, at=clock.now())

    def template_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        template = self.one_or_404(request, pk)
        if request.method != "POST":
            return self._show(request, template, self._form(request, template))
        access.programme_or_404(request.user, EDIT_RULES, pk=template.programme_id)
        form = TemplateForm(request.POST, instance=template)
        if template.standing == NoticeTemplate.Standing.DRAFT and form.is_valid():
            try:
                templates.draft(
                    template.programme, template.kind, form.cleaned_data, by=request.user, at=clock.now()
                )
            except Refused as refusal:
                take(form, refusal)
            else:
                messages.success(request, "已保存。下面是按最近一次公布的内容写出来的样子。")
                return redirect("admin:notices_noticetemplate_change", pk)
        return self._show(request, self.one_or_404(request, pk), form, status=WRONG)

    def put_in_force_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        template = self.one_or_404(request, pk)
        access.programme_or_404(request.user, CONFIRM_RULES, pk=template.programme_id)
        if request.method == "POST":
            try:
                templates.put_in_force(template, by=request.user, at=clock.now())
                messages.success(request, f"{template}已启用，以后的文书都用它；以前发出的不变。")
            except Refused as refusal:
                messages.error(request, refusal.message)
        return redirect("admin:notices_noticetemplate_change", pk)

    def _form(self, request: HttpRequest, template: NoticeTemplate) -> TemplateForm | None:
        is_draft = template.standing == NoticeTemplate.Standing.DRAFT
        may_edit = is_draft and access.may(request.user, EDIT_RULES, template.programme)
        return TemplateForm(instance=template) if may_edit else None

    def _show(
        self, request: HttpRequest, template: NoticeTemplate, form: TemplateForm | None, status: int = 200
    ) -> HttpResponse:
        kind, said = kinds.of(template.kind), occasions.preview(template, clock.now())
        issuers = templates.issuers_of(template)
        is_draft = template.standing == NoticeTemplate.Standing.DRAFT
        number = f"{issuers[0].number_word}{NOT_YET}" if template.letterhead else ""
        today = words.local_day(clock.now())
        context = {
            "wording": template,
            "form": form,
            "fields": kind.all_fields.items() if kind else (),
            "doc": said and document.sample(template, said, [one.name for one in issuers], today, number),
            "may_put_in_force": is_draft and access.may(request.user, CONFIRM_RULES, template.programme),
            "is_own": template.drafted_by == request.user,
        }
        return self.page(request, "admin/notices/template.html", str(template), status=status, **context)
