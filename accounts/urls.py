from django.contrib.auth import views as auth
from django.urls import path

from accounts import views

urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("password/", auth.PasswordChangeView.as_view(), name="password_change"),
    path("password/done/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("password/reset/", views.PasswordReset.as_view(), name="password_reset"),
    path("password/reset/sent/", auth.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path("password/reset/done/", auth.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path(
        "password/reset/<uidb64>/<token>/",
        auth.PasswordResetConfirmView.as_view(),
        name="password_reset_confirm",
    ),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("my/members/", views.members, name="my_members"),
    path("my/members/<sealed:pk>/withdraw/", views.withdraw_member, name="my_member_withdraw"),
    path("my/members/invitations/<uuid:pk>/revoke/", views.revoke_invitation, name="my_invitation_revoke"),
]
