from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "changes"
    verbose_name = "变更"

    def ready(self) -> None:
        from cases import kinds, unit_notes
        from changes import ordered
        from changes.kind import PartnerChangeKind
        from providers import personal
        from records.personal import holdings

        kinds.register(PartnerChangeKind())
        unit_notes.register_obstacle(ordered.in_the_way)
        holdings.declare_impersonal("changes.Operation", personal.OPERATION, personal.UNITS)
