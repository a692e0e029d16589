from django.apps import AppConfig


class PublicityConfig(AppConfig):
    name = "publicity"
    verbose_name = "公示与异议"

    def ready(self) -> None:
        from cases import stages
        from publicity import desk
        from publicity.stage import Publicity

        stages.register(Publicity())
        desk.register()
