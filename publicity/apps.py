from django.apps import AppConfig


class PublicityConfig(AppConfig):
    name = "publicity"
    verbose_name = "公示与异议"

    def ready(self) -> None:
        from cases import page, stages, sweep
        from publicity import desk, evidence, steps
        from publicity.provider_note import ProviderNote
        from publicity.stage import Publicity

        stages.register(Publicity())
        desk.register()
        page.register_note("publicity", ProviderNote())
        sweep.register_chore("开始公示", steps.carry_out_openings)
        sweep.register_chore("没有用上的异议材料", evidence.forget_unused)
