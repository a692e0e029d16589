from typing import Any

from django.core.management.base import BaseCommand, CommandError

from records.files import rotation


class Command(BaseCommand):
    help = "Encrypt every sensitive file with the newest of FILE_KEYS. May be broken off and repeated."

    def handle(self, *args: Any, **options: Any) -> None:
        done, failed = 0, []
        for pk, why in rotation.rotate():
            if why:
                failed.append(f"{pk}：{why}")
            else:
                done += 1
        self.stdout.write(f"用最新的密钥重新加密 {done} 个文件。")
        if failed:
            raise CommandError("\n".join([f"有 {len(failed)} 个没有办成，旧密钥先不要撤：", *failed]))
        self.stdout.write("都已用最新的密钥，旧密钥可以从 FILE_KEYS 里去掉。")
