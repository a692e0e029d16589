"""For the sheet of a document: numbers that stay whole."""

import re

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# Not as long as a line, which would then leave the page.
_NUMBER = re.compile(r"([0-9A-Za-z][0-9A-Za-z.,:-]{0,28}[0-9A-Za-z])")


@register.filter
def unbroken(text: str) -> SafeString:
    """A number or a code of the text is not parted by the end of a line (GB/T 9704-2012, 7.3.3)."""
    parts = _NUMBER.split(text)
    kept = (
        format_html('<span class="n">{}</span>', one) if place % 2 else escape(one)
        for place, one in enumerate(parts)
    )
    return mark_safe("".join(kept))  # noqa: S308 -- each part was escaped
