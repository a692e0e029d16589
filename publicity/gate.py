"""What keeps machines from flooding an office with objections: no third party, no script, nothing kept of anybody.

A form carries, signed, when it was opened; who sends it at once is asked to send it again. Who sends too many from one
network is asked a sum in words, and then to come back later or to write a letter.
"""

import random
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.http import HttpRequest

from publicity.models import Objection
from records import throttle

SALT = "publicity.gate"
WINDOW = 60 * 60
# Within the window and for one publicity: from one network, and from all together.
ASK_AFTER, ASK_ALL_AFTER, SHUT_AFTER = 3, 60, 20
AT_LEAST, AT_MOST = timedelta(seconds=3), timedelta(hours=6)
SUM_SECONDS = 30 * 60
DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True)
class Gate:
    """How a try to lodge is met. `is_answered`: what it asks was answered rightly with this very try."""

    asks: bool = False
    is_shut: bool = False
    is_answered: bool = False

    @property
    def lets_in(self) -> bool:
        """Whether anything is taken from it yet; files above all."""
        return not self.is_shut and (self.is_answered or not self.asks)


def judge(request: HttpRequest, period: object) -> Gate:
    mine = throttle.count("object", throttle.network_of(request), str(period), seconds=WINDOW)
    everybody = throttle.count("object.all", str(period), seconds=WINDOW)
    asks = _asks(mine, everybody) or bool(request.POST.get("homepage"))  # filled in by itself
    given = request.POST.get("sum", ""), request.POST.get("answer", "")
    return Gate(asks, is_shut=mine > SHUT_AFTER, is_answered=asks and is_answered(*given))


def expect(request: HttpRequest, period: object) -> Gate:
    """How the next try will be met: a form that is opened now asks beforehand, so that files come with the answer."""
    mine = throttle.so_far("object", throttle.network_of(request), str(period))
    return Gate(_asks(mine + 1, throttle.so_far("object.all", str(period)) + 1))


def _asks(mine: int, everybody: int) -> bool:
    return mine > ASK_AFTER or everybody > ASK_ALL_AFTER


def opened(at: datetime, period: object) -> str:
    """The form as it was opened: when, for what, and a key of its own, by which it counts once."""
    return signing.dumps([at.timestamp(), str(period), secrets.token_urlsafe(12)], salt=SALT)


def form_key(token: str, period: object) -> str:
    """Empty for what is not a form of this publicity."""
    return found[1] if (found := _opened(token, period)) else ""


def already_lodged(token: str, period: object) -> Objection | None:
    """What this very form has lodged: a second press of the button, or the same sent again."""
    key = form_key(token, period)
    return Objection.objects.filter(form_key=key).first() if key else None


def why_not_yet(token: str, period: object, at: datetime) -> str:
    """Empty where the form was open long enough for somebody to have written in it, and not for ever."""
    found = _opened(token, period)
    if found is None:
        return "没有认出这张表是什么时候打开的。已填的内容都保留着，核对后请再提交一次"
    since = found[0]
    if at < since:  # a clock that was put back blames nobody
        return ""
    if at - since < AT_LEAST:
        return "打开页面到提交只隔几秒，系统疑为自动填写。已填的内容都保留着，核对后请再提交一次"
    return "" if at - since <= AT_MOST else "这张表打开太久了。已填的内容都保留着，核对后请再提交一次"


def _opened(token: str, period: object) -> tuple[datetime, str] | None:
    try:
        since, of, key = signing.loads(token, salt=SALT)
        moment = datetime.fromtimestamp(since, tz=UTC)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return (moment, key) if of == str(period) else None


def new_sum() -> str:
    """A sum as a token; what is asked is read from it. Two who are asked the same in the same second are asked two sums."""
    numbers = (random.randint(2, 9), random.randint(2, 9))  # noqa: S311
    return signing.dumps([*numbers, secrets.token_urlsafe(6)], salt=f"{SALT}.sum")


def question(token: str) -> str:
    one, other = _numbers(token) or (0, 0)
    return f"{DIGITS[one]}加{DIGITS[other]}等于几？"


def is_answered(token: str, answer: str) -> bool:
    """In digits or in words. Each sum counts once, as long as the cache remembers it."""
    numbers = _numbers(token)
    said = unicodedata.normalize("NFKC", answer).strip()
    if numbers is None or said not in (str(sum(numbers)), _in_words(sum(numbers))):
        return False
    return throttle.count("sum", token, seconds=SUM_SECONDS) == 1


def _numbers(token: str) -> tuple[int, int] | None:
    try:
        one, other, _ = signing.loads(token, salt=f"{SALT}.sum", max_age=SUM_SECONDS)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return one, other


def _in_words(number: int) -> str:
    tens, ones = divmod(number, 10)
    return f"{'十' if tens else ''}{DIGITS[ones] if ones or not tens else ''}"
