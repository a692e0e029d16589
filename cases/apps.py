from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "事项"

    def ready(self) -> None:
        from accounts import reminders as ending
        from accounts.login import kept, sessions
        from cases import (
            bars,
            desk,
            digests,
            effect,
            inbox,
            letters,
            reminders,
            retention,
            stages,
            sweep,
        )
        from cases.dossier import contents
        from records.letters import register_cover, register_seal
        from records.trail import sealing

        for kind in (stages.Submission(), stages.Review(), effect.Publication()):
            stages.register(kind)
        desk.register_note(bars.ElsewhereNote())
        contents.register_all()
        sweep.register_chore("到期提醒", reminders.remind)
        register_seal(digests.KIND, digests.seal)
        register_cover(inbox.mailed)
        sweep.register_chore("授权到期前的信", ending.remind)
        sweep.register_chore("待办信", digests.write)
        sweep.register_chore("到期的个人信息文件", retention.remove_due)
        sweep.register_chore("寄出信件", letters.send)
        sweep.register_chore("过期的登录", sessions.clear)
        sweep.register_chore("退出时留着的内容", kept.clear)
        sweep.register_chore("封存记录", sealing.seal)
