"""How often something was tried lately. Kept in the cache alone, under a keyed digest: no address is ever written down."""

import ipaddress
import logging
from time import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

# An IPv6 subscriber has a whole network of this size.
V6_PREFIX = 64
logger = logging.getLogger(__name__)


def count(scope: str, *who: str, seconds: int) -> int:
    """Count one more try and say how many there were within `seconds` of the first."""
    key = _key(scope, who)
    try:
        cache.add(key, 0, timeout=seconds)
        return cache.incr(key)
    except ValueError:  # it ran out between the two
        return 1
    except Exception:  # noqa: BLE001 -- each cache raises its own; without one, taking in matters more than counting
        logger.warning("The cache does not answer; tries of %s are not counted", scope)
        return 1


def so_far(scope: str, *who: str) -> int:
    """How many tries there were lately; counts none."""
    try:
        return int(cache.get(_key(scope, who)) or 0)
    except Exception:  # noqa: BLE001 -- as above
        return 0


def forget(scope: str, *who: str) -> None:
    """Begin to count anew."""
    try:
        cache.delete_many([_key(scope, who), _key(f"{scope}.closed", who)])
    except Exception:  # noqa: BLE001 -- as above
        logger.warning("The cache does not answer; tries of %s are not forgotten", scope)


def close(scope: str, *who: str, seconds: int) -> None:
    """Let nobody of these try for so long."""
    try:
        cache.set(_key(f"{scope}.closed", who), time() + seconds, timeout=seconds)
    except Exception:  # noqa: BLE001 -- as above
        logger.warning("The cache does not answer; tries of %s are not closed", scope)


def closed_for(scope: str, *who: str) -> float:
    """For how many seconds more nobody of these may try; 0 who may."""
    try:
        return max(0.0, float(cache.get(_key(f"{scope}.closed", who)) or 0) - time())
    except Exception:  # noqa: BLE001 -- as above
        return 0.0


def _key(scope: str, who: tuple[str, ...]) -> str:
    return f"throttle.{scope}.{salted_hmac('records.throttle', '|'.join(who)).hexdigest()}"


def mark_of(request: HttpRequest) -> str:
    """Stands for where a request comes from where the address must not: the same address has the same mark."""
    return salted_hmac("records.throttle.mark", network_of(request)).hexdigest()[:16]


def network_of(request: HttpRequest) -> str:
    """Where a request comes from. A proxy of ours sets the header itself (deploy/nginx.conf.template)."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    said = forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, V6_PREFIX), strict=False))
