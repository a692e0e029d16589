"""Long lists, a page at a time."""

from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404


def page_or_404(rows: Any, per_page: int, asked: str) -> Page[Any]:
    """The page that an address asks for; raises Http404 that says how many there are."""
    paginator = Paginator(rows, per_page)
    try:
        return paginator.page(asked)
    except InvalidPage:
        raise Http404(f"没有第“{asked[:20]}”页，一共 {paginator.num_pages} 页。") from None
