"""The phone of a demonstration's account."""

from time import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.login import second
from accounts.models import SecondFactor


class Command(BaseCommand):
    help = "演示账号两步登录的验证码：现在的那一个。正式站点不能用。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("account", nargs="?", help="登录名；不写则列出所有开启了两步登录的账号")

    def handle(self, *args: Any, account: str | None, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("正式站点不能用：验证码只在本人的手机上。丢了手机，由授权管理员解除两步登录。")
        rows = SecondFactor.objects.select_related("user").order_by("user__username")
        found = list(rows.filter(user__username=account) if account else rows)
        if not found:
            whose = f"{account} 没有开启两步登录，或者没有这个账号" if account else "没有账号开启两步登录"
            raise CommandError(f"{whose}。演示账号见 make run 打印的清单。")
        left = second.STEP - int(time()) % second.STEP
        for row in found:
            code = second.present_code(row.user)
            self.stdout.write(f"{row.user.username} {code}（还有 {left} 秒，只能用一次）")
