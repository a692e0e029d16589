"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes for whoever has not got the phone at hand."""

import base64
import hashlib
import secrets
import unicodedata
from datetime import datetime
from io import BytesIO
from time import time

import qrcode
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare
from qrcode.image.svg import SvgPathFillImage

from accounts import addresses, checks, letters, reasons
from accounts.errors import Refused
from accounts.login import sealing, sessions
from accounts.models import SecondFactor, User
from records import events

STEP, DIGITS = 30, 6
# A phone's clock may be so many steps early or late.
TOLERANCE = 1
RECOVERY_CODES, RECOVERY_GROUPS = 10, 4


def is_set(user: User) -> bool:
    return SecondFactor.objects.filter(user=user).exists()


def is_required(user: User) -> bool:
    """Of everybody who holds an office role, where the site asks it."""
    return bool(settings.SECOND_FACTOR_REQUIRED and user.is_staff)


def new_secret() -> str:
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, moment: float) -> str:
    """What an app shows at a moment of the machine's, which is the phone's too."""
    return _totp(secret).generate(int(moment)).decode()


def present_code(user: User) -> str:
    """Raises SecondFactor.DoesNotExist."""
    return code_at(sealing.unseal(SecondFactor.objects.get(user=user).secret), time())


def is_code_of(secret: str, code: str) -> bool:
    """Whether an app that has the secret shows this code now; uses nothing up."""
    return _step_of(secret, code, after=0) is not None


def picture(user: User, secret: str) -> str:
    """What an app scans, as the address of an image."""
    uri = _totp(secret).get_provisioning_uri(user.get_username(), settings.PORTAL_SITE_NAME)
    drawn = BytesIO()
    qrcode.make(uri, image_factory=SvgPathFillImage, border=2).save(drawn)
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode()}"


@transaction.atomic
def set_up(user: User, secret: str, code: str, *, at: datetime, session: str | None) -> list[str]:
    """From now on this person logs in with codes; the recovery codes, told this once. Whatever else is logged in as this person,
    without, ends."""
    step = _step_of(secret, code, after=0)
    if step is None or is_set(user):
        raise Refused("两步登录已经开启，不用再开。换手机的，先关闭再开启。")
    codes = _write(user, secret, step, at)
    sessions.end_all(user, why="second_factor_set", at=at, by=user, but=session)
    letters.own_act(letters.SECOND_SET, user, at)
    return codes


@transaction.atomic
def set_up_without_code(user: User, *, at: datetime) -> None:
    """For an account that a demonstration makes: `manage.py demo_code` is its app."""
    _write(user, new_secret(), 0, at)


@transaction.atomic
def passes(user: User, typed: str, at: datetime) -> bool:
    """Whether a code is right: of the app, or a recovery code. Either works once."""
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is None:
        return False
    code = _plain(typed)
    return _takes_code(factor, code) if len(code) == DIGITS else _takes_recovery(factor, code, at)


@transaction.atomic
def renew_recovery(user: User, *, at: datetime) -> list[str]:
    """New recovery codes; the earlier ones work no more."""
    factor = SecondFactor.objects.select_for_update().get(user=user)
    codes, factor.recovery_digests = _new_recovery_codes()
    factor.save(update_fields=["recovery_digests"])
    events.record("recovery_codes_renewed", "换新恢复码", at=at, by=user)
    letters.own_act(letters.CODES_RENEWED, user, at)
    return codes


@transaction.atomic
def remove(user: User, *, at: datetime) -> None:
    """By the person, who has just shown a code."""
    SecondFactor.objects.filter(user=user).delete()
    events.record("second_factor_removed", "关闭两步登录", at=at, by=user, data={"user": user.pk})
    letters.own_act(letters.SECOND_CLOSED, user, at)


@transaction.atomic
def remove_for(user: User, *, reason: str, at: datetime, by: User) -> None:
    """By somebody who administers this person's access, when the device is lost."""
    _refuse_removal(user, at=at, by=by)
    reasons.refuse(reason, "写明解除的理由，不能留空。")
    gone, _ = SecondFactor.objects.filter(user=user).delete()
    if not gone:
        raise Refused(f"{user.display_name} 没有开启两步登录，不用解除。")
    data = {"user": user.pk, "reason": reason.strip()}
    events.record("second_factor_removed", "解除两步登录", at=at, by=by, data=data)
    sessions.end_all(user, why="second_factor_removed", at=at, by=by)
    letters.second_factor_removed(user, reason=reason.strip(), at=at)


def why_not_removed(user: User, *, at: datetime, by: User) -> str:
    """Why somebody could not remove it for this person now; empty where he could. A page that offers it asks."""
    try:
        _refuse_removal(user, at=at, by=by)
    except Refused as refusal:
        return str(refusal)
    return ""


def _refuse_removal(user: User, *, at: datetime, by: User) -> None:
    if hand := by.acted_as([user.pk]):
        whose = "自己" if by == user else hand
        raise Refused(f"不能解除{whose}的两步登录。由另一位授权管理员办理。")
    if not checks.may_alter_person(by, user, at):
        raise Refused(f"{user.display_name} 还有不归您管的授权，由管那项授权的授权管理员办理。")
    addresses.refuse_same_hand(user, at=at, by=by)


def _write(user: User, secret: str, step: int, at: datetime) -> list[str]:
    codes, digests = _new_recovery_codes()
    SecondFactor.objects.create(
        user=user, secret=sealing.seal(secret), since=at, last_step=step, recovery_digests=digests
    )
    events.record("second_factor_set", "开启两步登录", at=at, by=user)
    return codes


def _takes_code(factor: SecondFactor, code: str) -> bool:
    try:
        secret = sealing.unseal(factor.secret)
    except sealing.Unreadable:
        return False
    step = _step_of(secret, code, after=factor.last_step)
    if step is None:
        return False
    factor.last_step, factor.secret = (
        step,
        sealing.seal(secret),
    )  # under the present key, where an earlier one goes
    factor.save(update_fields=["last_step", "secret"])
    return True


def _takes_recovery(factor: SecondFactor, code: str, at: datetime) -> bool:
    digest = _digest(code)
    if digest not in factor.recovery_digests:
        return False
    factor.recovery_digests = [one for one in factor.recovery_digests if one != digest]
    factor.save(update_fields=["recovery_digests"])
    left = {"left": len(factor.recovery_digests)}
    events.record("recovery_code_used", "用掉一个恢复码", at=at, by=factor.user, data=left)
    return True


def _step_of(secret: str, code: str, *, after: int) -> int | None:
    """The 30 seconds that a code is of; None for one that is wrong, or of a step that was used."""
    code, now = _plain(code), int(time()) // STEP
    steps = [step for step in range(now - TOLERANCE, now + TOLERANCE + 1) if step > after]
    fitting = [step for step in steps if constant_time_compare(code_at(secret, step * STEP), code)]
    return fitting[0] if fitting else None


def _totp(secret: str) -> TOTP:
    # Authenticator apps know SHA-1 and no other.
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP)  # noqa: S303


def _new_recovery_codes() -> tuple[list[str], list[str]]:
    """80 bits each, so that a plain digest keeps them."""
    made = [base64.b32encode(secrets.token_bytes(10)).decode() for _ in range(RECOVERY_CODES)]
    size = len(made[0]) // RECOVERY_GROUPS
    shown = ["-".join(code[at : at + size] for at in range(0, len(code), size)) for code in made]
    return shown, [_digest(code) for code in made]


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _plain(typed: str) -> str:
    """As people type it: in groups, in small letters, in full width."""
    return "".join(char for char in unicodedata.normalize("NFKC", typed).upper() if char.isalnum())
