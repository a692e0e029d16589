"""The site's addresses and one more that does nothing: what a request costs before any view has begun."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal.urls import urlpatterns as all_addresses


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b" " * int(request.GET.get("bytes", 0)))


urlpatterns = [path("empty/", empty), *all_addresses]
