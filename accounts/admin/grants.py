from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts import access, checks, derivation, grants, keepers, queries, roles
from accounts.admin import overview
from accounts.admin.base import ActingForm, KeptAdmin
from accounts.errors import Refused
from accounts.forms import ReasonForm
from accounts.models import Grant, User
from accounts.targets import TARGETS
from accounts.unfit import refuse_unfit
from cities.models import City, District, Programme
from records import clock, words
from records.answers import WRONG


class GrantForm(ActingForm):
    """Roles of the office; people of an organisation come by invitation."""

    username = forms.CharField(
        label="登录名",
        help_text="授给谁。还没有账号的，先在“人员”里建立",
        error_messages={"required": "写明登录名，不能留空"},
    )
    role = forms.ChoiceField(
        label="角色",
        choices=[
            ("", "—"),
            *((key, label) for key, label in roles.CHOICES if key not in roles.PROVIDER_ROLES),
        ],
        error_messages={"required": "选一个角色", "invalid_choice": "选列出的角色"},
    )
    target = forms.ChoiceField(
        label="对象",
        help_text="授在城市上的，对城市的各试点项目都有效",
        error_messages={"required": "选一个对象", "invalid_choice": "选列出的对象"},
    )
    last_day = forms.DateField(
        label="最后一天",
        required=False,
        help_text="到这一天 24:00 止，如 2026-12-31。空着为不定期",
        error_messages={"invalid": "日期写得不对，写成 2026-12-31 这样"},
    )

    class Meta:
        model = Grant
        fields = ("role", "reason")
        error_messages = {"reason": {"required": "写明授权的理由，不能留空"}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["target"]).choices = [("", "—"), *_targets(self.acting)]

    def clean_username(self) -> User:
        name = self.cleaned_data["username"].strip()
        person = User.objects.filter(username=name).first()
        if person is None:
            raise forms.ValidationError(f"没有登录名为“{name}”的账号。核对登录名，或先建立账号。")
        return person

    def clean_last_day(self) -> datetime | None:
        """The moment the grant ends: the midnight after that day."""
        day = self.cleaned_data["last_day"]
        return day and timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                refuse_unfit(**self.facts(), at=clock.now(), by=self.acting)
            except Refused as refusal:
                self.add_error(None, str(refusal))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What is granted, as `grants.grant` takes it."""
        word, _, pk = self.cleaned_data["target"].partition(":")
        return {
            "user": self.cleaned_data["username"],
            "role": self.cleaned_data["role"],
            "target": derivation.MODELS[word]._default_manager.get(pk=pk),
            "reason": self.cleaned_data["reason"],
            "ends_at": self.cleaned_data["last_day"],
        }


def _targets(user: User) -> list[tuple[str, list[tuple[str, str]]]]:
    cities = queries.governed_cities(user)
    rows: dict[str, models.QuerySet[Any]] = {
        "city": cities,
        "programme": Programme.objects.filter(city__in=cities).select_related("city"),
        "district": District.objects.filter(city__in=cities).select_related("city"),
    }
    return [
        (roles.TARGET_WORDS[word], [(f"{word}:{row.pk}", str(row)) for row in found])
        for word, found in rows.items()
    ]


class StandingFilter(admin.SimpleListFilter):
    title = "状态"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [("active", "有效"), ("over", "已结束")]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        active = Grant.objects.active(clock.now()).values("pk")
        if self.value() == "active":
            return queryset.filter(pk__in=active)
        return queryset.exclude(pk__in=active) if self.value() == "over" else queryset


class CityFilter(admin.SimpleListFilter):
    title = "城市"
    parameter_name = "in_city"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [(city.slug, city.name) for city in queries.governed_cities(request.user)]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        city = City.objects.filter(slug=self.value()).first()
        if city is None:
            return queryset
        inside = models.Q(city=city) | models.Q(district__city=city) | models.Q(programme__city=city)
        return queryset.filter(inside)


@admin.register(Grant)
class GrantAdmin(KeptAdmin):
    form = GrantForm
    add_words = "授权给一个人"
    change_form_template = "accounts/admin_grant.html"
    change_list_template = "accounts/admin_grants.html"
    list_display = ("user", "role", "on", "starts_at", "until", "standing", "by", "reason")
    list_filter = (StandingFilter, "role", CityFilter)
    list_select_related = ("user", "granted_by", "city", "district__city", "programme__city", "organisation")
    search_fields = ("user__username", "user__full_name", "organisation__name", "organisation__credit_code")
    ordering = ("-starts_at", "-pk")
    asked = ("username", "role", "target", "last_day", "reason")
    shown = (
        *("user", "role", "on", "standing", "starts_at", "until"),
        *("by", "reason", "ended_by", "end_reason"),
    )

    @admin.display(description="对象")
    def on(self, grant: Grant) -> str:
        return str(grant.target)

    @admin.display(description="状态")
    def standing(self, grant: Grant) -> str:
        if grant.is_active(clock.now()):
            return "有效"
        return "已收回" if grant.end_reason else "已到期"

    @admin.display(description="至", ordering="ends_at")
    def until(self, grant: Grant) -> str:
        if grant.ends_at is None:
            return "不定期"
        return words.full_moment(grant.ends_at) if grant.end_reason else words.full_closes(grant.ends_at)

    @admin.display(description="授予人", ordering="granted_by")
    def by(self, grant: Grant) -> str:
        return str(grant.granted_by or "系统")

    def has_view_permission(self, request: HttpRequest, obj: Grant | None = None) -> bool:
        return checks.may_ask_who_could(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return checks.administers_access(request.user)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Grant]:
        """Who reads the records reads them too."""
        found = queries.readable_grants(request.user)
        return found.select_related(*self.list_select_related).order_by(*self.ordering)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Grant:
        return grants.grant(**form.facts(), at=clock.now(), by=access.acting(request))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        now, governed = clock.now(), queries.governed_grants(request.user).filter(closed_at=None)
        standing = governed.exclude(ends_at__lte=now).select_related(*TARGETS, "user")
        held = standing.filter(pk=object_id).first() if object_id.isdecimal() else None
        why_not = keepers.why_not_withdrawn(held, at=now, by=access.acting(request)) if held else ""
        more = {**(extra_context or {}), "may_withdraw": held and not why_not, "why_not": why_not}
        return super().change_view(request, object_id, form_url, more)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("overview/", wrap(self.overview_view), name="accounts_grant_overview"),
            path("<sealed:pk>/withdraw/", wrap(self.withdraw_view), name="accounts_grant_withdraw"),
            *super().get_urls(),
        ]

    def overview_view(self, request: HttpRequest) -> HttpResponse:
        return overview.overview_page(self.admin_site, request)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return super().add_view(request, form_url, {**(extra_context or {}), "roles": overview.explained()})

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        held = access.one_or_404(queries.governed_grants(request.user).select_related(*TARGETS), pk=pk)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                grants.withdraw(
                    held, at=clock.now(), by=access.acting(request), reason=form.cleaned_data["reason"]
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return self._withdrawn(request, held)
        title = f"收回 {held.user} 的{held.get_role_display()}授权"
        page = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "grant": held,
            "form": form,
        }
        status = WRONG if form.errors else 200
        return TemplateResponse(request, "accounts/admin_withdraw.html", page, status=status)

    def _withdrawn(self, request: HttpRequest, held: Grant) -> HttpResponseRedirect:
        self.log_change(request, held, "收回授权")
        messages.success(request, f"已收回 {held.user} 的{held.get_role_display()}授权：{held.target}。")
        return redirect(reverse("admin:accounts_grant_change", args=[held.pk]))
