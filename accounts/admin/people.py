from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse

from accounts import access, checks, links, people, queries
from accounts.admin.base import KeptAdmin
from accounts.admin.people_forms import AlterForm, NewForm
from accounts.admin.same_person import accounts_page
from accounts.errors import Refused
from accounts.forms import ReasonForm
from accounts.login import second, sessions
from accounts.models import Grant, User
from records import clock, words
from records.answers import WRONG
from records.lookups import OwnLookups


class InUse(admin.SimpleListFilter):
    title = "账号"
    parameter_name = "in_use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "在用"), ("no", "停用")]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        return queryset.filter(is_active=self.value() == "yes") if self.value() else queryset


class Works(admin.SimpleListFilter):
    title = "谁"
    parameter_name = "works"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("office", "工作人员"), ("unit", "单位的人和没有授权的人")]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        return queryset.filter(is_staff=self.value() == "office") if self.value() else queryset


@admin.register(User)
class PersonAdmin(KeptAdmin):
    """No flags, groups or passwords here: what a person may do is granted, a password is his own."""

    form = NewForm
    add_words = "建立账号"
    change_form_template = "accounts/admin_person.html"
    list_display = ("name", "full_name", "address", "in_use", "works", "last")
    list_filter = (InUse, Works)
    search_fields = ("username", "full_name", "email")
    ordering = ("username",)
    asked = ("username", "full_name", "email", "is_another")
    shown = (
        *("name", "full_name", "email", "is_another", "is_active", "reason"),
        *("held", "second", "entered", "last"),
    )
    read = ("name", "full_name", "address", "in_use", "held", "second", "entered", "last")
    alterable = ("full_name", "email", "is_another", "is_active", "reason")

    def title_of(self, obj: User) -> str:
        return f"{obj.display_name}（{obj.username}）"

    @admin.display(description="登录名", ordering="username")
    def name(self, person: User) -> str:
        return person.username

    @admin.display(description="邮箱", ordering="email")
    def address(self, person: User) -> str:
        return person.email

    @admin.display(description="在用", ordering="is_active", boolean=True)
    def in_use(self, person: User) -> bool:
        return person.is_active

    @admin.display(description="工作人员", ordering="is_staff", boolean=True)
    def works(self, person: User) -> bool:
        return person.is_staff

    @admin.display(description="建立时间", ordering="date_joined")
    def entered(self, person: User) -> str:
        return words.full_moment(person.date_joined)

    @admin.display(description="上次登录", ordering="last_login")
    def last(self, person: User) -> str:
        return words.full_moment(sessions.shown(person.last_login)) if person.last_login else "没有登录过"

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

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None or not self.has_change_permission(request, obj):
            return super().get_form(request, obj, change, **kwargs)
        form = OwnLookups.get_form(self, request, obj, change, form=AlterForm, **kwargs)
        return type(form.__name__, (form,), {"acting": request.user})

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        if obj is None or self.has_change_permission(request, obj):
            return super().get_fields(request, obj)
        return self.read

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        fields = self.get_fields(request, obj) if obj else ()
        return tuple(name for name in fields if name not in self.alterable or fields == self.read)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        person = self.get_object(request, object_id)
        is_set = person is not None and second.is_set(person)
        by = access.acting(request)
        why_not = second.why_not_removed(person, at=clock.now(), by=by) if person and is_set else ""
        context = {**(extra_context or {}), "may_remove_second": is_set and not why_not, "why_not": why_not}
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
        status = WRONG if form.errors else 200
        return render(request, "accounts/admin_second_factor.html", page, status=status)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> User:
        if change:
            changed = [name for name in form.changed_data if name in AlterForm.Meta.fields]
            reason = form.cleaned_data["reason"]
            return people.alter(
                form.save(commit=False), changed, at=clock.now(), by=access.acting(request), reason=reason
            )
        now = clock.now()
        facts = {name: form.cleaned_data[name] for name in NewForm.Meta.fields}
        person = people.create(**facts, at=now, by=access.acting(request))
        link = people.send_password_link(person, links.base_url(request), at=now)
        messages.success(
            request,
            f"设置密码的链接马上寄到 {person.email}。也可以把链接转给本人，只在这里显示这一次：{link}",
        )
        return person
