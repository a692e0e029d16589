from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "事项"

    def ready(self) -> None:
        from cases import effect, stages

        for kind in (stages.Submission(), stages.Review(), effect.Publication()):
            stages.register(kind)
