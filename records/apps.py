from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = "记录"

    def ready(self) -> None:
        from django.urls import register_converter

        from records.converters import Number, Sealed
        from records.trail import guards

        register_converter(Number, "number")
        register_converter(Sealed, "sealed")
        pre_migrate.connect(guards.remove, sender=self)
        post_migrate.connect(guards.install, sender=self)
