"""For the sheet of a document: names of fonts as CSS writes them, and numbers that stay whole."""

import re
from collections.abc import Iterable

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from notices.pdf.fonts import LAST_RESORT, Chosen

register = template.Library()

# Not as long as a line, which would then leave the page.
_NUMBER = re.compile(r"([0-9A-Za-z][0-9A-Za-z.,:-]{0,28}[0-9A-Za-z])")


@register.filter
def css_name(text: str) -> SafeString:
    """Quoted; what could end the quotes is left out."""
    return mark_safe('"' + "".join(one for one in str(text) if one not in '"\\\n\r<>{};') + '"')  # noqa: S308 -- see above


@register.filter
def unbroken(text: str) -> SafeString:
    """A number or a code of the text is not parted by the end of a line (GB/T 9704-2012, 7.3.3)."""
    parts = _NUMBER.split(text)
    kept = (
        format_html('<span class="n">{}</span>', one) if place % 2 else escape(one)
        for place, one in enumerate(parts)
    )
    return mark_safe("".join(kept))  # noqa: S308 -- each part was escaped


@register.simple_tag
def stack(fonts: Iterable[Chosen], key: str) -> SafeString:
    """The family of a role, then the one that has the rarer characters."""
    family = _of(fonts, key).family
    names = dict.fromkeys((family, LAST_RESORT))
    return mark_safe(", ".join(css_name(name) for name in names))  # noqa: S308 -- names are quoted


@register.simple_tag
def weight(fonts: Iterable[Chosen], key: str) -> int:
    return _of(fonts, key).weight


def _of(fonts: Iterable[Chosen], key: str) -> Chosen:
    return next(one for one in fonts if one.role.key == key)
