from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "人员与授权"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from accounts import envelopes, personal
        from accounts.login import sessions

        envelopes.register()
        personal.register()
        user_logged_in.connect(sessions.note_beginning, dispatch_uid="login")
        user_logged_out.connect(sessions.note_end, dispatch_uid="login")
