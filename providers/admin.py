"""The registry as staff look at it. Nothing here writes: only `providers.registry` does, for `providers.districts` too, and
`providers.lineage`."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from cities.admin.held import programmes_held
from cities.holding import holds
from cities.models import Programme
from cities.permissions import HANDLE_CASES, VIEW_CASES
from providers import bars, course, districts, lineage, queries, terminations, wording
from providers.forms import LiftForm, LiftTerminationForm, SuccessionForm, TerminationForm
from providers.models import ListEdition, Organisation, Registration, Removal, Succession, Termination
from records import clock
from records.lookups import OwnLookups


def programmes_seen(user: Any) -> QuerySet[Programme]:
    """Those whose cases a person may see, on their own or through their city, as long as the grant lasts."""
    return programmes_held(user, VIEW_CASES)


class ReadOnlyAdmin(OwnLookups):
    """Seen by staff, as far as their programmes go; what lies outside them is not there, and who has none has no list."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        is_staff = request.user.is_active and request.user.is_staff
        return bool(is_staff and holds(request.user, VIEW_CASES))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        if not self.has_view_permission(request):
            raise Http404
        return super().changelist_view(request, extra_context)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """A stranger gets the same answer whether the row exists or not, whatever is asked of it."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found


class WithCourse(ReadOnlyAdmin):
    """With what has happened to it on the lists whose cases one may see."""

    change_form_template = "admin/providers/with_course.html"

    def registrations(self, request: HttpRequest, obj: Any) -> QuerySet[Registration]:
        raise NotImplementedError

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        row = self.get_object(request, object_id)
        shown = {"course": course.steps(list(self.registrations(request, row)))}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})


class RegistrationInline(admin.TabularInline):
    model = Registration
    fields = ("programme", "entered_on", "valid_from", "valid_to")
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Registration]:
        return super().get_queryset(request).filter(programme__in=programmes_seen(request.user))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Organisation)
class OrganisationAdmin(WithCourse):
    list_display = ["name", "credit_code"]
    search_fields = ["name", "credit_code"]
    fields = ["name", "credit_code", "code_override", "removals", "ended"]
    readonly_fields = ["removals", "ended"]
    inlines = [RegistrationInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        return super().get_queryset(request).filter(_known_to(programmes_seen(request.user)))

    def registrations(self, request: HttpRequest, obj: Any) -> QuerySet[Registration]:
        return obj.registrations.filter(programme__in=programmes_seen(request.user))

    @admin.display(description="退出记录（各项目）")
    def removals(self, organisation: Organisation) -> str:
        found = bars.removed([organisation], clock.now())[organisation.pk]
        stand = [wording.removal(removal, steps) for removal, steps in found]
        undone = [wording.removal(one, []) + wording.undone(one) for one in bars.undone(organisation)]
        return _lines([*stand, *undone])

    @admin.display(description="依法终止")
    def ended(self, organisation: Organisation) -> str:
        rows = organisation.terminations.order_by("recorded_at")
        told = _lines(map(terminations.told, rows))
        if rows.filter(lifted_at__isnull=True).exists():
            return told
        address = reverse("admin:providers_termination_add")
        add = format_html('<a href="{}?code={}">登记依法终止</a>', address, organisation.credit_code)
        return format_html("{} {}", told, add)


def _known_to(programmes: QuerySet[Programme]) -> Q:
    """Organisations that are units or partners of these programmes, now or once."""
    units = Registration.objects.filter(programme__in=programmes).values("organisation")
    behind = Organisation.objects.filter(partnerships__entry__registration__programme__in=programmes)
    return Q(pk__in=units) | Q(pk__in=behind.values("pk"))


def _lines(sentences: Iterable[str]) -> str:
    """One below the other."""
    return format_html_join(mark_safe("<br>"), "{}", ((one,) for one in sentences)) or "没有"


@admin.register(Registration)
class RegistrationAdmin(WithCourse):
    list_display = ["organisation", "programme", "district", "entered_on", "valid_from", "valid_to"]
    list_select_related = ["organisation", "programme__city", "district__city"]
    list_filter = [("valid_to", admin.EmptyFieldListFilter)]
    search_help_text = "单位或合作伙伴的名称、代码"
    search_fields = [
        *("organisation__name", "organisation__credit_code"),
        *("entries__partnerships__organisation__name", "entries__partnerships__organisation__credit_code"),
    ]
    readonly_fields = [
        *("organisation", "programme", "entered_on", "valid_from", "valid_to", "recorded_at"),
        *("removed", "barred", "elsewhere"),
    ]
    fields = [*readonly_fields[:3], "district", *readonly_fields[3:]]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Registration]:
        return super().get_queryset(request).filter(programme__in=programmes_seen(request.user))

    def registrations(self, request: HttpRequest, obj: Any) -> QuerySet[Registration]:
        return Registration.objects.filter(pk__in=queries.standing_of(obj))

    @admin.display(description="移出")
    def removed(self, registration: Registration) -> str:
        """Of this row and of what it goes on from."""
        rows = Removal.objects.filter(registration__in=queries.standing_of(registration)).order_by("at", "pk")
        related = ("registration__organisation", "registration__programme__city", "procedure")
        found = rows.select_related(*related)
        return _lines(wording.removal(one, []) + wording.undone(one) for one in found)

    @admin.display(description="禁止再次申请")
    def barred(self, registration: Registration) -> str:
        unit, programme = registration.organisation, registration.programme
        found = bars.standing([unit], programme, clock.now())[unit.pk]
        return _lines(f"{wording.bar(one)}（{one.limit.article}）" for one in found)

    @admin.display(description="在其他项目的退出")
    def elsewhere(self, registration: Registration) -> str:
        found = bars.elsewhere(registration.organisation, registration.programme, clock.now())
        return _lines(map(wording.elsewhere, found))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A clerk says to which of the city's districts a unit on the list belongs; nothing else is changed here."""
        if not isinstance(obj, Registration) or obj.valid_to is not None:
            return False
        handled = programmes_held(request.user, HANDLE_CASES).filter(city__districts__isnull=False)
        return handled.filter(pk=obj.programme_id).exists()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        field = form.base_fields.get("district")
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = obj.programme.city.districts.order_by("pk")
        return form

    def save_model(self, request: HttpRequest, obj: Registration, form: Any, change: bool) -> None:
        districts.record(obj, obj.district, by=request.user, at=clock.now())


@admin.register(ListEdition)
class ListEditionAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "programme", "published_at", "kind", "summary"]
    list_select_related = ["programme__city"]
    list_filter = ["kind"]
    fields = ["programme", "number", "published_at", "kind", "summary", "digest"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ListEdition]:
        return (
            super().get_queryset(request).filter(programme__in=programmes_seen(request.user)).defer("changes")
        )

    def view_on_site(self, obj: ListEdition) -> str:
        return reverse("edition", args=[obj.programme.slug, obj.number])


class RecordedAdmin(ReadOnlyAdmin):
    """What a clerk records with its evidence; what was recorded in error is lifted with its reason."""

    asked: tuple[str, ...]
    shown: tuple[str, ...]
    own_forms: tuple[type[forms.ModelForm], type[forms.ModelForm]]  # to record it, to lift it

    def within(self, programmes: QuerySet[Programme]) -> Q:
        """Which rows are these programmes' own."""
        raise NotImplementedError

    def record(self, form: Any, **facts: Any) -> Model:
        raise NotImplementedError

    def lift(self, row: Any, **facts: Any) -> None:
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(self.within(programmes_seen(request.user)))

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        is_staff = request.user.is_active and request.user.is_staff
        return bool(is_staff and holds(request.user, HANDLE_CASES))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None or obj.lifted_at is not None:
            return False
        handled = self.within(programmes_held(request.user, HANDLE_CASES))
        return bool(self.model._default_manager.filter(handled, pk=obj.pk).exists())

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.shown if obj else self.asked

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        return self.shown[:-1] if self.has_change_permission(request, obj) else self.shown

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        to_record, to_lift = self.own_forms
        if obj:
            return super().get_form(request, obj, change, form=to_lift, **kwargs)
        known = Organisation.objects.filter(_known_to(programmes_held(request.user, HANDLE_CASES)))
        return type(
            "Form", (super().get_form(request, obj, change, form=to_record, **kwargs),), {"known": known}
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        facts: dict[str, Any] = {"by": request.user, "at": clock.now()}
        if change:
            self.lift(obj, reason=form.cleaned_data["lifted_reason"], **facts)
        else:
            obj.pk = self.record(form, **facts).pk


LIFTED = ("lifted_at", "lifted_reason")


@admin.register(Succession)
class SuccessionAdmin(RecordedAdmin):
    """Who goes on as whom."""

    list_display = ["predecessor", "successor", "kind", "day", "lifted_at"]
    list_select_related = ["predecessor", "successor"]
    list_filter = ["kind", ("lifted_at", admin.EmptyFieldListFilter)]
    search_fields = [
        f"{end}__{column}" for end in ("predecessor", "successor") for column in ("name", "credit_code")
    ]
    asked = ("predecessor_code", "successor_code", "kind", "day", "evidence")
    shown = ("predecessor", "successor", "kind", "day", "evidence", "recorded_at", *LIFTED)
    own_forms = (SuccessionForm, LiftForm)

    def within(self, programmes: QuerySet[Programme]) -> Q:
        known = Organisation.objects.filter(_known_to(programmes)).values("pk")
        return Q(predecessor__in=known) | Q(successor__in=known)

    def record(self, form: Any, **facts: Any) -> Model:
        return lineage.record(**form.facts(), **facts)

    def lift(self, row: Any, **facts: Any) -> None:
        lineage.lift(row, **facts)


@admin.register(Termination)
class TerminationAdmin(RecordedAdmin):
    """Who has come to an end in law."""

    list_display = ["organisation", "kind", "day", "lifted_at"]
    list_select_related = ["organisation"]
    list_filter = ["kind", ("lifted_at", admin.EmptyFieldListFilter)]
    search_fields = ["organisation__name", "organisation__credit_code"]
    asked = ("code", "kind", "day", "evidence")
    shown = ("organisation", "kind", "day", "evidence", "recorded_at", *LIFTED)
    own_forms = (TerminationForm, LiftTerminationForm)

    def within(self, programmes: QuerySet[Programme]) -> Q:
        return Q(organisation__in=Organisation.objects.filter(_known_to(programmes)).values("pk"))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The organisation from whose page it is recorded."""
        return {"code": request.GET.get("code", "")[:18]}

    def record(self, form: Any, **facts: Any) -> Model:
        return terminations.record(**form.facts(), **facts)

    def lift(self, row: Any, **facts: Any) -> None:
        terminations.lift(row, **facts)
