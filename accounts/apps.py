from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "人员与授权"

    def ready(self) -> None:
        from accounts import letters, personal

        letters.register()
        personal.register()
