from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse

from accounts import access, addresses, checks, links, people, queries
from accounts.admin.base import ActingForm, KeptAdmin
from accounts.admin.same_person import accounts_page
from accounts.errors import Refused
from accounts.forms import USERNAME_HINT, USERNAME_INVALID, ReasonForm, refuse_look_alike
from accounts.login import second
from accounts.models import Grant, User
from records import clock


class PersonForm(ActingForm):
    """A person without a password: he sets one by the link he is sent."""

    class Meta:
        model = User
        fields = ("username", "full_name", "email")
        labels = {"username": "登录名", "email": "邮箱"}
        help_texts = {"username": USERNAME_HINT, "email": "设置密码的链接发到这里"}
        error_messages = {
            "username": {
                "required": "写明登录名，不能留空",
                "invalid": USERNAME_INVALID,
            },
            "full_name": {"required": "写明姓名，不能留空"},
            "email": {"required": "写明邮箱，不能留空", "invalid": "邮箱写得不对，核对后重填"},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True
        if self.instance.pk:
            self.fields["email"].help_text = addresses.hint()

    def clean_username(self) -> str:
        name = self.cleaned_data["username"]
        refuse_look_alike(name)
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError("这个登录名已有人用，换一个")
        return str(name)


@admin.register(User)
class PersonAdmin(KeptAdmin):
    """No flags, groups or passwords here: what a person may do is granted, a password is his own."""

    form = PersonForm
    change_form_template = "accounts/admin_person.html"
    list_display = ("username", "full_name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("username", "full_name", "email")
    ordering = ("username",)
    asked = ("username", "full_name", "email")
    shown = ("username", "full_name", "email", "is_active", "held", "second", "date_joined", "last_login")
    alterable = ("full_name", "email", "is_active")

    @admin.display(description="现有授权")
    def held(self, person: User) -> str:
        active = Grant.objects.active(clock.now()).filter(user=person)
        rows = active.select_related("city", "district__city", "programme__city", "organisation")
        return "；".join(f"{row.target}：{row.get_role_display()}" for row in rows) or "没有"

    @admin.display(description="两步登录")
    def second(self, person: User) -> str:
        return "已开启" if second.is_set(person) else "没有开启"

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return checks.administers_access(request.user)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is None or not isinstance(request.user, User):
            return self.has_view_permission(request)
        return checks.may_alter_person(request.user, obj, clock.now())

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[User]:
        return queries.governed_people(request.user).order_by(*self.ordering)

    def accounts_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return accounts_page(self.admin_site, request, pk)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return tuple(name for name in self.shown if name not in self.alterable) if obj else ()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        person = self.get_object(request, object_id)
        may = person and self.has_change_permission(request, person) and second.is_set(person)
        context = {**(extra_context or {}), "may_remove_second": may}
        return super().change_view(request, object_id, form_url, context)

    def get_urls(self) -> list[URLPattern]:
        pages = {"accounts": self.accounts_view, "second-factor": self.second_factor_view}
        own = [
            path(f"<number:pk>/{page}/", self.admin_site.admin_view(view), name=f"accounts_user_{key}")
            for page, view in pages.items()
            for key in [page.replace("-", "_")]
        ]
        return [*own, *super().get_urls()]

    def second_factor_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lets somebody in who has lost the device; never oneself."""
        person = access.one_or_404(self.get_queryset(request), pk=pk)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            reason, by = form.cleaned_data["reason"], access.acting(request)
            try:
                second.remove_for(person, reason=reason, at=clock.now(), by=by)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"已解除 {person.display_name} 的两步登录，信马上寄给本人。")
                return HttpResponseRedirect(reverse("admin:accounts_user_change", args=[person.pk]))
        title = f"解除 {person.display_name} 的两步登录"
        page = {**self.admin_site.each_context(request), "title": title, "person": person, "form": form}
        status = 422 if form.errors else 200
        return render(request, "accounts/admin_second_factor.html", page, status=status)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> User:
        if change:
            return people.alter(
                form.save(commit=False), form.changed_data, at=clock.now(), by=access.acting(request)
            )
        now = clock.now()
        person = people.create(**form.cleaned_data, at=now, by=access.acting(request))
        link = people.send_password_link(person, links.base_url(request), at=now)
        messages.success(
            request,
            f"设置密码的链接马上寄到 {person.email}。也可以把链接转给本人，只在这里显示这一次：{link}",
        )
        return person
