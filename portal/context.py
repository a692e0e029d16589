"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cases.inbox import unread
from cities.models import City
from cities.queries import adopted_in_force
from records import clock, faces, mail, words


def site(request: HttpRequest) -> dict[str, Any]:
    """`demo` makes the banner of a demonstration site, which says what time it is there, how fast it passes and which rules
    are only adopted for it. What needs a query is asked once, by the first template of a page that wants it."""
    now = clock.now()
    return {
        "site_name": settings.PORTAL_SITE_NAME,
        "demo": not settings.PRODUCTION,
        "mail_reach": mail.reach(),
        "unread_letters": SimpleLazyObject(lambda: unread(request.user)),
        "clock_pace": words.pace(clock.speed()),
        "adopted": SimpleLazyObject(lambda: adopted_in_force(now)),
        "page_generated": now,
        "site_fields": SimpleLazyObject(site_fields),
    }


def site_fields() -> faces.Filled:
    """What a government site must print about itself, and what of it is not set. With several cities on one site none speaks
    for all: a gap."""
    cities = list(City.objects.all()[:2])
    city = cities[0] if len(cities) == 1 else City()
    fields = [
        ("主办单位", city.sponsor),
        ("承办单位", city.operator),
        ("政府网站标识码", city.site_code),
        ("ICP 备案号", city.icp_number),
        ("公安备案号", city.police_number),
        ("联系电话", city.phone),
        ("地址与邮编", city.address),
    ]
    return faces.filled(fields)
