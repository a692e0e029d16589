"""The letters of one's programmes: read, and sent again where they did not arrive. Nobody edits what was written."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from accounts import access
from cases.admin import inbox
from cities.permissions import HANDLE_CASES, VIEW_CASES
from providers.admin import ReadOnlyAdmin
from records import clock, events, letters, mail
from records.models import Letter, LetterDelivery

State = LetterDelivery.State
NOBODY = "nobody"
# Worst first, as a row of the list says how a letter fared.
WORST_FIRST = (State.FAILED, State.WITHHELD, State.WAITING, State.NOT_NEEDED, State.SENT)


class StateFilter(admin.SimpleListFilter):
    title = "邮件"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [*((str(state), str(state.label)) for state in WORST_FIRST), (NOBODY, "没有人可收")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == NOBODY:
            return letters.with_nobody(queryset)
        if not self.value():
            return queryset
        return queryset.filter(pk__in=LetterDelivery.objects.filter(state=self.value()).values("letter"))


class DeliveryInline(admin.TabularInline):
    """By name, without the address."""

    model = LetterDelivery
    fields = ("recipient", "state", "attempts", "next_attempt_at", "sent_at", "last_error", "read_at")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[LetterDelivery]:
        return super().get_queryset(request).select_related("person", "letter")

    @admin.display(description="收信人")
    def recipient(self, delivery: LetterDelivery) -> str:
        return str(delivery.person or delivery.letter.get_audience_display())

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    change_form_template = "admin/cases/letter.html"
    actions: Any = None
    list_display = ("subject", "audience", "organisation", "programme", "written_at", "fared")
    list_filter = (StateFilter, "audience")
    list_select_related = ("organisation", "programme__city", "case")
    list_per_page = 50
    search_fields = ("subject", "case__number", "organisation__name", "organisation__credit_code")
    fields = ("subject", "body", "article", "organisation", "programme", "case", "written_at")
    readonly_fields = fields
    inlines = (DeliveryInline,)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser or access.somewhere(request.user, VIEW_CASES)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        return super().get_queryset(request).filter(_readable(request.user)).prefetch_related("deliveries")

    @admin.display(description="邮件")
    def fared(self, letter: Letter) -> str:
        states = [delivery.state for delivery in letter.deliveries.all()]
        found = [f"{_called(state)} {states.count(state)} 人" for state in WORST_FIRST if state in states]
        return "；".join(found) or "没有人可收"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        return super().changelist_view(request, {"title": self.opts.verbose_name, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        letter = access.one_or_404(self.get_queryset(request), pk=object_id)
        retry = {"may_send_again": _is_stuck(letter) and _may_send(request, letter)}
        return super().change_view(request, object_id, form_url, retry | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "records_letter"
        return [
            path(
                "<sealed:pk>/send-again/", wrap(require_POST(self.send_again_view)), name=f"{name}_send_again"
            ),
            path("mine/", wrap(partial(inbox.mine, self.admin_site)), name=f"{name}_mine"),
            path("mine/<sealed:pk>/", wrap(partial(inbox.one, self.admin_site)), name=f"{name}_mine_one"),
            *super().get_urls(),
        ]

    def send_again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        letter = access.one_or_404(self.get_queryset(request), pk=pk)
        if not _may_send(request, letter):
            raise Http404
        at = clock.now()
        if count := letters.send_again(letter, at=at):
            summary = f"重新寄信：{letter.subject}，{count} 人"
            by = access.acting(request)
            events.record("letter.retry", summary, at=at, by=by, case=letter.case, programme=letter.programme)
            messages.success(request, f"已重新排进寄信的队，{count} 人，一分钟内寄出。")
        else:
            messages.error(request, "没有要重新寄的：都已寄出，或者还在自动重试。")
        return HttpResponseRedirect(reverse("admin:records_letter_change", args=[letter.pk]))


def _called(state: LetterDelivery.State) -> str:
    """What was sent by a site whose mail stays on its machine has reached nobody."""
    return "已存成文件" if state == State.SENT and mail.stays_here() else str(state.label)


def _readable(user: Any) -> Q:
    """To units: whoever sees their cases. To objectors: whoever handles what they object to. About accounts: who keeps the
    site; these hold no link. To a desk: nobody but the one it went to, in the inbox."""
    units = Q(audience=Letter.Audience.UNIT, programme__in=access.programmes_for(user, VIEW_CASES))
    objectors = Q(audience=Letter.Audience.OBJECTOR, programme__in=access.programmes_for(user, HANDLE_CASES))
    accounts = Q(audience=Letter.Audience.ACCOUNT) if user.is_active and user.is_superuser else Q(pk__in=[])
    return units | objectors | accounts


def _is_stuck(letter: Letter) -> bool:
    return any(one.state in (State.FAILED, State.WITHHELD) for one in letter.deliveries.all())


def _may_send(request: HttpRequest, letter: Letter) -> bool:
    """Of those somebody may read."""
    return letter.programme is None or access.may(request.user, HANDLE_CASES, letter.programme)
