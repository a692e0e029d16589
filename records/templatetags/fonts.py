"""Names and weights of fonts as the CSS of a document writes them."""

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString, mark_safe

from records.printing.fonts import LAST_RESORT, Chosen

register = template.Library()


@register.filter
def css_name(text: str) -> SafeString:
    """Quoted; what could end the quotes is left out."""
    return mark_safe('"' + "".join(one for one in str(text) if one not in '"\\\n\r<>{};') + '"')  # noqa: S308 -- see above


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
