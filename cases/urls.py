from django.urls import path

from cases import views

urlpatterns = [
    path("cases/<uuid:pk>/", views.case, name="case"),
    path("cases/<uuid:pk>/withdraw/", views.withdraw, name="case_withdraw"),
    path("cases/<uuid:pk>/materials/<number:material>/", views.material, name="case_material"),
    path("my/letters/", views.letters, name="my_letters"),
    path("my/letters/<sealed:pk>/", views.letter, name="my_letter"),
    path("my/<sealed:registration>/apply/<slug:procedure>/", views.apply, name="apply"),
]
