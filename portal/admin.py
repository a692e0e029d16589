"""The site that staff work in."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, TypeVar, cast

from django.apps import apps
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.views.decorators.http import require_safe

from accounts import access
from accounts.models import Grant
from cases.inbox import unread
from cities.models import City, OfficeDecision, Rulebook
from cities.permissions import CONFIRM_RULES
from portal import personal
from portal.operations.page import may_operate, operations
from portal.standing import standing_page
from records import clock, reads

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

# The places of the sidebar: title, model, what its address asks for. Who may not view the model does not see the place.
PLACES = (
    ("我的待办", "cases.Case", ""),
    ("全部事项", "cases.Case", "?status=all"),
    ("批次", "cases.Batch", ""),
    ("期限", "cases.Deadline", ""),
    ("公示", "publicity.PublicityPeriod", ""),
    ("异议", "publicity.Objection", ""),
    ("发现的情形", "cases.GroundFound", ""),
    ("警示和退出", "clearance.Measure", ""),
    ("更正", "corrections.Correction", ""),
    ("公文", "notices.Notice", ""),
    ("信件", "records.Letter", ""),
    ("规则", "cities.Rulebook", ""),
    ("未写明的事项", "cities.OfficeDecision", ""),
    ("文书样式", "notices.NoticeTemplate", ""),
    ("发文机关", "notices.Issuer", ""),
    ("名单与版本", "providers.ListEdition", ""),
    ("入库单位", "providers.Registration", ""),
    ("更名、合并、承继", "providers.Succession", ""),
    ("依法终止", "providers.Termination", ""),
    ("上班日历", "cities.CalendarYear", ""),
    ("授权", "accounts.Grant", ""),
    ("人员", "accounts.User", ""),
    ("单位邀请", "accounts.Invitation", ""),
)

# Of Django's own addresses: one would tell whether there is a row of any model, the other serves fields that we have none of.
UNUSED = ("view_on_site", "autocomplete")


class PortalAdminSite(AdminSite):
    site_header = "后台"
    site_title = "后台"
    index_title = "工作台"

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """One login page for everybody. Who is logged in and not staff is refused instead of sent round again."""
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        if request.user.is_authenticated:
            raise PermissionDenied("后台只对工作人员开放。换一个账号登录。")
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME, reverse("admin:index")))

    def password_change(  # type: ignore[override]  # it leads elsewhere
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """One page for everybody, which ends what is logged in elsewhere."""
        return HttpResponseRedirect(reverse("password_change"))

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Below its front page the admin is not there for who is logged in and not staff; nor is a stock page for who may not
        use it, where Django would answer 403 and so say that there is one. A refusal in words of ours is told."""
        guarded = super().admin_view(view, cacheable)

        def unseen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            is_stranger = request.user.is_authenticated and not self.has_permission(request)
            if is_stranger and request.path not in (reverse("admin:index"), reverse("admin:logout")):
                raise Http404
            try:
                return guarded(request, *args, **kwargs)
            except PermissionDenied as refused:
                if refused.args:
                    raise
                access.refuse_stranger()

        return cast("View", update_wrapper(unseen, guarded))

    def get_urls(self) -> list[URLResolver | URLPattern]:
        own = [
            path("operations/", self.admin_view(require_safe(operations)), name="operations"),
            path("standing/", self.admin_view(require_safe(standing_page)), name="standing"),
        ]
        stock = (one for one in super().get_urls() if getattr(one, "name", None) not in UNUSED)
        return [*own, *personal.urls(self), *stock]

    def index(  # type: ignore[override]  # it may also lead elsewhere
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Everybody starts at the first place that is theirs: the worklist, for who has cases to see."""
        links = self._side_links(request)
        return HttpResponseRedirect(links[0]["url"]) if links else super().index(request, extra_context)

    def app_index(  # type: ignore[override]  # stock breadcrumbs lead here
        self, request: HttpRequest, app_label: str, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """An app has no page of its own: what there is stands in the sidebar."""
        return HttpResponseRedirect(reverse("admin:index", current_app=self.name))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The sidebar says where one may go; asking every model of every app besides would cost queries on each page."""
        return []

    @reads.kept()  # a form that comes back with what to mend has the same sidebar
    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        if self.has_permission(request):
            context["site_header"] = self._header(request)
            context["side_links"] = self._side_links(request)
        return context

    def _header(self, request: HttpRequest) -> str:
        """Whose desk this is, where somebody works in one city only."""
        offices = list(_cities_of(request.user).values_list("office", flat=True)[:2])
        return f"{offices[0]} · {self.site_header}" if len(offices) == 1 else self.site_header

    def _side_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        seen = {
            label: self._may_view(request, label) for label in dict.fromkeys(label for _, label, _ in PLACES)
        }
        waiting = _waiting_for(request.user)
        links = [
            {**self._link(request, *place), "waiting": waiting.get(place[1], 0)}
            for place in PLACES
            if seen[place[1]]
        ]
        if seen["cases.Case"]:
            links.append(self._own_letters(request))
        if not seen["cities.Rulebook"]:
            links.append({"url": reverse("rulebooks"), "title": "规则", "current": False})
        if personal.is_open_to(request.user):
            url = reverse("admin:personal", current_app=self.name)
            links.append({"url": url, "title": "个人信息", "current": request.path.startswith(url)})
        if seen["accounts.Grant"]:
            url = reverse("admin:standing", current_app=self.name)
            links.append({"url": url, "title": "查权限", "current": request.path == url})
        if may_operate(request.user):
            url = reverse("admin:operations", current_app=self.name)
            links.append({"url": url, "title": "运行情况", "current": request.path == url})
        return links

    def _own_letters(self, request: HttpRequest) -> dict[str, Any]:
        url = reverse("admin:records_letter_mine", current_app=self.name)
        is_under = request.path.startswith(url)
        return {"url": url, "title": "我的信件", "current": is_under, "unread": unread(request.user)}

    def _may_view(self, request: HttpRequest, label: str) -> bool:
        registered = self._registry.get(apps.get_model(label))
        return registered is not None and registered.has_view_permission(request)

    def _link(self, request: HttpRequest, title: str, label: str, query: str) -> dict[str, Any]:
        url = reverse(f"admin:{label.lower().replace('.', '_')}_changelist")
        is_under = request.path.startswith(url) and not request.path.startswith(f"{url}mine/")
        # Two places share the page of cases: what was asked for tells them apart.
        if label == "cases.Case":
            is_register = request.path == url and request.GET.get("status", "open") != "open"
            is_under = request.path == url and is_register == bool(query)
        return {"url": f"{url}{query}", "title": title, "current": is_under}


def _waiting_for(user: Any) -> dict[str, int]:
    """What waits for this person as the second of two: decisions to confirm, drafts to publish."""
    programmes = access.programmes_for(user, CONFIRM_RULES)
    decisions = OfficeDecision.objects.filter(programme__in=programmes, is_confirmed=None)
    own = user.own_accounts()
    drafts = Rulebook.objects.filter(programme__in=programmes, standing=Rulebook.Standing.DRAFT)
    return {
        "cities.OfficeDecision": decisions.exclude(proposed_by__in=own).count(),
        "cities.Rulebook": drafts.exclude(drafted_by__in=own).count(),
    }


def _cities_of(user: Any) -> QuerySet[City]:
    """Where somebody holds a grant now, on the city or on something in it."""
    held = Grant.objects.active(clock.now()).filter(user=user.pk)
    places = (held.values("city"), held.values("programme__city"), held.values("district__city"))
    return City.objects.filter(Q(pk__in=places[0]) | Q(pk__in=places[1]) | Q(pk__in=places[2]))
