from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = "记录"

    def ready(self) -> None:
        from django.urls import register_converter

        from records.converters import Number, Sealed
        from records.personal import holdings
        from records.trail import guards

        register_converter(Number, "number")
        register_converter(Sealed, "sealed")
        # Both belong to an account or an objection, which tells of them.
        holdings.declare("records.Event", "actor_name")
        holdings.declare("records.StoredFile", "name")
        pre_migrate.connect(guards.remove, sender=self)
        post_migrate.connect(guards.install, sender=self)
