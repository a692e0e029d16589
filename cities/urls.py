from django.urls import path

from cities import views

urlpatterns = [
    path("rules/", views.rulebooks, name="rulebooks"),
    path("rules/<slug:slug>/", views.rulebook, name="rulebook"),
]
