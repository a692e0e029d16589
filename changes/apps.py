from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "changes"
    verbose_name = "变更"

    def ready(self) -> None:
        from cases import kinds
        from changes.kind import PartnerChangeKind
        from providers import personal
        from records.personal import holdings

        kinds.register(PartnerChangeKind())
        holdings.declare_impersonal("changes.Operation", personal.OPERATION, personal.UNITS)
