from django.urls import path

from providers import views

urlpatterns = [
    path("lists/", views.lists, name="lists"),
    path("lists/<slug:slug>/", views.list_page, name="list"),
    path("lists/<slug:slug>/list.csv", views.list_csv, name="list_csv"),
    path("lists/<slug:slug>/editions/<number:number>/", views.edition_page, name="edition"),
    path("lists/<slug:slug>/units/<slug:credit_code>/", views.unit_page, name="unit"),
    path("organisations/<slug:credit_code>/", views.organisation_page, name="organisation"),
]
