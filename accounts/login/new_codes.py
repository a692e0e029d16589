"""New recovery codes until they are put away: shown again when the page is loaded again, sealed in the session of whoever had them
made, for ten minutes at most."""

import json
from dataclasses import dataclass
from time import time

from django.http import HttpRequest

from accounts.login import sealing

KEY = "new_recovery_codes"
SECONDS = 10 * 60


@dataclass(frozen=True)
class NewCodes:
    codes: list[str]
    are_first: bool  # came with the second step; otherwise in place of earlier ones


def keep(request: HttpRequest, codes: list[str], *, are_first: bool) -> None:
    text = json.dumps({"codes": codes, "first": are_first})
    request.session[KEY] = {"sealed": sealing.seal(text), "since": time()}


def of(request: HttpRequest) -> NewCodes | None:
    held = request.session.get(KEY)
    if held and time() - held["since"] >= SECONDS:
        put_away(request)
        return None
    if not held:
        return None
    try:
        content = json.loads(sealing.unseal(held["sealed"]))
    except sealing.Unreadable:
        return None
    return NewCodes(content["codes"], content["first"])


def put_away(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
