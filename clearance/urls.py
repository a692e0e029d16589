from django.urls import path

from clearance import views

urlpatterns = [
    path("cases/<uuid:pk>/answer/", views.answer, name="answer"),
    path("cases/<uuid:pk>/answers/<sealed:file>/", views.answer_file, name="answer_file"),
    path("cases/<uuid:pk>/services/<sealed:service>/", views.service_proof, name="service_proof"),
    path("my/<sealed:registration>/leave/<slug:procedure>/", views.leave, name="leave"),
    path("exits/<uuid:pk>/", views.exit_request, name="exit_request"),
]
