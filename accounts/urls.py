from django.contrib.auth import views as auth
from django.urls import path

from accounts.login.views import data, own, passwords, steps
from accounts.views import invitation, members

urlpatterns = [
    path("login/", steps.Login.as_view(), name="login"),
    path("login/second/", steps.login_second, name="login_second"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("password/", passwords.PasswordChange.as_view(), name="password_change"),
    path("password/done/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("password/reset/", passwords.PasswordReset.as_view(), name="password_reset"),
    path("password/reset/sent/", passwords.PasswordResetDone.as_view(), name="password_reset_done"),
    path("password/reset/done/", auth.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path(
        "password/reset/<uidb64>/<token>/",
        passwords.PasswordResetConfirm.as_view(),
        name="password_reset_confirm",
    ),
    path("my/logins/", own.logins, name="my_logins"),
    path("my/logins/others/end/", own.end_others, name="my_logins_end_others"),
    path("my/logins/<uuid:number>/end/", own.end, name="my_login_end"),
    path("my/data/", data.data, name="my_data"),
    path("my/data/export.json", data.download, name="my_data_export"),
    path("my/kept/", own.kept_form, name="kept_form"),
    path("my/second/", steps.set_up, name="second_factor"),
    path("my/second/codes/", steps.recovery_codes, name="recovery_codes"),
    path("my/second/codes/new/", steps.show_codes, name="new_codes"),
    path("my/second/remove/", steps.remove, name="second_factor_remove"),
    path("invitations/<str:token>/", invitation.invitation, name="invitation"),
    path("my/members/", members.members, name="my_members"),
    path("my/members/<sealed:pk>/withdraw/", members.withdraw_member, name="my_member_withdraw"),
    path("my/members/<sealed:pk>/handover/", members.hand_over, name="my_member_handover"),
    path("my/members/invitations/<uuid:pk>/revoke/", members.revoke_invitation, name="my_invitation_revoke"),
]
