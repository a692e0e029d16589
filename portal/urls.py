"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from portal import home, views

urlpatterns = [
    path("", home.home, name="home"),
    path("my/", home.my, name="my"),
    path("", include("changes.urls")),
    path("", include("clearance.urls")),
    path("", include("notices.urls")),
    path("", include("publicity.urls")),
    path("", include("cases.urls")),
    path("", include("accounts.urls")),
    path("", include("providers.urls")),
    path("", include("cities.urls")),
    path("", include("records.urls")),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("admin/", admin.site.urls),
]
