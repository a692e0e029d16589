from django.urls import path

from cities import views

urlpatterns = [
    path("rules/", views.rulebooks, name="rulebooks"),
    path("rules/compare/", views.comparison, name="comparison"),
    path("rules/compare.csv", views.comparison_csv, name="comparison_csv"),
    path("rules/<slug:slug>/", views.rulebook, name="rulebook"),
]
