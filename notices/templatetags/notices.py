"""For the sheet of a document: numbers that stay whole."""

import re

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# Not as long as a line, which would then leave the page; with what is counted, and a document's number with its year.
_NUMBER = re.compile(
    r"(〔[0-9]{4}〕[0-9]{1,6}号|[0-9A-Za-z](?:[0-9A-Za-z.,:-]{0,28}[0-9A-Za-z])?[家版号天次年月日]?)"
)
_IN_CELL = re.compile(r"((?:股份)?有限(?:责任)?公司|(?<=、)[^、，；]{2,6}(?![^、，；]))")


@register.filter
def unbroken(text: str) -> SafeString:
    """A number or a code of the text is not parted by the end of a line (GB/T 9704-2012, 7.3.3)."""
    return _kept(_NUMBER, text)


@register.filter
def cell(text: str) -> SafeString:
    """In a narrow cell: neither what a company is called by law nor one of several short words is parted."""
    return _kept(_IN_CELL, text)


def _kept(whole: re.Pattern[str], text: str) -> SafeString:
    parts = whole.split(text)
    kept = (
        format_html('<span class="n">{}</span>', one) if place % 2 else escape(one)
        for place, one in enumerate(parts)
    )
    return mark_safe("".join(kept))  # noqa: S308 -- each part was escaped
