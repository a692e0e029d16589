"""A person's data in the admin: looked up, listed, corrected, handed over and, where the law lets it, erased."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts import access
from cases.errors import Refused
from records import clock
from records.answers import WRONG
from records.fields import LongText
from records.personal import copies, subjects
from records.personal.subjects import PersonalRefused, Subjects


def is_open_to(user: Any) -> bool:
    return any(kind.is_open_to(user) for kind in subjects.kinds())


def urls(site: Any) -> list[URLPattern]:
    one = "personal/<slug:kind>/<str:key>/"
    return [
        path("personal/", site.admin_view(LookUp.as_view()), name="personal"),
        path(one, site.admin_view(Person.as_view()), name="personal_one"),
        path(f"{one}export.json", site.admin_view(require_safe(export)), name="personal_export"),
    ]


class LookUpForm(forms.Form):
    kind = forms.ChoiceField(
        label="查谁",
        widget=forms.RadioSelect,
        error_messages={"required": "选查谁", "invalid_choice": "选列出的一种"},
    )
    text = forms.CharField(
        label="登录名、回执编号或邮箱",
        max_length=254,
        error_messages={"required": "写明登录名、回执编号或邮箱"},
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.found = user, None
        self.open = [kind for kind in subjects.kinds() if kind.is_open_to(user)]
        choices = [(kind.key, f"{kind.title}，按{kind.asked}查") for kind in self.open]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
        self.initial.setdefault("kind", choices[0][0] if choices else "")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = next((one for one in self.open if one.key == data.get("kind")), None)
        if kind and (text := data.get("text", "").strip()):
            self.found = kind.look_up(self.user, text)
            if self.found is None:
                self.add_error("text", f"没有查到。核对{kind.asked}；不归您管的，也查不到")
        return data


class EraseForm(forms.Form):
    reason = LongText(
        label="删除的原因",
        rows=2,
        max_length=200,
        help_text="写明谁要求删除或为什么不再需要，会留在记录里。不写姓名和联系方式，不超过 200 字",
        error_messages={
            "required": "写明删除的原因，不能留空",
            "max_length": "原因不超过 200 字，现在 %(show_value)d 字",
        },
    )
    sure = forms.BooleanField(
        label="我知道删除以后不能恢复", error_messages={"required": "勾选，确认删除以后不能恢复"}
    )


class CorrectForm(forms.Form):
    def __init__(self, *args: Any, asked: dict[str, forms.Field], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(asked)


class LookUp(View):
    """What is looked up is posted: an address would stay in the browser and in logs."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, LookUpForm(user=_reader(request)))

    @method_decorator(sensitive_post_parameters())
    def post(self, request: HttpRequest) -> HttpResponse:
        form = LookUpForm(request.POST, user=_reader(request))
        if form.is_valid() and form.found is not None:
            return HttpResponseRedirect(_address(form.cleaned_data["kind"], form.found))
        return self._page(request, form, WRONG)

    def _page(self, request: HttpRequest, form: LookUpForm, status: int = 200) -> HttpResponse:
        return _page(request, "lookup", "个人信息", {"form": form}, status)


class Person(View):
    def get(self, request: HttpRequest, kind: str, key: str) -> HttpResponse:
        who, subject = _found(request, kind, key)
        who.seen(subject, by=request.user, at=clock.now())
        return self._page(request, who, subject)

    @method_decorator(sensitive_post_parameters())
    def post(self, request: HttpRequest, kind: str, key: str) -> HttpResponse:
        who, subject = _found(request, kind, key)
        now, act = clock.now(), request.POST.get("act", "")
        if act not in ("correct", "erase") or not who.may_change(request.user, subject, now):
            raise Http404
        form = _forms(who, subject, request.POST)[act]
        if form.is_valid() and (done := self._do(request, who, subject, form, now)):
            return done
        return self._page(request, who, subject, {act: form}, WRONG)

    def _do(
        self, request: HttpRequest, who: Subjects, subject: Any, form: forms.Form, at: datetime
    ) -> HttpResponse | None:
        by = access.acting(request)
        try:
            if isinstance(form, EraseForm):
                who.erase(subject, reason=form.cleaned_data["reason"].strip(), by=by, at=at)
                messages.success(
                    request, f"{who.title}的个人信息已删除。记录里写着谁、什么时候、为什么删除。"
                )
                return HttpResponseRedirect(reverse("admin:personal"))
            changed = who.correct(subject, form.cleaned_data, by=by, at=at)
        except (PersonalRefused, Refused) as refusal:
            form.add_error(None, str(refusal))
            return None
        messages.success(request, f"已更正 {len(changed)} 项。" if changed else "和原来一样，没有更正。")
        return HttpResponseRedirect(request.path)

    def _page(
        self,
        request: HttpRequest,
        who: Subjects,
        subject: Any,
        forms_now: dict[str, forms.Form] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        now, held = clock.now(), who.held(subject, request.user)
        may_change = who.may_change(request.user, subject, now)
        shown = _forms(who, subject) | (forms_now or {}) if may_change else {}
        wrong = next((form for form in shown.values() if form.errors), None)
        facts = {
            "who": who,
            "held": held,
            "groups": copies.groups(held),
            "duties": copies.duties_of([(who, subject)], now),
            "may_change": may_change,
            "export": f"{request.path}export.json",
            "now": now,
            "wrong": wrong,
            **{f"{act}_form": form for act, form in shown.items()},
        }
        return _page(request, "person", f"{who.title}的个人信息", facts, status)


def export(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """What is held, for the person it is held about."""
    who, subject = _found(request, kind, key)
    now = clock.now()
    who.seen(subject, by=request.user, at=now)
    return copies.as_file([(who, subject)], by=request.user, at=now)


def _forms(who: Subjects, subject: Any, data: Any = None) -> dict[str, Any]:
    asked = who.fields(subject)
    correct = {"correct": CorrectForm(data, asked=asked, auto_id="correct-%s")} if asked else {}
    return {**correct, "erase": EraseForm(data, auto_id="erase-%s")}


def _reader(request: HttpRequest) -> Any:
    return request.user if is_open_to(request.user) else access.refuse_stranger()


def _found(request: HttpRequest, kind: str, key: str) -> tuple[Subjects, Any]:
    who = subjects.kind_of(kind)
    subject = who.get(request.user, key) if who and who.is_open_to(request.user) else None
    return (who, subject) if who and subject is not None else access.refuse_stranger()


def _address(kind: str, subject: Any) -> str:
    return reverse("admin:personal_one", args=[kind, str(subject.pk)])


def _page(
    request: HttpRequest, template: str, title: str, facts: dict[str, Any], status: int = 200
) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": title, **facts}
    return TemplateResponse(request, f"admin/portal/personal/{template}.html", context, status=status)
