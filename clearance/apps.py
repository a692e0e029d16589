from django.apps import AppConfig


class ClearanceConfig(AppConfig):
    name = "clearance"
    verbose_name = "警示和退出"

    def ready(self) -> None:
        from cases import announcing, grounds, inbox, kinds, rested, stages, sweep
        from clearance import (
            barred,
            course,
            desk,
            detectors,
            documents,
            dossier,
            fallen,
            parting,
            queries,
            receipts,
            steps,
        )
        from clearance.kinds import ClearanceKind, PartnerRemovalKind, SanctionKind
        from clearance.stages import Recheck, Rectification, Serving, Statement
        from notices import asking
        from providers import course as listed

        for kind in (SanctionKind(), PartnerRemovalKind(), ClearanceKind()):
            kinds.register(kind)
        for stage in (Statement(), Serving(), Rectification(), Recheck()):
            stages.register(stage)
        grounds.register("ground", steps.opening)
        grounds.register(barred.KIND, barred.opening)
        rested.register(fallen.why)
        grounds.register_entry("admin:clearance_measure_ground")
        inbox.register_receipts(receipts.InboxReceipts())
        sweep.register_chore("发现情形", detectors.detect)
        sweep.register_chore("发现禁止期内的单位", barred.detect)
        sweep.register_chore("核对责令取消的合作", parting.look_again)
        sweep.register_chore("责令到期", parting.note_late)
        announcing.register("published", parting.published)
        asking.register(queries.CLEARANCE, documents.of_edition)
        desk.register()
        dossier.register()
        listed.register(course.steps)
