from pathlib import Path
from typing import Any, NoReturn

from records.printing import fonts


def fetcher() -> Any:
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 -- half a second and a hundred megabytes, for who makes files only

    class Shut(URLFetcher):
        """Nothing but the office's own font files, and what comes with the document itself."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            allowed = {one.path.as_uri() for one in fonts.own()}
            return super().fetch(url, headers) if url in allowed or url.startswith("data:") else _refuse(url)

    return Shut(allowed_protocols=("file", "data"))


def _refuse(url: str) -> NoReturn:
    raise ValueError(f"a document fetches nothing: {Path(url).name}")
