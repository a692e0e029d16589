"""Who tries too often waits: an account from one network after a few failures, a network after many, so that one person's mistakes
lock no office out. The same for names that nobody has."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from accounts import letters
from accounts.models import User
from records import clock, events, throttle, words

PASSWORD, SECOND, RESET = "login", "login.second", "login.reset"


class Locked(Exception):
    """Nothing was looked at; the words say until when and what to do."""


@dataclass(frozen=True)
class Attempt:
    """One try of a password or of a code. Whoever tries codes knows the password: these are counted wherever they come from."""

    kind: str
    account: str
    network: str
    mark: str

    @classmethod
    def of(cls, kind: str, account: str, request: HttpRequest) -> "Attempt":
        name = unicodedata.normalize("NFKC", account).casefold()
        return cls(kind, name, throttle.network_of(request), throttle.mark_of(request))

    @property
    def who(self) -> tuple[str, ...]:
        return (self.account,) if self.kind == SECOND else (self.account, self.network)

    def begin(self) -> None:
        """Counted before it is looked at: of tries at the same time none goes uncounted. Raises Locked."""
        self._refuse_locked()
        if throttle.count(self.kind, *self.who, seconds=settings.LOGIN_LOCK_SECONDS) > settings.LOGIN_TRIES:
            throttle.close(self.kind, *self.who, seconds=settings.LOGIN_LOCK_SECONDS)
            self._refuse_locked()

    @transaction.atomic
    def fail(self, user: User | None, at: datetime) -> None:
        """It was wrong. Raises nothing; who has now failed too often is told by `refusal`."""
        data = {"user": user.pk if user else None, "step": self.kind, "from": self.mark}
        events.record("login_failed", "登录失败", at=at, by=None, data=data)
        seconds = settings.LOGIN_LOCK_SECONDS
        by_network = throttle.count(f"{self.kind}.network", self.network, seconds=seconds)
        if throttle.so_far(self.kind, *self.who) >= settings.LOGIN_TRIES:
            throttle.close(self.kind, *self.who, seconds=seconds)
        if by_network >= settings.LOGIN_TRIES_PER_ADDRESS:
            throttle.close(f"{self.kind}.network", self.network, seconds=seconds)
        if self.refusal():
            events.record("login_locked", "登录暂停", at=at, by=None, data=data)
        if throttle.closed_for(self.kind, *self.who):
            letters.locked(user, at)

    def succeed(self) -> None:
        throttle.forget(self.kind, *self.who)

    def refusal(self) -> str:
        """Until when nobody may try and what to do; empty where somebody may."""
        if left := throttle.closed_for(f"{self.kind}.network", self.network):
            return (
                f"从您所在的网络登录失败的次数太多，暂停到 {_until(left)}。到时再试；一直这样，联系工作机构。"
            )
        left = throttle.closed_for(self.kind, *self.who)
        if not left:
            return ""
        lead = f"连续 {settings.LOGIN_TRIES} 次不对，暂停登录到 {_until(left)}。"
        if self.kind == SECOND:
            return f"{lead}暂停期间恢复码也不能用，到时再试；手机和恢复码都没有的，找授权管理员解除两步登录。"
        return f"{lead}到时再试；忘了密码可以重设，重设后马上能登录。"

    def _refuse_locked(self) -> None:
        if refusal := self.refusal():
            raise Locked(refusal)


def refuse_resets(request: HttpRequest) -> str:
    """Counts one more link that was asked for; says so where a network asks for too many."""
    asked = throttle.count(RESET, throttle.network_of(request), seconds=settings.LOGIN_LOCK_SECONDS)
    if asked <= settings.LOGIN_TRIES_PER_ADDRESS:
        return ""
    minutes = -(-settings.LOGIN_LOCK_SECONDS // 60)
    return f"从您所在的网络要链接的次数太多，{minutes} 分钟后再要。已经发出的链接照样能用。"


def _until(left: float) -> str:
    return words.second(clock.now() + timedelta(seconds=left))
