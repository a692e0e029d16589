"""What the texts leave open, per programme: the list, and a page for each matter on which it is decided."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from cities.admin.decisions.asked import SEEN
from cities.admin.decisions.listing import listing_page
from cities.admin.decisions.matter import matter_page
from cities.admin.held import GrantedAdmin, programmes_held
from cities.holding import holds
from cities.models import OfficeDecision


@admin.register(OfficeDecision)
class OfficeDecisionAdmin(GrantedAdmin):
    """Django's own pages are not there: a decision is proposed, then confirmed or declined, and never edited."""

    seen_with = SEEN

    def held(self, request: HttpRequest, *permissions: str) -> Any:
        return OfficeDecision.objects.filter(programme__in=programmes_held(request.user, *permissions))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The list is there before anything was decided."""
        return self._reaches(request, obj, *SEEN) if obj else holds(request.user, *SEEN)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="cities_officedecision_changelist"),
            path(
                "<slug:programme>/<number:version>/<slug:matter>/",
                wrap(self.matter_view),
                name="cities_officedecision_matter",
            ),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return listing_page(self.admin_site, request)

    def matter_view(self, request: HttpRequest, programme: str, version: int, matter: str) -> HttpResponse:
        return matter_page(self.admin_site, request, programme, version, matter)
