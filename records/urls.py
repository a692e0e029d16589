from django.urls import path

from records import views

urlpatterns = [path("display/large/", views.large_type, name="large_type")]
