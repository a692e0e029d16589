from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = "公文"

    def ready(self) -> None:
        from cases import desk, sweep
        from notices import again, beside, dossier, issuing, measures, occasions, personal, probes
        from records.probes import register_probe

        occasions.register()
        measures.register()
        beside.register()
        dossier.register()
        personal.register()
        desk.register_note(beside.DeskNote())
        desk.register_waits(again.waits)
        desk.register_left(again.left)
        sweep.register_chore("公文成文", issuing.carry_out)
        register_probe(probes.WAITING)
