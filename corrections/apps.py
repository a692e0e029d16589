from django.apps import AppConfig


class CorrectionsConfig(AppConfig):
    name = "corrections"
    verbose_name = "更正"

    def ready(self) -> None:
        from cases import grounds, kinds
        from corrections import course, desk, dossier, queries, restoring, steps, undone
        from corrections.kind import CorrectionKind
        from notices import asking
        from providers import course as listed
        from providers import personal
        from records.personal import holdings

        kinds.register(CorrectionKind())
        grounds.register("list_wrong", steps.opening)
        grounds.register("barred", steps.opening)
        asking.register(queries.KIND, restoring.of_edition)
        desk.register()
        undone.register()
        listed.register(course.steps)
        dossier.register()
        named = (*personal.OPERATION, "unit_name")
        holdings.declare_impersonal("corrections.Operation", named, personal.UNITS)
