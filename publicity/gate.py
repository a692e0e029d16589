"""What keeps machines from flooding an office with objections: no third party, no script, nothing kept of anybody.

A form carries, signed, when it was opened; who sends it at once is asked to send it again. Who sends too many from one
network is asked a sum in words, and then to come back later or to write a letter.
"""

import random
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.http import HttpRequest

from records import throttle

SALT = "publicity.gate"
WINDOW = 60 * 60
# Within the window and for one publicity: from one network, and from all together.
ASK_AFTER, ASK_ALL_AFTER, SHUT_AFTER = 3, 60, 20
AT_LEAST = timedelta(seconds=3)
SUM_SECONDS = 30 * 60
DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True)
class Gate:
    """How a try to lodge is met."""

    asks: bool = False
    is_shut: bool = False


def judge(request: HttpRequest, period: object) -> Gate:
    mine = throttle.count("object", throttle.network_of(request), str(period), seconds=WINDOW)
    everybody = throttle.count("object.all", str(period), seconds=WINDOW)
    return Gate(asks=mine > ASK_AFTER or everybody > ASK_ALL_AFTER, is_shut=mine > SHUT_AFTER)


def opened(at: datetime) -> str:
    return signing.dumps(at.timestamp(), salt=SALT)


def why_too_soon(token: str, at: datetime) -> str:
    """Empty where the form was open long enough for somebody to have written in it."""
    try:
        since = datetime.fromtimestamp(signing.loads(token, salt=SALT), tz=UTC)
    except (signing.BadSignature, TypeError, ValueError):
        return "没有认出这张表是什么时候打开的。写好的都在下面，核对后再提交一次"
    is_long = at - since >= AT_LEAST or at < since  # a clock that was put back blames nobody
    return "" if is_long else "打开页面到提交只隔几秒，系统疑为自动填写。写好的都在下面，核对后再提交一次"


def new_sum() -> str:
    """A sum as a token; what is asked is read from it."""
    return signing.dumps([random.randint(2, 9), random.randint(2, 9)], salt=f"{SALT}.sum")  # noqa: S311


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
        one, other = signing.loads(token, salt=f"{SALT}.sum", max_age=SUM_SECONDS)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return one, other


def _in_words(number: int) -> str:
    tens, ones = divmod(number, 10)
    return f"{'十' if tens else ''}{DIGITS[ones] if ones or not tens else ''}"
