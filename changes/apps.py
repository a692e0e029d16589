from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "changes"
    verbose_name = "变更"

    def ready(self) -> None:
        from cases import kinds
        from changes.kind import PartnerChangeKind

        kinds.register(PartnerChangeKind())
