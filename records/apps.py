from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = "记录"

    def ready(self) -> None:
        from django.urls import register_converter

        from records.converters import Number

        register_converter(Number, "number")
