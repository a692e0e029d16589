from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from accounts import access, checks, links, people, queries
from accounts.admin.base import ActingForm, KeptAdmin
from accounts.admin.same_person import accounts_page
from accounts.forms import USERNAME_HINT
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
                "invalid": "登录名里有不能用的字符，只用文字、数字和 @ . + - _",
            },
            "full_name": {"required": "写明姓名，不能留空"},
            "email": {"required": "写明邮箱，不能留空", "invalid": "邮箱写得不对，核对后重填"},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True

    def clean_username(self) -> str:
        name = self.cleaned_data["username"]
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
    shown = ("username", "full_name", "email", "is_active", "held", "date_joined", "last_login")
    alterable = ("full_name", "email", "is_active")

    @admin.display(description="现有授权")
    def held(self, person: User) -> str:
        active = Grant.objects.active(clock.now()).filter(user=person)
        rows = active.select_related("city", "district__city", "programme__city", "organisation")
        return "；".join(f"{row.target}：{row.get_role_display()}" for row in rows) or "没有"

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return checks.administers_access(request.user)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is None or not isinstance(request.user, User):
            return self.has_view_permission(request)
        return checks.may_alter_person(request.user, obj, clock.now())

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[User]:
        return queries.governed_people(request.user).order_by(*self.ordering)

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.accounts_view)
        return [path("<number:pk>/accounts/", page, name="accounts_user_accounts"), *super().get_urls()]

    def accounts_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return accounts_page(self.admin_site, request, pk)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return tuple(name for name in self.shown if name not in self.alterable) if obj else ()

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
