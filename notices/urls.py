from django.urls import path

from notices import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/feed.xml", views.feed_of_all, name="notices_feed_of_all"),
    path("notices/of/<slug:slug>/", views.programme_notices, name="programme_notices"),
    path("notices/of/<slug:slug>/feed.xml", views.feed, name="notices_feed"),
    path("notices/<slug:code>/", views.notice_page, name="notice"),
    path("notices/<slug:code>/notice.pdf", views.notice_file, name="notice_file"),
    path("notices/<slug:code>/sealed.pdf", views.sealed_file, name="notice_sealed"),
    path("cases/<uuid:pk>/notices/<slug:code>.pdf", views.case_notice, name="case_notice"),
    path("verify/", views.verify, name="verify"),
    path("verify/<slug:code>/", views.verify, name="verify_code"),
]
