from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    name = "providers"
    verbose_name = "名录"

    def ready(self) -> None:
        from providers import personal

        personal.register()
