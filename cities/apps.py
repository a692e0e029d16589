from django.apps import AppConfig


class CitiesConfig(AppConfig):
    name = "cities"
    verbose_name = "城市与规则"

    def ready(self) -> None:
        from cities import personal

        personal.register()
