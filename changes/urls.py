from django.urls import path

from changes import ordered_views, views

urlpatterns = [
    path("orders/<uuid:pk>/change/", ordered_views.ordered_change, name="ordered_change"),
    path("changes/<uuid:pk>/", views.change, name="change"),
    path("changes/<uuid:pk>/print/", views.printable, name="change_print"),
    path("changes/<uuid:pk>/operations/<slug:action>/", views.add_operation, name="change_operation"),
]
