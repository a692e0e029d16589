from django.apps import AppConfig


class PublicityConfig(AppConfig):
    name = "publicity"
    verbose_name = "公示与异议"

    def ready(self) -> None:
        from cases import confidential, retention, stages, sweep, unit_notes
        from publicity import desk, dossier, evidence, objectors, personal, queries, removal, steps
        from publicity.provider_note import ProviderNote
        from publicity.stage import Publicity

        stages.register(Publicity())
        desk.register()
        dossier.register()
        unit_notes.register_note("publicity", ProviderNote())
        objectors.register()
        personal.register()
        confidential.register(queries.who_objected)
        sweep.register_chore("开始公示", steps.carry_out_openings)
        sweep.register_chore("告知提出人的信", steps.note_letters_to_objectors)
        retention.register(removal.still_needed)
        sweep.register_chore("到期的异议人证件", removal.remove_due)
        sweep.register_chore("没有用上的异议材料", evidence.forget_unused)
